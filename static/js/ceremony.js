// The big screen of a ceremony: asks what to show, and for the host's own screen obeys the keys.

const words = document.body.dataset;
const screen = document.getElementById("screen");
const fault = document.getElementById("fault");
const EVERY = 1500;
let shown = screen.innerHTML;
let tag = "";
let next = words.next || "";
let busy = false;

function say(text) {
  if (fault.textContent !== text) fault.textContent = text;
}

async function look() {
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(words.stateUrl, { headers, cache: "no-store" });
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") || "";
      const html = await answer.text();
      if (html !== shown) {
        shown = html;
        screen.innerHTML = html;
      }
    }
    say("");
  } catch {
    say(words.textOffline);
  }
}

async function act(step) {
  if (busy || !step) return;
  busy = true;
  try {
    const answer = await fetch(words.actUrl, {
      method: "POST",
      headers: { "X-CSRFToken": words.csrf, Accept: "application/json" },
      body: new URLSearchParams({ step }),
    });
    const { next: after, error } = await answer.json();
    next = after;
    await look();
    say(error);
  } catch {
    say(words.textOffline);
  }
  busy = false;
}

const FORWARD = new Set([" ", "ArrowRight", "ArrowDown", "PageDown", "Enter"]);
const BACK = new Set(["ArrowLeft", "ArrowUp", "PageUp"]);

document.addEventListener("keydown", (event) => {
  if (!words.actUrl || event.repeat || event.target.closest("button")) return;
  if (FORWARD.has(event.key)) {
    event.preventDefault();
    act(next);
  } else if (BACK.has(event.key)) {
    event.preventDefault();
    act("title");
  }
});

document.getElementById("full").addEventListener("click", (event) => {
  event.currentTarget.blur();
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
});

async function watch() {
  await look();
  setTimeout(watch, EVERY);
}

setTimeout(watch, EVERY);
