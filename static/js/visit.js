// The check list of a visit saves itself, line by line; what has no network yet is kept on the device.
// Without this script the form has a button for saving.

import { Kept } from "./kept.js";
import { toast } from "./saving/post.js";
import { Sheet, showProgress } from "./saving/sheet.js";

const PARTS = ["value", "figure", "comment"];

document.getElementById("faults")?.focus();

// A photo cannot wait on the device: say so instead of losing it on an error page.
document.getElementById("finding-form")?.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  toast(document.body.dataset.textOffline);
}, { capture: true });

class CheckLine {
  constructor(element) {
    this.element = element;
    this.key = element.dataset.unit;
    this.url = element.dataset.url;
    this.choices = [...element.querySelectorAll(`[name="value-${this.key}"]`)];
    this.figure = this.field("figure");
    this.comment = this.field("comment");
    this.versionField = this.field("version");
  }

  field(name) {
    return this.element.querySelector(`[name="${name}-${this.key}"]`);
  }

  read() {
    return { value: this.choices.find((one) => one.checked)?.value ?? "", figure: this.figure?.value ?? "", comment: this.comment.value };
  }

  write(said) {
    for (const one of this.choices) one.checked = one.value === said.value;
    if (this.figure) this.figure.value = said.figure;
    this.comment.value = said.comment;
    if (said.comment) this.comment.closest("details").open = true;
  }

  // The server says its own answer in words.
  say({ words }) {
    return words;
  }

  isSame(sent, stored) {
    return PARTS.every((name) => sent[name] === stored[name]);
  }

  // A figure and “could not be checked” exclude each other.
  keepOne(target) {
    if (!this.figure) return;
    if (target.type === "radio") this.figure.value = "";
    else if (target === this.figure && target.value) this.choices.forEach((one) => { one.checked = false; });
  }
}

function start(list) {
  const { person, visit } = list.dataset;
  const units = new Map([...list.querySelectorAll("[data-unit]")].map((element) => [element.dataset.unit, new CheckLine(element)]));
  const sheet = new Sheet(list, {
    units, kept: new Kept(`visit:${person}:${visit}:`), state: document.getElementById("visit-saved"),
    saved: (one, { done }) => showProgress(document.getElementById("visit-progress"), done, units.size),
  });

  list.addEventListener("change", ({ target }) => {
    const one = sheet.unitAt(target);
    if (!one || target.type === "hidden") return;
    one.keepOne(target);
    sheet.changed(one);
  });
  list.addEventListener("input", ({ target }) => {
    const one = target.matches("textarea, [name^='figure-']") && sheet.unitAt(target);
    if (one) sheet.changed(one, 900);
  });
  list.addEventListener("submit", (event) => event.preventDefault());
  for (const other of document.querySelectorAll("#finding-form, #done-form")) sheet.waitAt(other);
  sheet.restore();
}

const form = document.getElementById("visit-form");
if (form) start(form);
