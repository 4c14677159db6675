// What every page can do: theme, menu, times, countdowns, copying, questions, toasts, files, word counts.
// Markup: templates/components/README.md. Nothing here is needed to read or to send a form.

import { countWords } from "./words.js";

const language = document.documentElement.lang || "en";
// The day before the month, as the server writes dates in English.
const lang = language === "en" ? "en-GB" : language;
const words = document.body.dataset;
const all = (selector, root = document) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...root.querySelectorAll(selector),
];

// Theme and menu

function showTheme() {
  const choice = document.documentElement.dataset.themeChoice;
  for (const button of all("[data-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.theme === choice));
  }
}

function chooseTheme(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Private windows may refuse; the choice then lasts for nothing and harms nothing.
  }
  document.dispatchEvent(new CustomEvent("portal:theme"));
  showTheme();
}

function toggleMenu(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  const open = menu.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(open));
}

// Times in the reader's own zone

// Hours as the server writes them: 17:00, in every language.
const ownTime = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const ownDate = { day: "numeric", month: "long", year: "numeric", ...ownTime };

function sameClock(moment, zone) {
  const parts = { dateStyle: "short", timeStyle: "short" };
  const there = new Intl.DateTimeFormat(lang, { ...parts, timeZone: zone });
  return there.format(moment) === new Intl.DateTimeFormat(lang, parts).format(moment);
}

function addOwnTime(place, text) {
  if (place.querySelector(".moment-own")) return;
  const own = document.createElement("span");
  own.className = "moment-own";
  own.textContent = (words.textOwnTime || "{time}").replace("{time}", text);
  place.append(" ", own);
}

function showMoment(time) {
  if (!time.dateTime) return;
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  const { zone } = time.dataset;
  if (!zone) {
    const form = time.dataset.moment === "time" ? ownTime : ownDate;
    time.textContent = new Intl.DateTimeFormat(lang, form).format(moment);
  } else if (!sameClock(moment, zone)) {
    addOwnTime(time.closest(".moment") ?? time, new Intl.DateTimeFormat(lang, ownDate).format(moment));
  }
}

function showRange(place) {
  const [opens, closes] = all("time", place).map((time) => new Date(time.dateTime));
  if (!opens || sameClock(opens, place.dataset.zone)) return;
  const form = new Intl.DateTimeFormat(lang, { ...ownDate, month: "short" });
  addOwnTime(place, closes ? form.formatRange(opens, closes) : form.format(opens));
}

function showRelative(time) {
  const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  if (Math.abs(seconds) > 30 * 86400) return;
  time.title ||= time.textContent;
  const form = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  time.textContent = form.format(Math.trunc(seconds / length), unit);
}

// Countdowns and the server's clock

const loadedAt = Date.now();
const aheadOf = new WeakMap();

function serverNow(element) {
  if (!aheadOf.has(element)) {
    const server = Date.parse(element.dataset.serverNow ?? element.dateTime);
    aheadOf.set(element, Number.isNaN(server) ? 0 : server - loadedAt);
  }
  return Date.now() + aheadOf.get(element);
}

const unit = (value, name) =>
  new Intl.NumberFormat(lang, { style: "unit", unit: name, unitDisplay: "long" }).format(value);

function countDown(time) {
  const left = Math.floor((Date.parse(time.dateTime) - serverNow(time)) / 1000);
  if (left <= 0) {
    time.textContent = time.dataset.over;
    time.dataset.near = "true";
    return;
  }
  const [days, hours] = [Math.floor(left / 86400), Math.floor(left / 3600) % 24];
  const [minutes, seconds] = [Math.floor(left / 60) % 60, left % 60];
  const parts = days >= 3
    ? [unit(days, "day")]
    : days > 0
      ? [unit(days, "day"), unit(hours, "hour")]
      : hours > 0
        ? [unit(hours, "hour"), unit(minutes, "minute")]
        : [unit(minutes, "minute"), unit(seconds, "second")];
  const text = parts.join(" ");
  if (time.textContent !== text) time.textContent = text;
  time.dataset.near = String(days < 1);
}

function tickClock(time) {
  const form = new Intl.DateTimeFormat(lang, { ...ownTime, timeZoneName: "short" });
  time.textContent = form.format(serverNow(time)).replace("GMT", "UTC");
}

// Toasts

function toast(message, kind = "info") {
  const place = document.getElementById("toasts");
  if (!place || !message) return;
  const note = document.createElement("div");
  note.className = "toast-note";
  note.dataset.kind = kind;
  const text = document.createElement("span");
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-icon btn-copy";
  close.textContent = "×";
  close.setAttribute("aria-label", words.textClose || "Close");
  close.addEventListener("click", () => note.remove());
  note.append(text, close);
  place.append(note);
  if (kind !== "danger" && kind !== "error") setTimeout(() => note.remove(), 6000);
}

// Questions

