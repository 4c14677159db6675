// What the browser keeps of an answer until the server has it.

export class Store {
  constructor(person, entry) {
    this.prefix = `essay:${person}:${entry}:`;
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
      // A full or forbidden store: the server and the warning before leaving remain.
    }
  }

  forget(id) {
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      // As above.
    }
  }
}
