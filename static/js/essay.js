// The essay editor: every answer saves itself, and stays in the browser until the server has it.
// Nothing is overwritten silently: when the stored text moved on, both texts are shown.

import { Conditions } from "./essay/conditions.js";
import { inputsOf } from "./essay/inputs.js";
import { Kept } from "./kept.js";
import { AGAIN, stamp, tokenOf } from "./saving/post.js";
import { countWords } from "./words.js";

const PAUSE = 1000; // after the last key
const LONGEST = 2500; // however long one goes on typing
const form = document.getElementById("essay");
const sections = [...form.querySelectorAll("[data-answer]")];
const live = "live" in form.dataset;
const overall = document.getElementById("essay-saved");
const signedOut = document.getElementById("essay-signed-out");
const closed = document.getElementById("essay-closed");

const store = new Kept(`essay:${form.dataset.person}:${form.dataset.entry}:`);
const sameText = (one, other) => one.replaceAll("\r\n", "\n") === other.replaceAll("\r\n", "\n");
const stripped = (text) => (text.trim() ? text : "");

class Answer {
  constructor(section) {
    this.section = section;
    this.id = section.dataset.answer;
    this.inputs = inputsOf(section);
    this.base = section.querySelector("[data-base]");
    this.mark = section.querySelector(".autosave");
    this.problem = section.querySelector("[data-problem]");
    this.place = section.querySelector("[data-conflict-place]");
    this.restored = section.querySelector("[data-restored]");
    this.renewed = section.querySelector("[data-renewed]");
    this.isText = section.dataset.kind === "text";
    this.isYear = section.dataset.kind === "year";
    // A text that was refused stands in the inputs, but is not what the server has.
    this.stored = "refused" in section.dataset ? null : this.inputs.initial();
    this.accepted = null; // what was sent last and taken: the server may keep it in another form
    this.held = ""; // what is wrong with it, said when one leaves the inputs
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
    return this.inputs.read();
  }

  get dirty() {
    if (this.stored === null) return true;
    return this.text !== this.accepted && !sameText(stripped(this.text), this.stored);
  }

  get isHere() {
    return this.section.contains(document.activeElement);
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
    this.held = "";
    this.problem.textContent = message;
    this.inputs.mark(Boolean(message));
  }

  left() {
    if (this.held) this.say(this.held);
    this.look();
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
    const wrong = this.isText ? range !== "ok" : Boolean(this.problem.textContent);
    const state = blank ? ("required" in this.section.dataset ? "todo" : "optional") : wrong ? "started" : "done";
    const link = document.querySelector(`[data-for="${this.id}"]`);
    if (link) link.dataset.state = state;
    conditions?.apply();
    showProgress();
  }

  typed() {
    this.look();
    if (!live) return;
    this.keep();
    this.restored.hidden = true;
    this.renewed.hidden = true;
    if (this.conflict) return;
    this.show("idle");
    this.schedule();
  }

  schedule(delay = PAUSE) {
    clearTimeout(this.timer);
    if (this.isYear && this.text.trim().length < 4 && this.isHere) return;
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
        headers: { "Content-Type": "application/json", "X-CSRFToken": tokenOf(form), Accept: "application/json" },
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
    this.accepted = text;
    this.version = answer.version;
    this.base.value = answer.version;
    const problem = this.isText ? "" : answer.problem;
    if (problem && this.isHere) this.held = problem;
    else this.say(problem);
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
    panel.querySelector("[data-theirs]").textContent = stored.shown ?? stored.text;
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
    this.inputs.focus();
  }

  keepMine(stored) {
    this.settle(stored);
    this.keep();
    this.save();
  }

  takeTheirs(stored) {
    this.settle(stored);
    this.inputs.write(stored.text);
    store.forget(this.id);
    this.show("saved", stored.at);
    this.look();
  }

  // Somebody else saved it, and nothing is typed here: their text comes in by itself

