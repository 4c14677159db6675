// A scorecard saves itself: each criterion by itself, in turn, and never over somebody else's change.
// Without this script the form has a button for saving. Changes that are not stored yet are kept on the device.

import { Kept } from "./kept.js";
import { Clock } from "./scorecard/clock.js";
import { sendElsewhere } from "./scorecard/elsewhere.js";
import { useKeys } from "./scorecard/keys.js";
import { useQuotes } from "./scorecard/quotes.js";
import { showQuotes } from "./scorecard/places.js";
import { unitOf } from "./scorecard/units.js";
import { tokenOf } from "./saving/post.js";
import { Sheet, showProgress } from "./saving/sheet.js";

const form = document.querySelector("[data-scorecard]");
const forgotten = document.querySelector("[data-forget]");
if (forgotten) {
  const { person, forget } = forgotten.dataset;
  new Kept(`scorecard:${person}:${forget}:`).forgetAll();
  new Kept(`spent:${person}:`).forget(forget);
}
document.getElementById("faults")?.focus();
showQuotes();
if (form) start(form);

function start(card) {
  const words = card.dataset;
  const kept = new Kept(`scorecard:${words.person}:${words.scorecard}:`);
  const said = card.querySelector("[data-said]");
  const spent = card.querySelector("[data-spent]");
  const units = new Map([...card.querySelectorAll("[data-unit]")].map((element) => [element.dataset.unit, unitOf(element, card)]));
  const clock = new Clock(new Kept(`spent:${words.person}:`), words.scorecard, Number(words.seconds), (seconds) => {
    spent.textContent = Math.round(seconds / 60);
  });
  const complain = (one, message) => sheet.complain(one, message);
  const askWhy = (one) => one.askWhy(words.textWhy, complain);
  const sheet = new Sheet(card, {
    units, kept, clock, state: document.getElementById("score-saved"), changed: askWhy,
    saved(one, { total, done, of }, sent) {
      if (one.element.dataset.answered) one.element.dataset.answered = sent.value || sent.abstained ? "yes" : "no";
      if (of === undefined) return;
      const points = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
      card.querySelector("[data-total]").textContent = total === null ? "" : points.format(total);
      showProgress(document.getElementById("score-progress"), done, of);
    },
  });
  for (const one of units.values()) askWhy(one);

  card.addEventListener("change", ({ target }) => {
    const one = sheet.unitAt(target);
    if (!one || target.type === "hidden" || target.name.startsWith("quote-")) return;
    one.keepOne?.(target);
    sheet.changed(one);
  });
  card.addEventListener("input", ({ target }) => {
    const one = target.matches("textarea:not([name^='quote-'])") && sheet.unitAt(target);
    if (one) sheet.changed(one, 900);
  });

  const { queue } = sheet;
  const quotes = useQuotes({ sheet: card, queue, kept, words });
  const changed = (one, delay) => sheet.changed(one, delay);
  useKeys({ sheet: card, units, said, words, quotes, changed, kept: new Kept(`keys:${words.person}:`) });

  sheet.waitAt(card, () => {
    card.elements.seconds.value = clock.pending;
  });
  sheet.restore();
  quotes.restore();
  sendElsewhere(words.person, words.scorecard, () => tokenOf(card));
}
