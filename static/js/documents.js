// The documents of an entry: what is typed saves itself, and stays in the browser until the server has it.
// Without this script the form saves all of them at once.

import { Kept } from "./kept.js";
import { AGAIN, showState, tokenOf } from "./saving/post.js";

const PAUSE = 1000; // after the last key
const form = document.getElementById("documents");
const live = form && "live" in form.dataset;
const store = new Kept(live ? `document:${form.dataset.person}:${form.dataset.entry}:` : "");

class Card {
  constructor(section) {
    this.id = section.dataset.document;
    this.inputs = [...section.querySelectorAll(".document__fields input:not([type=hidden])")];
    this.base = section.querySelector("input[name$='-base']");
    this.mark = section.querySelector(".autosave");
    this.problem = section.querySelector("[data-problem]");
    this.stored = section.querySelector("[data-stored]");
    this.conflict = "refused" in section.dataset;
    this.saved = this.conflict ? null : this.text;
  }

  get text() {
    return JSON.stringify(this.inputs.map((input) => input.value));
  }

  get dirty() {
    return this.text !== this.saved;
  }

  keep() {
    if (this.dirty) store.write(this.id, { base: this.base.value, text: this.text });
    else store.forget(this.id);
  }

  // What had not reached the server is put back; if the stored text moved on, the server will say so.
  restore() {
    const kept = store.read(this.id);
    if (!kept || this.conflict || kept.text === this.text) return;
    JSON.parse(kept.text).forEach((value, at) => {
      if (this.inputs[at]) this.inputs[at].value = value;
    });
    this.base.value = kept.base;
  }

  show(state) {
    showState(this.mark, state);
  }

  told(answer, sent) {
    this.problem.hidden = answer.errors.length === 0;
    this.problem.textContent = answer.errors.join(" ");
    this.stored.hidden = !answer.conflict;
    this.stored.querySelector("strong").textContent = answer.stored;
    if (answer.base) this.base.value = answer.base;
    this.conflict = answer.conflict;
    if (answer.errors.length === 0) this.saved = sent;
    this.keep();
    this.show(answer.errors.length ? "refused" : this.dirty ? "saving" : "saved");
  }
}

const cards = live ? [...form.querySelectorAll("[data-document]")].map((one) => new Card(one)) : [];
let timer = 0;
let sending = false;

// One that waits for a decision is saved by the button alone.
const waiting = () => cards.filter((card) => card.dirty && !card.conflict);

function later(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

async function send() {
  const now = waiting();
  if (sending || now.length === 0) return;
  sending = true;
  const sent = new Map(now.map((card) => [card, card.text]));
  const body = new FormData();
  body.set("csrfmiddlewaretoken", tokenOf(form));
  for (const card of cards) {
    // The others go as they are stored, so that only what was typed here is written.
    const values = sent.has(card) ? card.inputs.map((input) => input.value) : JSON.parse(card.saved ?? card.text);
    card.inputs.forEach((input, at) => body.set(input.name, values[at]));
    body.set(card.base.name, card.base.value);
  }
  now.forEach((card) => card.show("saving"));
  let again = false;
  try {
    const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": tokenOf(form) } });
    const told = answer.type === "opaqueredirect" ? null : await answer.json();
    if (told?.closed) {
      now.forEach((card) => card.told({ errors: [told.closed], base: "", conflict: false, stored: "" }, ""));
    } else if (told?.cards) {
      now.forEach((card) => card.told(told.cards[card.id], sent.get(card)));
      again = waiting().some((card) => card.text !== sent.get(card));
    } else {
      now.forEach((card) => card.show("failed"));
    }
  } catch {
    now.forEach((card) => card.show(navigator.onLine ? "failed" : "offline"));
    setTimeout(send, AGAIN);
  } finally {
    sending = false;
  }
  if (again) later();
}

if (live) {
  for (const card of cards) {
    card.restore();
    card.inputs.forEach((input) =>
      input.addEventListener("input", () => {
        card.keep();
        later();
      }),
    );
  }
  addEventListener("online", () => later(0));
  form.addEventListener("submit", () => clearTimeout(timer));
  if (waiting().length) later(0);
}
