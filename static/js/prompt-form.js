// The form builder in the back office: hides settings that a kind does not have, and shows the field
// as nominees will see it while it is being made. The frame runs no scripts.

const PAUSE = 400;

function start() {
  const preview = document.querySelector("[data-prompt-preview]");
  const form = preview?.closest("form");
  if (!form) return;
  const frame = preview.querySelector("iframe");
  const kind = form.querySelector("[name='kind']");
  let timer = 0;

  function fit() {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${page.scrollHeight + 4}px`;
  }

  async function draw() {
    const response = await fetch(preview.dataset.promptPreview, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!response?.ok) return;
    frame.srcdoc = await response.text();
  }

  function sort() {
    for (const [key, kinds] of Object.entries(preview.dataset)) {
      if (!key.startsWith("only")) continue;
      const name = key.slice(4).replace(/^_/, "").toLowerCase();
      const asked = kinds.split(" ").includes(kind.value);
      for (const input of form.querySelectorAll(`[name='${name}'], [name^='${name}_']`)) {
        (input.closest(".form-row, .field-line, [class*='field-']") ?? input).toggleAttribute("data-not-asked", !asked);
      }
    }
    const group = document.getElementById("options-group");
    group?.toggleAttribute("data-not-asked", !preview.dataset.listed.split(" ").includes(kind.value));
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  };
  frame.addEventListener("load", fit);
  form.addEventListener("input", later);
  form.addEventListener("change", () => {
    sort();
    later();
  });
  sort();
  draw();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
