// Where quotes stand in the essay: found, painted, and jumped to.

function textNodes(container) {
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

export function offsetIn(container, node, offset) {
  const range = document.createRange();
  range.setStart(container, 0);
  range.setEnd(node, offset);
  return range.cloneContents().textContent.length;
}

export function rangeOf(quote) {
  const container = document.querySelector(`[data-words="${CSS.escape(quote.dataset.prompt)}"]`);
  const text = quote.querySelector("[data-quote-jump]").textContent;
  const whole = container?.textContent ?? "";
  const near = Number(quote.dataset.start);
  let start = whole.startsWith(text, near) ? near : -1;
  for (let at = whole.indexOf(text); start !== near && at !== -1; at = whole.indexOf(text, at + 1)) {
    if (start === -1 || Math.abs(at - near) < Math.abs(start - near)) start = at;
  }
  if (start === -1) return null;
  const range = document.createRange();
  let passed = 0;
  for (const node of textNodes(container)) {
    const end = passed + node.length;
    if (start >= passed && start < end) range.setStart(node, start - passed);
    if (start + text.length > passed && start + text.length <= end) {
      range.setEnd(node, start + text.length - passed);
      return range;
    }
    passed = end;
  }
  return null;
}

export function paint() {
  if (!("highlights" in CSS)) return;
  const ranges = [...document.querySelectorAll("[data-quote]")].map(rangeOf).filter(Boolean);
  CSS.highlights.set("quotes", new Highlight(...ranges));
}

function jump(quote) {
  const range = rangeOf(quote);
  const container = document.querySelector(`[data-words="${CSS.escape(quote.dataset.prompt)}"]`);
  if (!range || !container) return false;
  const folded = container.closest("details");
  if (folded) folded.open = true;
  container.tabIndex = -1;
  container.focus({ preventScroll: true });
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
  if ("highlights" in CSS) CSS.highlights.set("quote-here", new Highlight(range));
  else {
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  return true;
}

export function showQuotes() {
  if (!document.getElementById("essay")) return;
  paint();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-quote-jump]");
    if (link && jump(link.closest("[data-quote]"))) event.preventDefault();
  });
}
