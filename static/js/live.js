// The day of the defence: an open page asks every two seconds whether something changed, and the clock
// runs between the answers. The time left comes from the server; the clock of the device is not asked.

const EVERY = 2_000;
const SLOWEST = 30_000;
const LOST_AFTER = 2;

for (const place of document.querySelectorAll("[data-live]")) follow(place);
setInterval(tick, 250);

function follow(place) {
  let pause = EVERY;
  let failed = 0;
  begin(place);

  async function ask() {
    try {
      const seen = place.querySelector("[data-version]")?.dataset.version ?? "";
      const answer = await fetch(place.dataset.live, { headers: { "X-Seen": seen }, redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      if (answer.status === 200) show(place, await answer.text());
      [pause, failed] = [EVERY, 0];
    } catch {
      failed += 1;
      pause = Math.min(pause * 1.5, SLOWEST);
    }
    const lost = document.querySelector("[data-live-lost]");
    if (lost) lost.hidden = failed < LOST_AFTER;
    setTimeout(ask, pause);
  }
  setTimeout(ask, pause);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") pause = EVERY;
  });
}

// What had the focus keeps it, if it is still there.
function show(place, html) {
  const id = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = html;
  begin(place);
  if (id) document.getElementById(id)?.focus();
}

function begin(place) {
  for (const clock of place.querySelectorAll("[data-clock]")) {
    clock.ends = performance.now() + Number(clock.dataset.left) * 1000;
  }
  tick();
}

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (clock.dataset.running !== "1" || clock.ends === undefined) continue;
    const left = Math.ceil((clock.ends - performance.now()) / 1000);
    const words = `${left < 0 ? "+" : ""}${Math.floor(Math.abs(left) / 60)}:${String(Math.abs(left) % 60).padStart(2, "0")}`;
    if (clock.textContent !== words) clock.textContent = words;
    clock.closest(".clock")?.toggleAttribute("data-over", left < 0);
  }
}
