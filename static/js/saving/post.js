// What every form that saves itself shares: the token, one request and what came of it, the time of the last saving.

export const AGAIN = 5000; // after a failure

export function tokenOf(form) {
  return document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
}

// What came of it is one of: offline, signedOut, failed (try again later), saved, refused; the last two with what the server said.
export async function post(url, body, token) {
  try {
    const answer = await fetch(url, {
      method: "POST", body: new URLSearchParams(body), headers: { "X-CSRFToken": token, Accept: "application/json" }, redirect: "manual",
    });
    if (answer.type === "opaqueredirect") return { outcome: "signedOut" };
    if (answer.status >= 500) return { outcome: "failed" };
    const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    return { outcome: answer.ok ? "saved" : "refused", status: answer.status, said };
  } catch {
    return { outcome: "offline" };
  }
}

// A time element that says when something was saved.
export function stamp(time, at = new Date()) {
  if (!time || !at) return;
  const moment = new Date(at);
  time.dateTime = moment.toISOString();
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
}

// The line that says how saving goes (components/autosave.html).
export function showState(line, name, waiting) {
  line.dataset.state = name;
  if (waiting !== undefined) line.querySelector("[data-waiting]").textContent = waiting;
  if (name === "saved") stamp(line.querySelector("time"));
}

export function toast(message, kind = "danger") {
  document.dispatchEvent(new CustomEvent("portal:toast", { detail: { message, kind } }));
}

// Another form of the page (or this one) leaves the page only when nothing is on its way.
export async function leaveAfter(event, work, isThrough) {
  event.preventDefault();
  const { currentTarget: form, submitter } = event;
  await work;
  if (!isThrough()) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}
