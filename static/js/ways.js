// Other ways to judge: keys for the buttons, a list that is dragged, and saving as the judge goes.
// Without this script every button works by itself, and the list has one for saving.

import { AGAIN, leaveAfter, post, showState, tokenOf } from "./saving/post.js";

document.getElementById("faults")?.focus();

// A key presses its button, unless somebody writes.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = [...document.querySelectorAll("button[data-key]")].find((one) => one.dataset.key === key);
  if (!button) return;
  event.preventDefault();
  button.click();
});

const form = document.querySelector("form[data-autosave]");
if (form) start(form);

function start(sheet) {
  const state = document.getElementById("way-saved");
  const signedOut = sheet.querySelector("[data-signed-out]");
  const list = sheet.querySelector("[data-rank-list]");
  let waiting = false;
  let running = null;
  let timer = null;
  let stopped = false;
  let leaving = false;

  sheet.classList.add("is-live");
  sheet.querySelector("[data-plain-save]")?.remove();

  const show = (name) => showState(state, name);

  function changed(delay = 300) {
    if (stopped) return;
    waiting = true;
    clearTimeout(timer);
    timer = setTimeout(run, delay);
  }

  function run() {
    running ??= save().finally(() => {
      running = null;
    });
    return running;
  }

  function later(name) {
    waiting = true;
    show(name);
    clearTimeout(timer);
    timer = setTimeout(run, AGAIN);
  }

  async function save() {
    while (waiting && !stopped) {
      waiting = false;
      show("saving");
      const { outcome, status, said } = await post(sheet.action, new FormData(sheet), tokenOf(sheet));
      if (outcome === "offline") return later("offline");
      signedOut.hidden = outcome !== "signedOut";
      if (outcome === "signedOut" || outcome === "failed") return later("failed");
      if (outcome === "saved") {
        sheet.elements.version.value = said.version;
        if (!waiting) show("saved");
        continue;
      }
      stopped = status === 409 || status === 404;
      refuse(said.message ?? sheet.dataset.textReload, stopped);
      show("refused");
    }
    return undefined;
  }

  // What another window changed is not overwritten: the judge loads the page and looks.
  function refuse(message, final) {
    let box = sheet.querySelector("[data-refused]");
    if (!box) {
      box = document.createElement("div");
      box.className = "faults";
      box.dataset.refused = "";
      box.setAttribute("role", "alert");
      sheet.prepend(box);
    }
    const text = document.createElement("p");
    text.textContent = message;
    box.replaceChildren(text);
    if (!final) return;
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = sheet.dataset.textReload;
    box.append(link);
  }

  sheet.addEventListener("input", ({ target }) => {
    if (target.matches("textarea")) changed(900);
    if (target.type === "number") {
      count();
      changed(700);
    }
  });
  sheet.addEventListener("change", ({ target }) => target.type === "checkbox" && changed());

  function count() {
    const left = sheet.querySelector("[data-left]");
    if (!left) return;
    const given = [...sheet.querySelectorAll("input[type=number]")].reduce((sum, field) => sum + (Number.parseInt(field.value, 10) || 0), 0);
    left.textContent = left.dataset.budget - given;
    left.classList.toggle("is-over", left.dataset.budget - given < 0);
  }

  // A list that nobody touched is saved once, so that it can be submitted as it stands.
  sheet.addEventListener("submit", (event) => {
    if (!running && !waiting) {
      leaving = true;
      return;
    }
    clearTimeout(timer);
    leaveAfter(event, run(), () => !waiting && !stopped);
  });
  window.addEventListener("online", () => waiting && run());
  window.addEventListener("beforeunload", (event) => {
    if (waiting && !leaving && !stopped) event.preventDefault();
  });

  if (list && sheet.dataset.way === "ranking") order(list);

  function order(rows) {
    const moved = sheet.querySelector("[data-moved]");
    const all = () => [...rows.children];

    function number(row) {
      all().forEach((one, at) => {
        one.querySelector("[data-place]").textContent = at + 1;
      });
      const first = all()[0].querySelector("input[name=equal]");
      if (first) first.checked = false;
      if (row) moved.textContent = sheet.dataset.textMoved.replace("{name}", row.dataset.name).replace("{place}", all().indexOf(row) + 1).replace("{of}", all().length);
    }

    rows.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      event.preventDefault();
      const row = button.closest("[data-row]");
      if (button.dataset.move === "-1") row.previousElementSibling?.before(row);
      else row.nextElementSibling?.after(row);
      button.focus();
      row.scrollIntoView({ block: "nearest" });
      number(row);
      changed();
    });

    rows.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest("[data-handle]");
      if (!handle || event.button !== 0) return;
      event.preventDefault();
      const row = handle.closest("[data-row]");
      const before = all().indexOf(row);
      row.classList.add("is-held");
      const move = ({ clientY }) => {
        const above = row.previousElementSibling;
        const below = row.nextElementSibling;
        const middle = (one) => one.getBoundingClientRect().top + one.offsetHeight / 2;
        if (above && clientY < middle(above)) above.before(row);
        else if (below && clientY > middle(below)) below.after(row);
        if (clientY < 80) window.scrollBy(0, -12);
        if (clientY > window.innerHeight - 140) window.scrollBy(0, 12);
        number();
      };
      const end = () => {
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", end);
        document.removeEventListener("pointercancel", end);
        row.classList.remove("is-held");
        number(row);
        if (all().indexOf(row) !== before) changed();
      };
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", end);
      document.addEventListener("pointercancel", end);
    });
  }
}
