// Scoring without a mouse: digits give the mark of the criterion one is at, arrows go to another one.

const PAUSE = 800; // after a digit that could be the first of two
const WRITES = "textarea, select, [contenteditable], dialog, input:not([type=radio], [type=checkbox])";

export function useKeys({ sheet, units, said, words, quotes, changed, kept }) {
  const lines = [...units.values()];
  const help = document.getElementById("keys");
  const button = sheet.querySelector("[data-keys]");
  const on = help.querySelector("[data-keys-on]");
  const next = sheet.querySelector("[data-next]");
  let current = null;
  let typed = "";
  let timer = 0;

  on.checked = kept.read("off") !== true;
  on.addEventListener("change", () => kept.write("off", !on.checked));
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());

  const say = (text) => {
    said.textContent = text;
  };

  function at(one) {
    if (current === one) return;
    current?.element.classList.remove("is-current");
    current = one;
    current.element.classList.add("is-current");
    if (current.values) quotes.choose(current.key);
    forgetTyped();
  }

  function go(step) {
    const from = lines.indexOf(current ?? null);
    const one = lines[Math.min(Math.max(from + step, 0), lines.length - 1)];
    at(one);
    one.focus();
  }

  function forgetTyped() {
    clearTimeout(timer);
    typed = "";
    bubble("");
  }

  function bubble(text) {
    document.querySelectorAll("[data-typed]").forEach((one) => one.remove());
    if (!text) return;
    const box = document.createElement("p");
    box.className = "typed";
    box.dataset.typed = "";
    box.textContent = words.textTyping.replace("{mark}", text);
    current.element.append(box);
  }

  function give(value) {
    const one = current;
    forgetTyped();
    one.give(value);
    changed(one);
    say(`${one.name}: ${value ?? words.textAbstained}`);
  }

  function enter() {
    if (current.values().includes(typed)) {
      give(typed);
      return;
    }
    const wrong = typed;
    forgetTyped();
    say(words.textNoSuchMark.replace("{mark}", wrong));
  }

  function digit(key) {
    if (!current?.values) at(lines.find((one) => one.values && one.element.dataset.answered === "no") ?? lines[0]);
    if (!current.values) return;
    clearTimeout(timer);
    typed += key === "," ? "." : key;
    const possible = current.values().filter((value) => value.startsWith(typed));
    if (!possible.length) {
      enter();
    } else if (possible.length === 1 && possible[0] === typed) {
      give(typed);
    } else {
      bubble(typed);
      timer = setTimeout(enter, PAUSE);
    }
  }

  function openNext() {
    if (!next) say(words.textNoNext);
    else if (!navigator.onLine) {
      document.dispatchEvent(new CustomEvent("portal:toast", { detail: { message: words.textNoNetwork, kind: "warning" } }));
    } else next.click();
  }

  function openComment() {
    const one = current ?? lines[0];
    if (one.values) one.comment.closest("details").open = true;
    (one.comment ?? sheet.elements.comment).focus();
  }

  function changeSide() {
    const essay = document.getElementById("essay");
    if (essay.contains(document.activeElement)) (current ?? lines[0]).focus();
    else essay.focus();
  }

  const letters = {
    a: () => current?.values && give(null),
    c: openComment,
    q: () => quotes.attachSelected() || quotes.type((current?.values ? current : lines[0]).element),
    e: changeSide,
    n: openNext,
    "?": () => help.showModal(),
  };

  sheet.addEventListener("focusin", ({ target }) => {
    const one = units.get(target.closest("[data-unit]")?.dataset.unit);
    if (one) at(one);
  });

  // Enter goes on to the next criterion: a form must not be sent by a slip of the finger.
  function onward(event) {
    if (typed) {
      event.preventDefault();
      enter();
    } else if (event.target.matches("input") && sheet.contains(event.target)) {
      event.preventDefault();
      go(1);
    }
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    if (key === "Enter") {
      onward(event);
      return;
    }
    const isNumber = target.matches("input[type=number]");
    if (key === "Escape" && target.matches(WRITES) && sheet.contains(target)) {
      (units.get(target.closest("[data-unit]")?.dataset.unit) ?? lines[0]).element.querySelector("input:not([type=hidden])")?.focus();
      return;
    }
    if (key === "Escape" && typed) forgetTyped();
    if (!on.checked || (target.matches(WRITES) && !isNumber) || target.closest("dialog, [role=menu]")) return;
    const inEssay = target.closest("#essay");
    if ((key === "ArrowDown" || key === "ArrowUp") && !inEssay && sheet.contains(target)) {
      event.preventDefault();
      go(key === "ArrowDown" ? 1 : -1);
    } else if (isNumber) {
      if (key.toLowerCase() in letters && key !== "e") {
        event.preventDefault();
        letters[key.toLowerCase()]();
      }
    } else if (/^\d$/.test(key) || (typed && (key === "." || key === ","))) {
      event.preventDefault();
      digit(key);
    } else if (key === "Backspace" && typed) {
      event.preventDefault();
      forgetTyped();
    } else if (key.toLowerCase() in letters) {
      event.preventDefault();
      letters[key.toLowerCase()]();
    }
  });
}
