// A scorecard saves itself: each criterion by itself, in turn, and never over somebody else's change.
// Without this script the form has a button for saving. Changes that are not stored yet are kept on the device.

import { Kept } from "./kept.js";
import { Clock } from "./scorecard/clock.js";
import { sendElsewhere } from "./scorecard/elsewhere.js";
import { useKeys } from "./scorecard/keys.js";
import { Queue } from "./scorecard/queue.js";
import { useQuotes } from "./scorecard/quotes.js";
import { showQuotes } from "./scorecard/places.js";
import { unitOf } from "./scorecard/units.js";

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

function start(sheet) {
  const words = sheet.dataset;
  const kept = new Kept(`scorecard:${words.person}:${words.scorecard}:`);
  const state = document.getElementById("score-saved");
  const said = sheet.querySelector("[data-said]");
  const spent = sheet.querySelector("[data-spent]");
  const units = new Map([...sheet.querySelectorAll("[data-unit]")].map((element) => [element.dataset.unit, unitOf(element, sheet)]));
  let leaving = false;

  sheet.querySelector("[data-plain-save]")?.remove();

  const clock = new Clock(new Kept(`spent:${words.person}:`), words.scorecard, Number(words.seconds), (seconds) => {
    spent.textContent = Math.round(seconds / 60);
  });
  const queue = new Queue({
    kept, form: sheet, clock, state: show,
    signedOut: (yes) => { sheet.querySelector("[data-signed-out]").hidden = !yes; },
  });

  function show(name, waiting) {
    state.dataset.state = name;
    if (waiting !== undefined) state.querySelector("[data-waiting]").textContent = waiting;
    if (name === "saved") {
      const time = state.querySelector("time");
      const now = new Date();
      time.dateTime = now.toISOString();
      time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(now);
    }
  }

  function complain(one, message) {
    const place = one.element.querySelector("[data-fault]");
    if (place) {
      place.textContent = message;
      place.hidden = !message;
      one.element.classList.toggle("has-fault", Boolean(message));
    } else if (message) {
      document.dispatchEvent(new CustomEvent("portal:toast", { detail: { message, kind: "danger" } }));
    }
  }

  // Two values stand against each other: the judge chooses.
  function ask(one, stored, text) {
    one.stored = stored;
    const box = one.element.querySelector("[data-clash]");
    box.querySelector("[data-clash-text]").textContent = text.replace("{text}", one.say(stored));
    box.hidden = false;
    show("asked");
  }

  function showProgress({ total, done, of }) {
    if (of === undefined) return;
    const points = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    sheet.querySelector("[data-total]").textContent = total === null ? "" : points.format(total);
    const meter = document.getElementById("score-progress");
    meter.querySelector("[data-progress-value]").textContent = done;
    meter.querySelector("progress").value = done;
    meter.classList.toggle("is-full", done === of);
  }

  // Each unit is a job of the queue.
  for (const one of units.values()) {
    one.version = () => one.versionField.value;
    one.saved = (answer, sent) => {
      one.versionField.value = answer.version;
      if (one.element.dataset.answered) one.element.dataset.answered = sent.value || sent.abstained ? "yes" : "no";
      showProgress(answer);
    };
    one.adopt = (stored) => {
      const ours = one.sent?.slice(0, -1).some((sent) => one.isSame(sent, stored));
      if (ours) one.versionField.value = stored.version;
      return ours;
    };
    one.refused = (answer, status) => {
      if (answer.stored) {
        ask(one, answer.stored, words.textClash);
        return;
      }
      complain(one, answer.message ?? (status === 404 ? words.textGone : words.textRefused));
      show("refused");
    };
    one.askWhy(words.textWhy, complain);
  }

  function changed(one, delay = 0) {
    if (one.stored) return;
    complain(one, "");
    one.askWhy(words.textWhy, complain);
    queue.add(one, delay);
  }

  const unitAt = (target) => units.get(target.closest("[data-unit]")?.dataset.unit);

  sheet.addEventListener("change", ({ target }) => {
    const one = unitAt(target);
    if (!one || target.type === "hidden" || target.name.startsWith("quote-")) return;
    if (target.type === "number") one.element.querySelector("input[type=checkbox]").checked = false;
    if (target.type === "checkbox" && target.checked) one.element.querySelector("input[type=number]").value = "";
    changed(one);
  });
  sheet.addEventListener("input", ({ target }) => {
    const one = target.matches("textarea:not([name^='quote-'])") && unitAt(target);
    if (one) changed(one, 900);
  });
  sheet.addEventListener("click", ({ target }) => {
    const keep = target.closest("[data-keep-mine]");
    const take = target.closest("[data-take-other]");
    if (!keep && !take) return;
    const one = unitAt(target);
    one.versionField.value = one.stored.version;
    if (take) one.write(one.stored);
    one.stored = null;
    one.element.querySelector("[data-clash]").hidden = true;
    changed(one);
  });

  const quotes = useQuotes({ sheet, queue, kept, words });
  useKeys({ sheet, units, said, words, quotes, changed, kept: new Kept(`keys:${words.person}:`) });

  sheet.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    sheet.elements.seconds.value = clock.pending;
    if (!queue.size && !queue.running) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    await queue.run();
    if (queue.size) return;
    sheet.dataset.confirmed = "yes";
    sheet.requestSubmit(submitter);
    delete sheet.dataset.confirmed;
  });

  window.addEventListener("online", () => queue.size && queue.run());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && queue.size && queue.run());
  window.addEventListener("beforeunload", (event) => {
    if (queue.size && !leaving) event.preventDefault();
  });

  // What an earlier visit could not store comes back, in the order it was given; an old version of it is then
  // refused, and shown.
  const records = [...units.values()].map((one) => [one, kept.read(one.key)]).filter(([, record]) => record?.fields);
  for (const [one, { fields, version, sent, at, revision }] of records.sort((a, b) => a[1].at - b[1].at)) {
    if (JSON.stringify(fields) === JSON.stringify(one.read())) {
      kept.forget(one.key);
      continue;
    }
    if (revision && revision !== sheet.elements.revision.value) {
      // Given to words that have been replaced: nothing is sent before the judge says so.
      ask(one, { ...one.read(), version: one.versionField.value }, words.textOlder);
      one.write(fields);
      continue;
    }
    one.write(fields);
    one.versionField.value = version;
    one.sent = sent ?? undefined;
    one.at = at;
    changed(one);
  }
  quotes.restore();
  sendElsewhere(words.person, words.scorecard, () => queue.token());
}
