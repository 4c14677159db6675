// Places for files: several at once, each with its progress; paused, resumed, and going on after a break.
// It speaks tus 1.0 to nominations.views.uploads. Markup and words: templates/nominations/_upload.html
// and _upload_form.html. Without it the same inputs are sent by a plain form.

import { tokenOf } from "./saving/post.js";

const PART = 1024 * 1024;
const TOGETHER = 3;
const TRIES = 8;
const KEPT_FOR = 2 * 24 * 3600 * 1000; // as long as the server keeps what has come
const TUS = { "Tus-Resumable": "1.0.0" };

const form = document.getElementById("upload-form");
const model = document.getElementById("upload-row");
const language = document.documentElement.lang || "en";
const uploads = new Set();
const unfinished = ["waiting", "sending", "checking", "offline", "paused", "signedout", "failed"];

// What this browser remembers of files it began to send

const memory = {
  read(id) {
    try {
      const kept = JSON.parse(localStorage.getItem(id));
      if (kept && Date.now() - kept.at < KEPT_FOR) return kept;
      localStorage.removeItem(id);
    } catch {
      // A private window may refuse; a break then begins the file anew.
    }
    return null;
  },
  write(id, kept) {
    try {
      localStorage.setItem(id, JSON.stringify({ ...kept, at: Date.now() }));
    } catch {
      // As above.
    }
  },
  forget(id) {
    try {
      localStorage.removeItem(id);
    } catch {
      // As above.
    }
  },
  under(prefix) {
    try {
      return Object.keys(localStorage).filter((id) => id.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

const prefixOf = (place) => `upload:${place.dataset.begin}:${place.dataset.upload}:`;
const placeOf = (key) => document.querySelector(`[data-upload="${CSS.escape(key)}"]`);
const newKey = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
  (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

function inBytes(size) {
  const [unit, amount] = size < PART ? ["kilobyte", size / 1024] : ["megabyte", size / PART];
  const digits = { maximumFractionDigits: amount < 10 ? 1 : 0 };
  return new Intl.NumberFormat(language, { style: "unit", unit, ...digits }).format(amount);
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

// Talking to the server

class Broken extends Error {}
class SignedOut extends Error {}
class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// One request; the promise fails with Broken when nothing came back.
function ask(upload, method, url, { headers = {}, body = null, onProgress } = {}) {
  return new Promise((answer, fail) => {
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open(method, url);
    for (const [name, value] of Object.entries({ ...TUS, "X-CSRFToken": tokenOf(form), ...headers })) {
      request.setRequestHeader(name, value);
    }
    if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("load", () => {
      if (request.status >= 500 || request.status === 429) fail(new Broken());
      else if (!request.getResponseHeader("Tus-Resumable")) {
        fail(request.status === 404 ? new Refused(404, "") : new SignedOut());
      } else if (request.status >= 400) fail(new Refused(request.status, messageIn(request)));
      else answer(request);
    });
    request.addEventListener("error", () => fail(new Broken()));
    request.addEventListener("timeout", () => fail(new Broken()));
    request.addEventListener("abort", () => fail(new DOMException("", "AbortError")));
    request.timeout = 120000;
    request.send(body);
  });
}

function messageIn(request) {
  try {
    return JSON.parse(request.responseText).message ?? "";
  } catch {
    return "";
  }
}

// One file

class Upload {
  constructor(place, { name, size, lastModified = 0 }, file = null) {
    this.key = place.dataset.upload;
    this.begin = place.dataset.begin;
    this.name = name;
    this.size = size;
    this.file = file;
    this.offset = 0;
    this.sent = 0;
    this.misses = 0;
    this.id = `${prefixOf(place)}${name}:${size}:${lastModified}`;
    this.row = model.content.firstElementChild.cloneNode(true);
    this.row.querySelector("[data-name]").textContent = name;
    this.row.querySelector("[data-size]").textContent = inBytes(size);
    this.bar = this.row.querySelector("progress");
    this.bar.setAttribute("aria-label", name);
    for (const button of this.row.querySelectorAll("[data-do]")) {
      button.setAttribute("aria-label", button.dataset.label.replace("{name}", name));
      button.addEventListener("click", () => this[button.dataset.do]());
    }
    const queue = place.querySelector("[data-upload-queue]");
    queue.append(this.row);
    queue.hidden = false;
    uploads.add(this);
  }

  get percent() {
    return this.size ? Math.floor((Math.min(this.size, this.offset + this.sent) * 100) / this.size) : 0;
  }

  words(state) {
    const said = this.row.querySelector("[data-said]");
    const text = said.dataset[state] ?? "";
    return text.replace("{percent}", this.percent).replace("{name}", this.name);
  }

  show(state, message = "") {
    const text = message || this.words(state);
    this.bar.value = this.percent;
    if (this.state === "sending" && state === "sending") {
      this.row.querySelector("[data-said]").textContent = text;
      return;
    }
    this.state = state;
    this.row.dataset.state = state;
    this.row.querySelector("[data-said]").textContent = text;
    if (!["waiting", "checking"].includes(state)) this.announce(text);
  }

  announce(text) {
    const status = document.getElementById("upload-status");
    status.textContent = text.includes(this.name) ? text : `${this.name}: ${text}`;
  }

  refuse(why) {
    const said = this.row.querySelector("[data-said]");
    memory.forget(this.id);
    this.show("refused", said.dataset[why] ?? why);
  }

  pause() {
    this.show("paused");
    this.request?.abort();
    pump();
  }

  resume() {
    this.misses = 0;
    this.show("waiting");
    pump();
  }

  cancel() {
    const kept = memory.read(this.id);
    const was = this.state;
    memory.forget(this.id);
    this.state = "cancelled";
    this.request?.abort();
    if (kept?.url && was !== "refused") ask({}, "DELETE", kept.url).catch(() => {});
    this.announce(this.words("cancelled"));
    this.leave();
  }

  leave() {
    const queue = this.row.parentElement;
    const next = this.row.nextElementSibling?.querySelector("button") ?? placeOf(this.key)?.querySelector("[data-upload-input]");
    const focused = this.row.contains(document.activeElement);
    this.row.remove();
    uploads.delete(this);
    if (queue) queue.hidden = !queue.children.length;
    if (focused) next?.focus();
    pump();
  }

  async start() {
    this.show("sending");
    for (;;) {
      try {
        await this.send();
        return;
      } catch (error) {
        if (!(await this.mend(error))) return;
      }
    }
  }

  async send() {
    await this.locate();
    do {
      await this.sendPart();
    } while (this.offset < this.size);
    memory.forget(this.id);
    this.show("done");
    await refresh(this);
    this.leave();
  }

  // Where to go on: at the upload this browser began before, or at a new one.
  async locate() {
    const kept = memory.read(this.id) ?? { key: newKey() };
    if (kept.url) {
      const found = await ask(this, "HEAD", kept.url);
      this.url = kept.url;
      this.offset = Number(found.getResponseHeader("Upload-Offset"));
    } else {
      memory.write(this.id, kept);
      const said = { filename: this.name, slot: this.key, key: kept.key };
      const metadata = Object.entries(said).map(([name, value]) => `${name} ${base64(value)}`).join(",");
      const headers = { "Upload-Length": String(this.size), "Upload-Metadata": metadata };
      const begun = await ask(this, "POST", this.begin, { headers });
      this.url = begun.getResponseHeader("Location");
      this.offset = Number(begun.getResponseHeader("Upload-Offset") ?? 0);
    }
    memory.write(this.id, { key: kept.key, url: this.url, offset: this.offset });
    this.sent = 0;
  }

  async sendPart() {
    const part = this.file.slice(this.offset, this.offset + PART);
    const last = this.offset + part.size >= this.size;
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(this.offset) };
    const onProgress = (loaded) => {
      if (this.state !== "sending") return;
      this.sent = Math.min(loaded, part.size);
      this.show(last && this.sent === part.size ? "checking" : "sending");
    };
    const taken = await ask(this, "PATCH", this.url, { headers, body: part, onProgress });
    this.offset = Number(taken.getResponseHeader("Upload-Offset"));
    this.sent = 0;
    this.misses = 0;
    const kept = memory.read(this.id);
    if (kept) memory.write(this.id, { ...kept, offset: this.offset });
    if (this.state === "sending") this.show("sending");
  }

  // What to do about an error: true is to try again.
  async mend(error) {
    this.sent = 0;
    if (["paused", "cancelled"].includes(this.state)) return false;
    if (error instanceof SignedOut) {
      this.show("signedout");
      pump();
      return false;
    }
    if (error instanceof Refused) {
      const gone = [404, 410].includes(error.status) && memory.read(this.id)?.url;
      if (gone) memory.forget(this.id);
      if (gone || error.status === 409) {
        this.misses += 1;
        if (this.misses < TRIES) return true;
      }
      this.refuse(error.message || "failed");
      pump();
      return false;
    }
    this.misses += 1;
    this.show("offline");
    if (this.misses > TRIES && navigator.onLine) {
      this.show("failed");
      pump();
      return false;
    }
    await Promise.race([backOnline(), wait(Math.min(30000, 500 * 2 ** this.misses))]);
    if (this.state !== "offline") return false;
    this.show("sending");
    return true;
  }
}

function backOnline() {
  return new Promise((done) => window.addEventListener("online", done, { once: true }));
}

// Several at once

function pump() {
  const busy = [...uploads].filter((one) => ["sending", "checking", "offline"].includes(one.state));
  const waiting = [...uploads].filter((one) => one.state === "waiting" && one.file);
  for (const one of waiting.slice(0, Math.max(0, TOGETHER - busy.length))) one.start();
}

async function refresh(upload) {
  const place = placeOf(upload.key);
  if (!place) return;
  if (upload.key === "essay") {
    // The whole page changes with it: what the jury reads, and which answers are still needed.
    window.location.hash = place.id;
    window.location.reload();
    return;
  }
  await window.htmx.ajax("GET", place.dataset.here, { target: place, swap: "outerHTML" });
}

function problemOf(place, file) {
  const ending = `.${file.name.toLowerCase().split(".").pop()}`;
  if (!place.dataset.endings.split(",").includes(ending)) return "type";
  if (!file.size) return "empty";
  if (file.size > Number(form.dataset.largest)) return "size";
  const ahead = [...uploads].filter((one) => one.key === place.dataset.upload && one.file && unfinished.includes(one.state));
  return ahead.length > Number(place.dataset.room) ? "room" : "";
}

function take(input) {
  const place = input.closest("[data-upload]");
  for (const file of input.files) {
    for (const other of [...uploads]) {
      const same = other.id === `${prefixOf(place)}${file.name}:${file.size}:${file.lastModified}`;
      if (same || (other.key === place.dataset.upload && other.state === "refused")) {
        if (same && other.file && unfinished.includes(other.state)) return;
        other.leave();
      }
    }
    const upload = new Upload(place, file, file);
    upload.show("waiting");
    const problem = problemOf(place, file);
    if (problem) upload.refuse(problem);
  }
  input.value = "";
  pump();
}

// Files that were begun before this page was loaded

function showLeft(place) {
  const prefix = prefixOf(place);
  for (const id of memory.under(prefix)) {
    const kept = memory.read(id);
    if (!kept?.url || [...uploads].some((one) => one.id === id)) continue;
    const [lastModified, size, ...name] = id.slice(prefix.length).split(":").reverse();
    const left = { name: name.reverse().join(":"), size: Number(size), lastModified };
    const upload = new Upload(place, left);
    upload.offset = Number(kept.offset ?? 0);
    upload.show("left");
  }
}

function enhance(root) {
  const places = root.matches?.("[data-upload]") ? [root] : root.querySelectorAll("[data-upload]");
  for (const place of places) {
    place.querySelector("[data-upload-plain]")?.setAttribute("hidden", "");
    const queue = place.querySelector("[data-upload-queue]");
    if (!queue) continue;
    // A place that came anew from the server takes over what is still on its way.
    for (const upload of uploads) {
      if (upload.key === place.dataset.upload) queue.append(upload.row);
    }
    queue.hidden = !queue.children.length;
    showLeft(place);
    const { lacks: problem, stands: state } = place.dataset;
    if (state) place.dispatchEvent(new CustomEvent("portal:files", { bubbles: true, detail: { problem, state } }));
  }
}

if (form && model) {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-upload-input]")) take(event.target);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = event.target.closest?.("[data-upload-zone]");
      for (const other of document.querySelectorAll("[data-upload-zone]")) {
        other.classList.toggle("is-over", other === zone && name === "dragover");
      }
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if ([...uploads].some((one) => ["waiting", "sending", "offline"].includes(one.state) && one.file)) event.preventDefault();
  });
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
  enhance(document);
}
