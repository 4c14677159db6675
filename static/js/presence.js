// Who else has this essay open, at which question; and what is newer than this tab.
// Every ten seconds one small request; none while the tab is hidden; slower and slower after errors.

import { tokenOf } from "./saving/post.js";

const EVERY = 10_000;
const SLOWEST = 160_000;
const bar = document.getElementById("together");
const form = document.getElementById("essay");
let pause = EVERY;
let timer = 0;
let asking = false;

// The question one writes at: the field that has the focus.
function here() {
  const section = document.activeElement?.closest?.("[data-answer]");
  return section ? Number(section.dataset.answer) : null;
}

async function beat() {
  clearTimeout(timer);
  if (asking || document.visibilityState === "hidden") return;
  asking = true;
  try {
    const response = await fetch(bar.dataset.pulse, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": tokenOf(form), Accept: "application/json" },
      body: JSON.stringify({ at: here() }),
      redirect: "manual",
    });
    if (!response.ok) throw new Error(String(response.status));
    const detail = await response.json();
    pause = EVERY;
    show(detail);
    document.dispatchEvent(new CustomEvent("entry:pulse", { detail }));
  } catch {
    pause = Math.min(pause * 2, SLOWEST);
    show({ people: [], authors: null });
  } finally {
    asking = false;
    timer = setTimeout(beat, pause);
  }
}

function show({ people, authors }) {
  const names = [...new Set(people.map((person) => person.name))];
  bar.hidden = names.length === 0;
  write(bar.querySelector("[data-names]"), names.length ? bar.dataset.text.replace("{names}", names.join(", ")) : "");
  for (const row of document.querySelectorAll("[data-beside]")) {
    const id = Number(row.dataset.beside);
    const now = row.querySelector("[data-here-now]");
    const there = people.filter((person) => person.prompt === id).map((person) => person.name);
    write(now, there.length ? now.dataset.text.replace("{name}", there.join(", ")) : "");
    if (authors) credit(row.querySelector("[data-saved-by]"), authors[id]);
  }
}

// A status is read aloud when it changes, so what has not changed is left alone.
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function credit(place, name) {
  if ((place.dataset.name ?? null) === (name ?? "")) return;
  const first = place.dataset.name === undefined;
  place.dataset.name = name ?? "";
  if (first && place.textContent.trim() && name) return; // the page has it, with its time
  place.textContent = name ? place.dataset.text.replace("{name}", name) : "";
}

if (bar && form) {
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") beat();
  });
  form.addEventListener("focusin", () => {
    clearTimeout(timer);
    timer = setTimeout(beat, 400);
  });
  beat();
}
