// Words of the essay attached to a criterion: by selecting them, or by copying them into the field below it.

import { offsetIn, paint } from "./places.js";

const LONGEST = 1000;

function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const from = range.startContainer.parentElement?.closest("[data-words]");
  const to = range.endContainer.parentElement?.closest("[data-words]") ?? range.endContainer.closest?.("[data-words]");
  // A triple click ends at the start of what follows: what is quoted ends with the answer.
  if (!from) return null;
  const start = offsetIn(from, range.startContainer, range.startOffset);
  const end = to === from ? offsetIn(from, range.endContainer, range.endOffset) : from.textContent.length;
  const text = from.textContent.slice(start, end);
  if (text.trim().length < 2 || text.trim().length > LONGEST) return null;
  return { prompt: from.dataset.words, start: start + text.length - text.trimStart().length, text: text.trim(), range };
}

export function useQuotes({ sheet, queue, kept, words }) {
  const bar = document.getElementById("quote-bar");
  const choice = document.getElementById("quote-criterion");
  let place = null;

  const listOf = (criterion) => document.querySelector(`#criterion-${criterion} [data-quotes]`);

  function item(token, text, note) {
    const row = document.createElement("li");
    row.className = "quote is-waiting";
    row.dataset.waits = token;
    const shown = document.createElement("span");
    shown.className = "quote__text";
    shown.textContent = text;
    const said = document.createElement("span");
    said.className = "quote__old muted";
    said.textContent = note;
    row.append(shown, said);
    return row;
  }

  function attach(criterion, { prompt = "", start = 0, text }, token = newToken(), at = undefined) {
    const list = listOf(criterion);
    const row = item(token, text, words.textQuoteWaits);
    list.append(row);
    const fields = { criterion, token, prompt, start, text };
    queue.add({
      name: words.textQuote, say: () => text,
      key: `quote:${token}`, url: `${list.closest("[data-unit]").dataset.url}quotes/`, at,
      read: () => fields,
      saved({ html, token: stored }) {
        row.outerHTML = "";
        if (!list.querySelector(`[data-quote="${stored}"]`)) list.insertAdjacentHTML("beforeend", html);
        paint();
      },
      refused({ message }, status) {
        kept.forget(`quote:${token}`);
        row.remove();
        const field = sheet.elements[`quote-${criterion}`];
        field.closest("details").open = true;
        field.value = text;
        const fault = document.querySelector(`#criterion-${criterion} [data-fault]`);
        fault.textContent = message ?? (status === 404 ? words.textGone : words.textRefused);
        fault.hidden = false;
        queue.state("refused", queue.size);
      },
    });
  }

  function remove(row) {
    const { url } = row.dataset;
    const token = row.dataset.quote;
    const back = row.previousElementSibling?.querySelector("a") ?? row.closest("[data-unit]").querySelector("input:not([type=hidden])");
    row.hidden = true;
    back?.focus();
    queue.add({
      key: `unquote:${token}`, url, name: words.textQuoteGone,
      read: () => ({}),
      saved() {
        row.remove();
        paint();
      },
      refused() {
        kept.forget(`unquote:${token}`);
        row.hidden = false;
        queue.state("refused", queue.size);
      },
    });
  }

  function attachSelected() {
    const found = place ?? selected();
    if (!found) return false;
    attach(choice.value, found);
    getSelection().removeAllRanges();
    place = null;
    bar.hidden = true;
    return true;
  }

  document.addEventListener("selectionchange", () => {
    const found = selected();
    if (!found && bar.contains(document.activeElement)) return;
    place = found;
    bar.hidden = !found;
    if (!found) return;
    const box = found.range.getBoundingClientRect();
    const low = Math.min(Math.max(box.bottom + 8, 60), window.innerHeight - 140);
    bar.style.setProperty("--top", `${low}px`);
    bar.style.setProperty("--left", `${Math.max(8, Math.min(box.left, window.innerWidth - bar.offsetWidth - 8))}px`);
  });
  bar.querySelector("[data-quote-selected]").addEventListener("click", attachSelected);

  sheet.addEventListener("click", (event) => {
    const taken = event.target.closest("[data-quote-remove]");
    const given = event.target.closest("[data-quote-attach]");
    if (!taken && !given) return;
    event.preventDefault();
    if (taken) {
      remove(taken.closest("[data-quote]"));
      return;
    }
    const unit = given.closest("[data-unit]");
    const field = sheet.elements[`quote-${unit.dataset.unit}`];
    if (!field.value.trim()) return;
    attach(unit.dataset.unit, { text: field.value.trim() });
    field.value = "";
  });

  return {
    attachSelected,
    choose(criterion) {
      if (bar.hidden || !bar.contains(document.activeElement)) choice.value = criterion;
    },
    type(element) {
      const field = element.querySelector("textarea[name^='quote-']");
      field.closest("details").open = true;
      field.focus();
    },
    restore() {
      const records = kept.ids().map((id) => [id, kept.read(id)]).filter(([, record]) => record?.url);
      for (const [id, { fields, at }] of records.sort((a, b) => a[1].at - b[1].at)) {
        if (id.startsWith("quote:")) attach(fields.criterion, fields, fields.token, at);
        else if (id.startsWith("unquote:")) {
          const row = sheet.querySelector(`[data-quote="${id.slice(8)}"]`);
          if (row) remove(row);
          else kept.forget(id);
        }
      }
    },
  };
}
