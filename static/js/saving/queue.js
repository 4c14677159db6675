// Changes on their way to the server: one at a time, oldest first, kept on the device until it has them.

import { AGAIN, post, tokenOf } from "./post.js";

const NO_CLOCK = { pending: 0, counted() {} };

export class Queue {
  // `state(name, waiting)` shows how saving goes; `signedOut(bool)` that the session ended; `clock` counts seconds at work.
  constructor({ kept, form, state, signedOut, clock = NO_CLOCK }) {
    Object.assign(this, { kept, form, clock, state, signedOut });
    this.waiting = new Map();
    this.running = null;
    this.later = null;
  }

  get size() {
    return this.waiting.size;
  }

  // A job has key, url, read() -> fields, version() -> its version or nothing, saved(said, sent), refused(said, status, sent);
  // `name` and say(fields) tell in words what it is about, should another page have to.
  add(job, delay = 0) {
    job.serial = (job.serial ?? 0) + 1;
    job.at ??= Date.now();
    this.keep(job);
    this.waiting.set(job.key, job);
    clearTimeout(job.timer);
    job.timer = setTimeout(() => this.run(), delay);
  }

  keep(job) {
    const fields = job.read();
    this.kept.write(job.key, {
      url: job.url, fields, version: job.version?.() ?? null, sent: job.sent ?? null, at: job.at,
      revision: this.revision, entry: this.form.dataset.entry, page: location.pathname,
      name: job.name, said: job.say?.(fields),
    });
  }

  drop(job) {
    this.waiting.delete(job.key);
    this.kept.forget(job.key);
    job.at = undefined;
    job.sent = undefined;
  }

  run() {
    clearTimeout(this.later);
    this.later = null;
    this.running ??= this.sendAll().finally(() => {
      this.running = null;
      if (this.waiting.size && !this.later) this.run();
    });
    return this.running;
  }

  async sendAll() {
    while (this.waiting.size) {
      const [job] = this.waiting.values();
      if (!(await this.send(job))) return;
    }
  }

  again(name) {
    this.state(name, this.waiting.size);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.run(), AGAIN);
    return false;
  }

  // Of the words that are judged; a form that is about no words has none.
  get revision() {
    return this.form.elements.revision?.value ?? "";
  }

  async send(job) {
    const { serial } = job;
    const sent = job.read();
    const seconds = this.clock.pending;
    const body = { ...sent, seconds, revision: this.revision };
    const version = job.version?.();
    if (version !== undefined) body.version = version;
    job.sent = [...(job.sent ?? []), sent].slice(-10);
    this.keep(job);
    this.state("saving", this.waiting.size);
    const { outcome, status, said } = await post(job.url, body, tokenOf(this.form));
    if (outcome === "offline") return this.again("offline");
    this.signedOut(outcome === "signedOut");
    if (outcome === "signedOut" || outcome === "failed") return this.again("failed");
    if (outcome === "saved") {
      this.clock.counted(seconds, said.active_seconds);
      job.saved(said, sent);
      if (job.serial === serial) this.drop(job);
      else this.keep(job);
      this.state(this.waiting.size ? "saving" : "saved", this.waiting.size);
      return true;
    }
    if (said.stored && job.adopt?.(said.stored)) return true; // our own change, whose answer was lost
    this.waiting.delete(job.key);
    job.refused(said, status, sent);
    return true;
  }
}