  async renew() {
    const response = await fetch(this.section.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
    const stored = response?.ok ? await response.json().catch(() => null) : null;
    if (!stored || this.dirty || this.sending || this.conflict || stored.version <= this.version) return;
    this.stored = stored.text;
    this.accepted = null;
    this.version = stored.version;
    this.base.value = stored.version;
    this.inputs.write(stored.text);
    const words = this.renewed.querySelector("[data-text]");
    words.textContent = words.dataset.text.replace("{name}", stored.by);
    this.renewed.hidden = false;
    this.show("saved", stored.at);
    this.say(this.isText ? "" : stored.problem);
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
    this.inputs.write(kept.text);
    this.restored.hidden = false;
    this.version = Number(kept.base) || 0;
    if (typeof kept.sent === "string") this.sent.add(kept.sent);
    this.look();
    this.save();
  }
}

const typed = sections.filter((section) => section.dataset.kind !== "file");
const answers = typed.map((section) => new Answer(section));
const byId = new Map(answers.map((answer) => [answer.id, answer]));
const conditions = new Conditions(sections, (id) => byId.get(id)?.text ?? "");
const isClosed = () => !closed.hidden;
const unsaved = () => answers.filter((answer) => answer.dirty);

function showOverall(at) {
  if (!overall) return;
  const states = new Set(answers.map((answer) => answer.state));
  const worst = ["failed", "offline", "refused", "saving"].find((state) => states.has(state));
  overall.dataset.state = worst ?? (unsaved().length ? "idle" : states.has("saved") ? "saved" : "idle");
  if (at) stamp(overall.querySelector("time"), at);
}

function isFilled(section) {
  const answer = byId.get(section.dataset.answer);
  return answer ? answer.text.trim() !== "" : section.querySelector(".files__item") !== null;
}

function showProgress() {
  const box = document.querySelector("[data-essay-progress]");
  if (!box) return;
  const open = sections.filter((section) => !section.hidden);
  const required = open.filter((section) => "required" in section.dataset);
  const asked = required.length ? required : open;
  const answered = asked.filter(isFilled).length;
  const words = box.dataset.text.replace("{answered}", answered).replace("{asked}", asked.length);
  box.querySelector(".meter__text").textContent = words;
  const bar = box.querySelector("progress");
  bar.max = asked.length;
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
  if (first) first.inputs.focus();
  else if (onward) window.location.assign(onward);
}

for (const answer of answers) {
  answer.look();
  answer.section.addEventListener("input", (event) => event.target.matches("[name^='answer-']") && answer.typed());
  answer.section.addEventListener("change", (event) => {
    if (event.target.matches("[name^='answer-']") && live && answer.dirty) answer.save();
  });
  answer.section.addEventListener("focusout", (event) => {
    if (!answer.section.contains(event.relatedTarget)) answer.left();
  });
  offerClearing(answer);
}

// Files of a question came or went
document.addEventListener("portal:files", ({ target, detail }) => {
  const section = target.closest("[data-answer]");
  if (!section) return;
  const link = document.querySelector(`[data-for="${section.dataset.answer}"]`);
  if (link) link.dataset.state = detail.state;
  const answer = byId.get(section.dataset.answer);
  answer?.say(detail.problem);
  answer?.look();
  showProgress();
});

// A choice that is not required can be taken back
function offerClearing(answer) {
  const button = answer.section.querySelector("[data-clear]");
  if (!button || !live) return;
  const offer = () => {
    button.hidden = answer.text === "";
  };
  button.addEventListener("click", () => {
    answer.inputs.write("");
    answer.typed();
    offer();
  });
  answer.section.addEventListener("change", offer);
  offer();
}

if (live) {
  for (const answer of answers) {
    const shown = answer.place.querySelector("[data-conflict]");
    if (shown) {
      const theirs = { text: shown.querySelector("[data-theirs]").dataset.text, version: answer.version };
      theirs.shown = shown.querySelector("[data-theirs]").textContent;
      theirs.by = shown.querySelector("[data-by]").textContent;
      theirs.at = shown.querySelector("[data-at]").dateTime;
      answer.ask(theirs);
    } else if (answer.stored !== null) {
      answer.restore();
    }
  }
  document.addEventListener("entry:pulse", ({ detail }) => {
    for (const answer of answers) {
      if (detail.versions?.[answer.id] > answer.version && !answer.dirty) answer.renew();
    }
  });
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