function ask(question) {
  return new Promise((answer) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const text = document.createElement("p");
    text.className = "dialog__title";
    text.id = "question";
    text.textContent = question;
    dialog.setAttribute("aria-labelledby", text.id);
    const actions = document.createElement("div");
    actions.className = "dialog__actions";
    const choices = [["", "btn-outline-secondary", words.textCancel], ["yes", "btn-primary", words.textConfirm]];
    for (const [value, look, label] of choices) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn ${look}`;
      button.textContent = label;
      button.addEventListener("click", () => dialog.close(value));
      actions.append(button);
    }
    dialog.append(text, actions);
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

async function confirmSubmit(event) {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  if (!(await ask(form.dataset.confirm))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}

function setBusy(event) {
  const { submitter } = event;
  if (!submitter?.matches("[data-busy]")) return;
  // After this event, so that the button's own name and value are still sent.
  setTimeout(() => {
    if (!event.defaultPrevented || event.target.matches("[hx-post]")) submitter.setAttribute("aria-busy", "true");
  });
}

const endBusy = () => all("[aria-busy='true']").forEach((button) => button.removeAttribute("aria-busy"));

// Files

function showChosen(input) {
  const zone = input.closest("[data-dropzone]");
  if (!zone) return;
  const names = [...input.files].map((file) => file.name);
  zone.querySelector("[data-dropzone-names]").textContent = names.join(", ");
  if (names.length && "autosubmit" in zone.dataset) input.form?.requestSubmit();
}

function dragOver(event) {
  const zone = event.target.closest?.("[data-dropzone]");
  all(".dropzone.is-over").forEach((other) => other.classList.toggle("is-over", other === zone));
  zone?.classList.add("is-over");
}

// Word counts

function showWordCount(counter) {
  const { wordcount, min, max } = counter.dataset;
  const area = document.getElementById(wordcount);
  if (!area) return;
  const count = countWords(area.value);
  counter.querySelector("[data-count]").textContent = count;
  counter.dataset.state = min && count < min ? "under" : max && count > max ? "over" : "ok";
}

// Wiring

function enhance(root) {
  all("time[data-moment]", root).forEach(showMoment);
  all("[data-moment-range]", root).forEach(showRange);
  all("time[data-relative]", root).forEach(showRelative);
  all("time[data-countdown]", root).forEach(countDown);
  all("input[type=hidden][name=time_zone]", root).forEach((input) => {
    input.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
  });
  all(".tabs [aria-current]", root).forEach((tab) => {
    const row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - 16;
  });
}

document.addEventListener("click", async (event) => {
  const on = (selector) => event.target.closest?.(selector);
  let hit;
  if ((hit = on("[data-theme]"))) chooseTheme(hit.dataset.theme);
  else if ((hit = on("[data-nav-toggle]"))) toggleMenu(hit);
  else if ((hit = on("[data-dialog]"))) document.getElementById(hit.dataset.dialog)?.showModal();
  else if ((hit = on("[data-dialog-close]"))) hit.closest("dialog").close();
  else if (on("[data-print]")) window.print();
  else if ((hit = on("[data-dismiss]"))) {
    const box = hit.closest(".messages");
    hit.closest(".message").remove();
    if (!box.querySelector(".message")) box.remove();
  } else if ((hit = on("[data-copy]"))) {
    try {
      await navigator.clipboard.writeText(hit.dataset.copy);
      toast(words.textCopied, "success");
    } catch {
      toast(words.textFailed, "danger");
    }
  }
});
document.addEventListener("submit", confirmSubmit, true);
document.addEventListener("submit", setBusy);
document.addEventListener("change", (event) => {
  if (event.target.matches(".dropzone__input")) showChosen(event.target);
});
document.addEventListener("input", (event) => {
  const { id } = event.target;
  if (id) all(`[data-wordcount="${CSS.escape(id)}"]`).forEach(showWordCount);
});
for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, dragOver);
document.addEventListener("drop", () => all(".dropzone.is-over").forEach((zone) => zone.classList.remove("is-over")));
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("[data-nav-toggle][aria-expanded='true']");
  if (open && !document.querySelector(".dropdown-menu.show, dialog[open]")) toggleMenu(open);
});

document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  endBusy();
  if (event.detail.successful) event.target.closest("dialog")?.close();
});
document.addEventListener("htmx:sendError", (event) => {
  if (!event.target.closest("[data-quiet]")) toast(words.textOffline, "danger");
});
document.addEventListener("htmx:responseError", (event) => {
  if (!event.target.closest("[data-quiet]")) toast(words.textFailed, "danger");
});
document.addEventListener("portal:toast", ({ detail }) => toast(detail.message ?? detail.value, detail.kind));
window.addEventListener("pageshow", endBusy);

showTheme();
enhance(document);
all("[data-server-clock]").forEach(tickClock);
setInterval(() => all("time[data-countdown]").forEach(countDown), 1000);
setInterval(() => {
  all("[data-server-clock]").forEach(tickClock);
  all("time[data-relative]").forEach(showRelative);
}, 20000);
