// The essay editor: every answer saves itself, and stays in the browser until the server has it.
// Nothing is overwritten silently: when the stored text moved on, both texts are shown.

import { countWords } from "./words.js";

const PAUSE = 1000; // after the last key
const LONGEST = 2500; // however long one goes on typing
const AGAIN = 5000; // after a failure
const form = document.getElementById("essay");
const sections = [...form.querySelectorAll("[data-answer]")];
const live = "live" in form.dataset;
const overall = document.getElementById("essay-saved");
const signedOut = document.getElementById("essay-signed-out");
const closed = document.getElementById("essay-closed");

// What the browser keeps

const store = {
  key: (id) => `essay:${form.dataset.person}:${form.dataset.entry}:${id}`,
  read(id) {
    try {
      return JSON.parse(localStorage.getItem(this.key(id)));
    } catch {
      return null;
    }
  },
  write(id, value) {
    try {
      localStorage.setItem(this.key(id), JSON.stringify(value));
    } catch {
      // A full or forbidden store: the server and the warning before leaving remain.
    }
  },
  forget(id) {
    try {
      localStorage.removeItem(this.key(id));
    } catch {
      // As above.
    }
  },
};

const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
const sameText = (one, other) => one.replaceAll("\r\n", "\n") === other.replaceAll("\r\n", "\n");
const stripped = (text) => (text.trim() ? text : "");

class Answer {
  constructor(section) {
    this.section = section;
    this.id = section.dataset.answer;
    this.field = section.querySelector("[name^='answer-']");
    this.base = section.querySelector("[data-base]");
    this.mark = section.querySelector(".autosave");
    this.problem = section.querySelector("[data-problem]");
    this.place = section.querySelector("[data-conflict-place]");
    this.restored = section.querySelector("[data-restored]");
    this.isYear = section.dataset.kind === "year";
    // A text that was refused stands in the field, but is not what the server has.
    this.stored = "refused" in section.dataset ? null : this.field.defaultValue;
    this.version = Number(this.base.value);
    this.tried = null;
    this.sent = new Set();
    this.since = 0;
    this.timer = 0;
    this.sending = null;
    this.conflict = false;
    this.state = this.mark?.dataset.state ?? "idle";
  }

  get text() {
    return this.field.value;
  }

  get dirty() {
    return this.stored === null || !sameText(stripped(this.text), this.stored);
  }

  keep() {
    store.write(this.id, { text: this.text, base: this.version, sent: [...this.sent].at(-1) });
  }

  show(state, at) {
    this.state = state;
    if (this.mark) {
      this.mark.dataset.state = state;
      if (at) stamp(this.mark.querySelector("time"), at);
    }
    showOverall(at);
  }

  say(message) {
    this.problem.textContent = message;
    this.field.classList.toggle("is-invalid", Boolean(message));
  }

  // What the page shows as one types

  look() {
    const words = countWords(this.text);
    const counter = this.section.querySelector(".wordcount");
    const { min, max } = this.section.dataset;
    const range = min && words < min ? "under" : max && words > max ? "over" : "ok";
    if (counter) {
      counter.querySelector("[data-count]").textContent = words;
      counter.dataset.state = range;
    }
    const blank = !this.text.trim();
    const wrong = this.isYear ? Boolean(this.problem.textContent) : range !== "ok";
    const state = blank ? ("required" in this.section.dataset ? "todo" : "optional") : wrong ? "started" : "done";
    const link = document.querySelector(`[data-for="${this.id}"]`);
    if (link) link.dataset.state = state;
    showProgress();
  }

  typed() {
    this.look();
    if (!live) return;
    this.keep();
    this.restored.hidden = true;
    if (this.conflict) return;
    this.show("idle");
    this.schedule();
  }

  schedule(delay = PAUSE) {
    clearTimeout(this.timer);
    if (this.isYear && this.text.trim().length < 4 && document.activeElement === this.field) return;
    this.since ||= Date.now();
    const left = Math.max(0, LONGEST - (Date.now() - this.since));
    this.timer = setTimeout(() => this.save(), Math.min(delay, left));
  }

  // Saving: one request at a time

  async save({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.sending && !keepalive) {
      await this.sending;
      if (!this.dirty || this.text === this.tried) return;
    }
    if (!live || this.conflict || isClosed()) return;
    if (!this.dirty) {
      store.forget(this.id);
      return;
    }
    this.sending = this.send(this.text, keepalive);
    await this.sending;
    this.sending = null;
  }

