// A scorecard saves itself: each criterion by itself, in turn, and never over somebody else's change.
// Without this script the form has a button for saving. Changes that are not stored yet are kept on the device.

const form = document.querySelector("[data-scorecard]");
const store = {
  name: (pk, key) => `scorecard:${pk}:${key}`,
  put(pk, key, value) {
    try {
      localStorage.setItem(this.name(pk, key), JSON.stringify(value));
    } catch {
      // A private window may refuse; the page itself still holds the change.
    }
  },
  take(pk, key) {
    try {
      return JSON.parse(localStorage.getItem(this.name(pk, key)));
    } catch {
      return null;
    }
  },
  drop(pk, key) {
    try {
      localStorage.removeItem(this.name(pk, key));
    } catch {
      // See above.
    }
  },
  forget(pk) {
    try {
      Object.keys(localStorage).filter((name) => name.startsWith(`scorecard:${pk}:`)).forEach((name) => localStorage.removeItem(name));
    } catch {
      // See above.
    }
  },
};

const forgotten = document.querySelector("[data-forget]");
if (forgotten) store.forget(forgotten.dataset.forget);
document.getElementById("faults")?.focus();
if (form) start(form);

function start(sheet) {
  const pk = sheet.dataset.scorecard;
  const words = sheet.dataset;
  const state = document.getElementById("score-saved");
  const signedOut = sheet.querySelector("[data-signed-out]");
  const units = new Map([...sheet.querySelectorAll("[data-unit]")].map((element) => [element.dataset.unit, unit(element)]));
  const waiting = new Set();
  let running = null;
  let later = null;
  let leaving = false;

  sheet.querySelector("[data-plain-save]")?.remove();

  // One part of the form that is saved as a whole.
  function unit(element) {
    const key = element.dataset.unit;
    const field = (name) => sheet.elements[name];
    if (key === "comment") {
      return {
        key, element, url: sheet.dataset.commentUrl, version: field("version"),
        read: () => ({ comment: field("comment").value, private_note: field("private_note").value }),
        write(value) {
          field("comment").value = value.comment;
          field("private_note").value = value.private_note;
        },
        say: (value) => [value.comment, value.private_note].filter(Boolean).join(" / ") || words.textNoMark,
      };
    }
    const number = element.querySelector("input[type=number]");
    const abstain = element.querySelector("input[type=checkbox]");
    const options = [...element.querySelectorAll("input[type=radio]")];
    const chosen = () => options.find((option) => option.checked);
    return {
      key, element, url: element.dataset.url, version: field(`version-${key}`),
      read() {
        const comment = field(`comment-${key}`).value;
        if (number) return { value: abstain.checked ? "" : number.value, abstained: abstain.checked ? "1" : "", comment };
        const option = chosen();
        return { value: option?.value ?? "", abstained: option?.value === "" ? "1" : "", comment };
      },
      write(value) {
        const abstained = value.abstained === true || value.abstained === "1";
        field(`comment-${key}`).value = value.comment;
        if (value.comment) element.querySelector("details").open = true;
        if (number) {
          number.value = value.value;
          abstain.checked = abstained;
        } else {
          options.forEach((option) => {
            option.checked = option.value === "" ? abstained : option.value === value.value;
          });
        }
      },
      say(value) {
        const mark = value.abstained ? words.textAbstained : value.value || words.textNoMark;
        return value.comment ? `${mark}, “${value.comment}”` : mark;
      },
    };
  }

  const show = (name) => {
    state.dataset.state = name;
    if (name === "saved") {
      const time = state.querySelector("time");
      const now = new Date();
      time.dateTime = now.toISOString();
      time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(now);
    }
  };

  function complain(one, message) {
    const place = one.element.querySelector("[data-fault]");
    if (place) {
      place.textContent = message;
      place.hidden = !message;
      one.element.classList.toggle("has-fault", Boolean(message));
    } else if (message) {
      document.dispatchEvent(new CustomEvent("portal:toast", { detail: { message, kind: "danger" } }));
    }
  }

  function showProgress({ total, done, of }) {
    if (of === undefined) return;
    const points = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    sheet.querySelector("[data-total]").textContent = total === null ? "" : points.format(total);
    const meter = document.getElementById("score-progress");
    meter.querySelector("[data-progress-value]").textContent = done;
    meter.querySelector("progress").value = done;
    meter.classList.toggle("is-full", done === of);
  }

  function clash(one, stored) {
    one.stored = stored;
    const box = one.element.querySelector("[data-clash]");
    box.querySelector("[data-clash-text]").textContent = words.textClash.replace("{text}", one.say(stored));
    box.hidden = false;
    show("asked");
  }

  const cookie = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? sheet.elements.csrfmiddlewaretoken.value;

  function changed(one, delay = 0) {
    if (one.stored) return;
    store.put(pk, one.key, { ...one.read(), version: one.version.value });
    waiting.add(one);
    complain(one, "");
    clearTimeout(one.timer);
    one.timer = setTimeout(run, delay);
  }

  function run() {
    running ??= saveAll().finally(() => {
      running = null;
      if (waiting.size && !later) run();
    });
    return running;
  }

  async function saveAll() {
    clearTimeout(later);
    later = null;
    while (waiting.size) {
      const [one] = waiting;
      waiting.delete(one);
      if (!(await save(one))) return;
    }
  }

  // Wait for better times; true would mean that the next one may be tried at once.
  function again(one, name) {
    waiting.add(one);
    show(name);
    clearTimeout(later);
    later = setTimeout(() => {
      later = null;
      run();
    }, 5000);
    return false;
  }

  async function save(one) {
    const sent = one.read();
    show("saving");
    let answer;
    try {
      answer = await fetch(one.url, {
        method: "POST",
        body: new URLSearchParams({ ...sent, version: one.version.value, revision: sheet.elements.revision.value }),
        headers: { "X-CSRFToken": cookie(), Accept: "application/json" },
        redirect: "manual",
      });
    } catch {
      return again(one, "offline");
    }
    if (answer.type === "opaqueredirect") {
      signedOut.hidden = false;
      return again(one, "failed");
    }
    signedOut.hidden = true;
    if (answer.status >= 500) return again(one, "failed");
    const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    if (answer.ok) {
      one.version.value = said.version;
      const same = JSON.stringify(one.read()) === JSON.stringify(sent);
      if (same) store.drop(pk, one.key);
      else store.put(pk, one.key, { ...one.read(), version: one.version.value });
      if (one.element.dataset.answered) one.element.dataset.answered = sent.value || sent.abstained ? "yes" : "no";
      showProgress(said);
      show(waiting.size ? "saving" : "saved");
      return true;
    }
    if (said.stored) clash(one, said.stored);
    else {
      complain(one, said.message ?? (answer.status === 404 ? words.textGone : words.textRefused));
      show("refused");
    }
    return true;
  }

  const unitOf = (target) => units.get(target.closest("[data-unit]")?.dataset.unit);

  sheet.addEventListener("change", ({ target }) => {
    const one = unitOf(target);
    if (!one || target.type === "hidden") return;
    if (target.type === "number") one.element.querySelector("input[type=checkbox]").checked = false;
    if (target.type === "checkbox" && target.checked) one.element.querySelector("input[type=number]").value = "";
    changed(one);
  });
  sheet.addEventListener("input", ({ target }) => {
    const one = target.matches("textarea") && unitOf(target);
    if (one) changed(one, 900);
  });
  sheet.addEventListener("click", ({ target }) => {
    const keep = target.closest("[data-keep-mine]");
    const take = target.closest("[data-take-other]");
    if (!keep && !take) return;
    const one = unitOf(target);
    one.version.value = one.stored.version;
    if (take) one.write(one.stored);
    one.stored = null;
    one.element.querySelector("[data-clash]").hidden = true;
    changed(one);
  });

  // Enter goes on to the next criterion: a form must not be sent by a slip of the finger.
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    const lines = [...sheet.querySelectorAll("[data-unit]")];
    const next = lines[lines.indexOf(event.target.closest("[data-unit]")) + 1];
    (next?.querySelector("input[type=radio]:checked") ?? next?.querySelector("input:not([type=hidden]), textarea"))?.focus();
    next?.scrollIntoView({ block: "nearest" });
  });

  sheet.addEventListener("submit", async (event) => {
    if (!waiting.size && !running) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    clearTimeout(later);
    later = null;
    await run();
    if (waiting.size) return;
    sheet.dataset.confirmed = "yes";
    sheet.requestSubmit(submitter);
    delete sheet.dataset.confirmed;
  });

  window.addEventListener("online", () => waiting.size && run());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && waiting.size && run());
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size && !leaving) event.preventDefault();
  });

  // What an earlier visit could not store comes back; an old version of it is then refused, and shown.
  for (const one of units.values()) {
    const kept = store.take(pk, one.key);
    if (!kept) continue;
    const { version, ...value } = kept;
    if (JSON.stringify(value) === JSON.stringify(one.read())) {
      store.drop(pk, one.key);
      continue;
    }
    one.write(value);
    one.version.value = version;
    changed(one);
  }
}
