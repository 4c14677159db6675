// The marks of a sample save themselves like those of a scorecard; nothing of them counts.
// Without this script the form has a button for saving.

import { Kept } from "./kept.js";
import { Sheet, showProgress } from "./saving/sheet.js";
import { unitOf } from "./scorecard/units.js";

const form = document.getElementById("sample-form");
const { person, sample } = form.dataset;
const units = new Map([...form.querySelectorAll("[data-unit]")].map((element) => [element.dataset.unit, unitOf(element, form)]));
const sheet = new Sheet(form, {
  units, kept: new Kept(`sample:${person}:${sample}:`), state: document.getElementById("sample-saved"),
  saved: (one, { done, of }) => showProgress(document.getElementById("sample-progress"), done, of),
});

document.getElementById("faults")?.focus();
form.addEventListener("change", ({ target }) => {
  const one = sheet.unitAt(target);
  if (!one || target.type === "hidden") return;
  one.keepOne(target);
  sheet.changed(one);
});
form.addEventListener("input", ({ target }) => {
  const one = target.matches("textarea") && sheet.unitAt(target);
  if (one) sheet.changed(one, 900);
});
sheet.waitAt(form);
sheet.restore();
