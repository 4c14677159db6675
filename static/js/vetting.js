// The check list saves each line by itself, and never over another vetter's finding.
// Without this script the form has a button that saves all lines; filters have one that shows.

const filters = document.querySelector("[data-filters]");
filters?.addEventListener("change", () => filters.requestSubmit());

const form = document.querySelector("[data-checklist]");
if (form && !form.querySelector("[data-check]:disabled")) start(form);

function start(list) {
  const words = list.dataset;
  const state = document.getElementById("checks-saved");
  const lines = [...list.querySelectorAll("[data-check]")].map(line);
  const waiting = new Set();
  let running = false;
  let again = null;

  list.querySelector("[data-plain-save]")?.remove();

  function line(element) {
    const key = element.dataset.check;
    const verdicts = [...element.querySelectorAll("input[type=radio]")];
    const note = element.querySelector("textarea");
    return {
      key, element, note, verdicts, timer: null, other: null,
      seen: element.querySelector(`input[name="seen-${key}"]`),
      verdict: () => verdicts.find((one) => one.checked)?.value ?? "",
    };
  }

  const show = (name) => {
    if (!state) return;
    state.dataset.state = name;
    if (name === "saved") {
      const time = state.querySelector("time");
      const now = new Date();
      time.dateTime = now.toISOString();
      time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(now);
    }
  };

  function complain(one, message) {
    const place = one.element.querySelector("[data-fault]");
    place.textContent = message;
    place.hidden = !message;
    one.element.classList.toggle("has-fault", Boolean(message));
  }

  function settled(one, finding) {
    one.seen.value = finding.seen;
    const who = one.element.querySelector("[data-who]");
    who.hidden = false;
    who.querySelector("[data-by]").textContent = finding.by;
    const time = who.querySelector("[data-at]");
    time.dateTime = finding.at;
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(finding.at));
  }

  function clash(one, finding) {
    one.other = finding;
    const box = one.element.querySelector("[data-clash]");
    box.querySelector("[data-clash-text]").textContent = words.textChanged
      .replace("{by}", finding.by).replace("{label}", finding.label).replace("{note}", finding.note);
    box.hidden = false;
  }

  function changed(one, delay) {
    if (one.other) return;
    if (!one.verdict()) {
      complain(one, one.note.value.trim() ? words.textChoose : "");
      return;
    }
    complain(one, "");
    waiting.add(one);
    clearTimeout(one.timer);
    one.timer = setTimeout(run, delay);
  }

  async function run() {
    if (running) return;
    running = true;
    while (waiting.size) {
      const [one] = waiting;
      waiting.delete(one);
      clearTimeout(one.timer);
      show("saving");
      if (!(await save(one))) {
        waiting.add(one);
        clearTimeout(again);
        again = setTimeout(run, 4000);
        break;
      }
    }
    running = false;
  }

  async function save(one) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", list.elements.csrfmiddlewaretoken.value);
    body.set("revision", list.elements.revision.value);
    body.set(`verdict-${one.key}`, one.verdict());
    body.set(`note-${one.key}`, one.note.value);
    body.set(`seen-${one.key}`, one.seen.value);
    let answer;
    try {
      const response = await fetch(list.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (![200, 409, 422].includes(response.status)) throw new Error(response.statusText);
      answer = await response.json();
    } catch {
      show(navigator.onLine ? "failed" : "offline");
      return false;
    }
    for (const finding of answer.saved) settled(one, finding);
    for (const finding of answer.conflicts) clash(one, finding);
    const [message] = Object.values(answer.errors);
    if (message) complain(one, message);
    show(message || answer.conflicts.length ? "refused" : "saved");
    progress(answer.done);
    return true;
  }

  function progress(done) {
    const meter = document.getElementById("checks-done");
    meter.querySelector("[data-progress-value]").textContent = done;
    const bar = meter.querySelector("progress");
    bar.value = done;
    meter.classList.toggle("is-full", done === bar.max);
  }

  for (const one of lines) {
    one.element.addEventListener("change", (event) => changed(one, event.target === one.note ? 0 : 50));
    one.note.addEventListener("input", () => changed(one, 900));
    one.element.addEventListener("click", (event) => {
      const keep = event.target.closest("[data-keep-mine]");
      const take = event.target.closest("[data-take-other]");
      if (!keep && !take) return;
      const { other } = one;
      one.other = null;
      one.element.querySelector("[data-clash]").hidden = true;
      if (!other) return;
      settled(one, other);
      if (take) {
        one.note.value = other.note;
        for (const radio of one.verdicts) radio.checked = radio.value === other.verdict;
        complain(one, "");
        show("saved");
      } else {
        changed(one, 0);
      }
      one.verdicts[0].focus();
    });
  }
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    lines.forEach((one) => changed(one, 0));
  });
  window.addEventListener("online", run);
  window.addEventListener("beforeunload", (event) => {
    const unsaved = lines.some((one) => one.other || (!one.verdict() && one.note.value.trim()));
    if (waiting.size || running || unsaved) event.preventDefault();
  });
}
