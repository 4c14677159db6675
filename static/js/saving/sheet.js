// A form of units that save themselves: each by itself, in turn, and never over somebody else's change.
// Changes that are not stored yet are kept on the device and come back with the next visit.

import { leaveAfter, showState, toast } from "./post.js";
import { Queue } from "./queue.js";

// A unit has key, url, element, versionField, read() -> fields, write(fields), say(fields) and isSame(sent, stored).
export class Sheet {
  // `state` is the line that says how saving goes; `saved(one, answer, sent)` and `changed(one)` are what the page adds.
  constructor(form, { units, kept, state, clock, saved = () => {}, changed = () => {} }) {
    Object.assign(this, { form, units, kept, state, words: form.dataset, added: { saved, changed } });
    this.leaving = false;
    form.querySelector("[data-plain-save]")?.remove();
    this.queue = new Queue({
      kept, form, clock, state: (name, waiting) => this.show(name, waiting),
      signedOut: (yes) => { form.querySelector("[data-signed-out]").hidden = !yes; },
    });
    for (const one of units.values()) this.asJob(one);
    form.addEventListener("click", (event) => this.settle(event));
    window.addEventListener("online", () => this.goOn());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.goOn());
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.size && !this.leaving) event.preventDefault();
    });
  }

  // Each unit is a job of the queue.
  asJob(one) {
    one.version = () => one.versionField.value;
    one.saved = (answer, sent) => {
      one.versionField.value = answer.version;
      this.added.saved(one, answer, sent);
    };
    one.adopt = (stored) => {
      const ours = one.sent?.slice(0, -1).some((sent) => one.isSame(sent, stored));
      if (ours) one.versionField.value = stored.version;
      return ours;
    };
    one.refused = (answer, status) => {
      if (answer.stored) {
        this.ask(one, answer.stored, this.words.textClash);
        return;
      }
      this.complain(one, answer.message ?? (status === 404 ? this.words.textGone : this.words.textRefused));
      this.show("refused");
    };
  }

  unitAt(target) {
    return this.units.get(target.closest("[data-unit]")?.dataset.unit);
  }

  show(name, waiting) {
    showState(this.state, name, waiting);
  }

  complain(one, message) {
    const place = one.element.querySelector("[data-fault]");
    if (place) {
      place.textContent = message;
      place.hidden = !message;
      one.element.classList.toggle("has-fault", Boolean(message));
    } else if (message) {
      toast(message);
    }
  }

  changed(one, delay = 0) {
    if (one.stored) return;
    this.complain(one, "");
    this.added.changed(one);
    this.queue.add(one, delay);
  }

  // Two values stand against each other: the judge chooses.
  ask(one, stored, text) {
    one.stored = stored;
    const box = one.element.querySelector("[data-clash]");
    box.querySelector("[data-clash-text]").textContent = text.replace("{text}", one.say(stored));
    box.hidden = false;
    this.show("refused");
  }

  settle({ target }) {
    const keep = target.closest("[data-keep-mine]");
    const take = target.closest("[data-take-other]");
    if (!keep && !take) return;
    const one = this.unitAt(target);
    one.versionField.value = one.stored.version;
    if (take) one.write(one.stored);
    one.stored = null;
    one.element.querySelector("[data-clash]").hidden = true;
    this.changed(one);
  }

  goOn() {
    if (this.queue.size) this.queue.run();
  }

  // A form that leaves the page waits for what is on its way; `before` fills in what it takes along.
  waitAt(form, before = () => {}) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      before();
      if (this.queue.size || this.queue.running) leaveAfter(event, this.queue.run(), () => !this.queue.size);
      else this.leaving = true;
    });
  }

  // What an earlier visit could not store comes back, in the order it was given; an old version of it is then
  // refused, and shown.
  restore() {
    const records = [...this.units.values()].map((one) => [one, this.kept.read(one.key)]).filter(([, record]) => record?.fields);
    for (const [one, { fields, version, sent, at, revision }] of records.sort((a, b) => a[1].at - b[1].at)) {
      if (JSON.stringify(fields) === JSON.stringify(one.read())) {
        this.kept.forget(one.key);
        continue;
      }
      if (revision && revision !== this.queue.revision) {
        // Given to words that have been replaced: nothing is sent before the judge says so.
        this.ask(one, { ...one.read(), version: one.versionField.value }, this.words.textOlder);
        one.write(fields);
        continue;
      }
      one.write(fields);
      one.versionField.value = version;
      one.sent = sent ?? undefined;
      one.at = at;
      this.changed(one);
    }
  }
}

export function showProgress(meter, done, of) {
  meter.querySelector("[data-progress-value]").textContent = done;
  meter.querySelector("progress").value = done;
  meter.classList.toggle("is-full", done === of);
}
