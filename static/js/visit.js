// The check list of a visit saves itself, line by line; what has no network yet is kept on the device.
// Without this script the form has a button for saving.

import { Kept } from "./kept.js";
import { Queue } from "./scorecard/queue.js";

document.getElementById("faults")?.focus();

const form = document.getElementById("visit-form");
if (form) start(form);

// A photo cannot wait on the device: say so instead of losing it on an error page.
document.getElementById("finding-form")?.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.dispatchEvent(new CustomEvent("portal:toast", { detail: { message: document.body.dataset.textOffline, kind: "danger" } }));
}, { capture: true });

function start(sheet) {
  const words = sheet.dataset;
  const kept = new Kept(`visit:${words.person}:${words.visit}:`);
  const state = document.getElementById("visit-saved");
  const lines = new Map([...sheet.querySelectorAll("[data-unit]")].map((element) => [element.dataset.unit, lineOf(element)]));

  sheet.querySelector("[data-plain-save]")?.remove();
  const queue = new Queue({
    kept, form: sheet, state: show,
    clock: { pending: 0, counted() {} },
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

  function lineOf(element) {
    const key = element.dataset.unit;
    const field = (name) => element.querySelector(`[name="${name}-${key}"]`);
    const chosen = () => element.querySelector(`[name="value-${key}"]:checked`);
    const versionField = field("version");
    const one = {
      key, element, url: element.dataset.url, versionField,
      read: () => ({ value: chosen()?.value ?? "", figure: field("figure")?.value ?? "", comment: field("comment").value }),
      write(said) {
        for (const radio of element.querySelectorAll(`[name="value-${key}"]`)) radio.checked = radio.value === said.value;
        if (field("figure")) field("figure").value = said.figure;
        field("comment").value = said.comment;
        if (said.comment) element.querySelector("details").open = true;
      },
      complain(message) {
        const place = element.querySelector("[data-fault]");
        place.textContent = message;
        place.hidden = !message;
        element.classList.toggle("has-fault", Boolean(message));
      },
      version: () => versionField.value,
      saved(answer) {
        versionField.value = answer.version;
        const meter = document.getElementById("visit-progress");
        meter.querySelector("[data-progress-value]").textContent = answer.done;
        meter.querySelector("progress").value = answer.done;
        meter.classList.toggle("is-full", answer.done === lines.size);
      },
      adopt(stored) {
        const ours = one.sent?.slice(0, -1).some((sent) => ["value", "figure", "comment"].every((name) => sent[name] === stored[name]));
        if (ours) versionField.value = stored.version;
        return ours;
      },
      refused(answer, status) {
        if (answer.stored) {
          one.stored = answer.stored;
          const box = element.querySelector("[data-clash]");
          box.querySelector("[data-clash-text]").textContent = words.textClash.replace("{text}", answer.stored.words);
          box.hidden = false;
        } else {
          one.complain(answer.message ?? (status === 404 ? words.textGone : words.textRefused));
        }
        show("refused");
      },
    };
    return one;
  }

  function changed(one, delay = 0) {
    if (one.stored) return;
    one.complain("");
    queue.add(one, delay);
  }

  const lineAt = (target) => lines.get(target.closest("[data-unit]")?.dataset.unit);

  sheet.addEventListener("change", ({ target }) => {
    const one = lineAt(target);
    if (!one || target.type === "hidden") return;
    // A figure and “could not be checked” exclude each other.
    const figure = one.element.querySelector("[name^='figure-']");
    if (figure && target.type === "radio") figure.value = "";
    if (figure && target === figure && figure.value) one.element.querySelectorAll("input[type=radio]").forEach((radio) => { radio.checked = false; });
    changed(one);
  });
  sheet.addEventListener("input", ({ target }) => {
    const one = target.matches("textarea, [name^='figure-']") && lineAt(target);
    if (one) changed(one, 900);
  });
  sheet.addEventListener("click", ({ target }) => {
    const keep = target.closest("[data-keep-mine]");
    const take = target.closest("[data-take-other]");
    if (!keep && !take) return;
    const one = lineAt(target);
    one.versionField.value = one.stored.version;
    if (take) one.write(one.stored);
    one.stored = null;
    one.element.querySelector("[data-clash]").hidden = true;
    changed(one);
  });
  sheet.addEventListener("submit", (event) => event.preventDefault());

  // Leaving by a form of this page waits for what is on its way.
  for (const other of document.querySelectorAll("#finding-form, #done-form")) {
    other.addEventListener("submit", async (event) => {
      if (event.defaultPrevented || (!queue.size && !queue.running)) return;
      event.preventDefault();
      await queue.run();
      if (queue.size) return;
      other.dataset.confirmed = "yes";
      other.requestSubmit(event.submitter);
      delete other.dataset.confirmed;
    });
  }
  window.addEventListener("online", () => queue.size && queue.run());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && queue.size && queue.run());
  window.addEventListener("beforeunload", (event) => {
    if (queue.size) event.preventDefault();
  });

  const records = [...lines.values()].map((one) => [one, kept.read(one.key)]).filter(([, record]) => record?.fields);
  for (const [one, { fields, version, sent, at }] of records.sort((a, b) => a[1].at - b[1].at)) {
    if (JSON.stringify(fields) === JSON.stringify(one.read())) {
      kept.forget(one.key);
      continue;
    }
    one.write(fields);
    one.versionField.value = version;
    one.sent = sent ?? undefined;
    one.at = at;
    changed(one);
  }
}
