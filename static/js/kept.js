// What the browser keeps of somebody's work until the server has it; keys carry the person, so that
// two people on one device never see each other's.

export class Kept {
  constructor(prefix) {
    this.prefix = prefix;
  }

  read(id) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + id));
    } catch {
      return null;
    }
  }

  write(id, value) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify(value));
    } catch {
      // A full or forbidden store: the page itself and the warning before leaving remain.
    }
  }

  forget(id) {
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      // As above.
    }
  }

  ids() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(this.prefix)).map((name) => name.slice(this.prefix.length));
    } catch {
      return [];
    }
  }

  forgetAll() {
    this.ids().forEach((id) => this.forget(id));
  }
}