  async send(text, keepalive) {
    this.since = 0;
    this.tried = text;
    this.sent.add(text);
    this.keep();
    this.show("saving");
    let response;
    try {
      response = await fetch(this.section.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
        body: JSON.stringify({ text, base_version: this.version }),
        redirect: "manual",
        keepalive,
      });
    } catch {
      this.show("offline");
      this.tryAgain();
      return;
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      signedOut.hidden = false;
      this.show("failed");
      return;
    }
    const answer = await response.json().catch(() => ({}));
    signedOut.hidden = true;
    if (response.ok && answer.state === "saved") this.saved(text, answer);
    else if (answer.state === "conflict") this.ask(answer.stored);
    else if (answer.state === "closed") this.tooLate(answer.message);
    else if (answer.state === "refused") this.refuse(answer.message);
    else {
      this.show("failed");
      this.tryAgain();
    }
  }

  saved(text, answer) {
    this.stored = answer.text;
    this.version = answer.version;
    this.base.value = answer.version;
    this.say(this.isYear ? answer.problem : "");
    this.show("saved", answer.at);
    if (this.dirty) {
      this.keep();
      this.schedule();
    } else {
      store.forget(this.id);
    }
    this.look();
  }

  refuse(message) {
    this.say(message);
    this.show("refused");
    this.look();
  }

  tooLate(message) {
    closed.querySelector("[data-message]").textContent = message;
    closed.hidden = false;
    this.show("refused");
  }

  tryAgain() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), AGAIN);
  }

  // Two texts for one answer

  ask(stored) {
    if ([...this.sent].some((text) => sameText(stripped(text), stored.text))) {
      // Our own save, whose answer was lost on the way: go on from it.
      this.stored = stored.text;
      this.version = stored.version;
      this.base.value = stored.version;
      this.schedule(0);
      return;
    }
    this.conflict = true;
    this.show("refused");
    const panel = document.getElementById("answer-conflict").content.cloneNode(true);
    panel.querySelector("[data-by]").textContent = stored.by;
    stamp(panel.querySelector("[data-at]"), stored.at);
    panel.querySelector("[data-theirs]").textContent = stored.text;
    panel.querySelector("[data-keep-mine]").addEventListener("click", () => this.keepMine(stored));
    panel.querySelector("[data-take-theirs]").addEventListener("click", () => this.takeTheirs(stored));
    this.place.replaceChildren(panel);
  }

  settle(stored) {
    this.conflict = false;
    this.stored = stored.text;
    this.version = stored.version;
    this.base.value = stored.version;
    this.place.replaceChildren();
    this.field.focus();
  }

  keepMine(stored) {
    this.settle(stored);
    this.keep();
    this.save();
  }

  takeTheirs(stored) {
    this.settle(stored);
    this.field.value = stored.text;
    store.forget(this.id);
    this.show("saved", stored.at);
    this.look();
  }

  // What an earlier visit left in this browser

  restore() {
    const kept = store.read(this.id);
    if (!kept || typeof kept.text !== "string") return;
    if (sameText(stripped(kept.text), this.stored)) {
      store.forget(this.id);
      return;
    }
    this.field.value = kept.text;
    this.restored.hidden = false;
    this.version = Number(kept.base) || 0;
    if (typeof kept.sent === "string") this.sent.add(kept.sent);
    this.look();
    this.save();
  }
}

function stamp(time, at) {
  if (!time || !at) return;
  time.dateTime = at;
  time.textContent = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

const answers = sections.map((section) => new Answer(section));
const isClosed = () => !closed.hidden;
const unsaved = () => answers.filter((answer) => answer.dirty);

function showOverall(at) {
  if (!overall) return;
  const states = new Set(answers.map((answer) => answer.state));
  const worst = ["failed", "offline", "refused", "saving"].find((state) => states.has(state));
  overall.dataset.state = worst ?? (unsaved().length ? "idle" : states.has("saved") ? "saved" : "idle");
  if (at) stamp(overall.querySelector("time"), at);
}

function showProgress() {
  const box = document.querySelector("[data-essay-progress]");
  if (!box) return;
  const required = answers.filter((answer) => "required" in answer.section.dataset);
  const asked = required.length ? required : answers;
  const answered = asked.filter((answer) => answer.text.trim()).length;
  const words = box.dataset.text.replace("{answered}", answered).replace("{asked}", asked.length);
  box.querySelector(".meter__text").textContent = words;
  const bar = box.querySelector("progress");
  bar.value = answered;
  bar.setAttribute("aria-label", words);
  box.querySelector(".meter").classList.toggle("is-full", answered === asked.length);
}

const saveAll = (options) => Promise.all(unsaved().map((answer) => answer.save(options)));

async function sendForm(event) {
  event.preventDefault();
  const onward = event.submitter?.dataset.onward;
  await saveAll();
  const [first] = unsaved();
  if (first) first.field.focus();
  else if (onward) window.location.assign(onward);
}

for (const answer of answers) {
  answer.look();
  answer.field.addEventListener("input", () => answer.typed());
  answer.field.addEventListener("change", () => live && answer.dirty && answer.save());
}

if (live) {
  for (const answer of answers) {
    const shown = answer.place.querySelector("[data-conflict]");
    if (shown) {
      const theirs = { text: shown.querySelector("[data-theirs]").textContent, version: answer.version };
      theirs.by = shown.querySelector("[data-by]").textContent;
      theirs.at = shown.querySelector("[data-at]").dateTime;
      answer.ask(theirs);
    } else if (answer.stored !== null) {
      answer.restore();
    }
  }
  form.addEventListener("submit", sendForm);
  showOverall();
  window.addEventListener("online", () => saveAll());
  window.addEventListener("focus", () => saveAll());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveAll({ keepalive: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved().length) event.preventDefault();
  });
}

// The question one is at, in the list of contents

if ("IntersectionObserver" in window) {
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      document.querySelector(`[data-for="${target.dataset.answer}"]`)?.toggleAttribute("data-here", isIntersecting);
    }
  }, { rootMargin: "-30% 0px -55% 0px" });
  sections.forEach((section) => seen.observe(section));
}
