// Dragging in the plan of a defence. A drop fills the form of the entry and sends it, as a keyboard would:
// the server decides, and answers with the page. Without this script the forms do everything.

const PLACE = "plan-scroll";
const EDGE = 70;
const table = document.querySelector("[data-plan]");
document.getElementById("faults")?.focus();
if (table) start();

function start() {
  document.querySelector(".plan").classList.add("is-live");
  document.querySelector("[data-plan-hint]").hidden = false;
  // After a drop the reader stays where they were, unless there is something to read first.
  const kept = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (kept && !document.getElementById("faults")) window.scrollTo(0, Number(kept));
  document.addEventListener("pointerdown", grab);
}

function grab(event) {
  if (event.button !== 0 || !(event.target instanceof Element)) return;
  const source = event.target.closest("[data-drag]");
  if (!source) return;
  // A finger scrolls the page, except on the handle.
  if (event.pointerType !== "mouse" && !event.target.closest("[data-handle]")) return;
  const form = document.getElementById(`slot-form-${source.dataset.drag}`);
  if (form) drag(event, source, form);
}

function drag(begin, source, form) {
  const held = source.closest(".plan-block, .plan-line");
  const inTable = table.contains(source);
  const grip = inTable ? begin.clientY - held.getBoundingClientRect().top : 0;
  const ghost = document.createElement("div");
  ghost.className = "plan-ghost";
  let target = null;
  let moved = false;

  const move = (event) => {
    if (!moved && Math.hypot(event.clientX - begin.clientX, event.clientY - begin.clientY) < 5) return;
    if (!moved) {
      moved = true;
      held.classList.add("is-held");
      document.body.append(ghost);
    }
    event.preventDefault();
    mark(target, false);
    target = under(event.clientX, event.clientY - grip + 4);
    mark(target, true);
    ghost.style.left = `${event.clientX + 14}px`;
    ghost.style.top = `${event.clientY + 10}px`;
    ghost.classList.toggle("is-outside", !target);
    ghost.textContent = target ? [target.row.dataset.at, target.room].filter(Boolean).join(" · ") : "—";
    if (event.clientY < EDGE) window.scrollBy(0, -14);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 14);
  };
  const leave = () => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", leave);
    document.removeEventListener("keydown", escape);
    mark(target, false);
    held.classList.remove("is-held");
    ghost.remove();
  };
  const escape = ({ key }) => key === "Escape" && leave();
  const drop = () => {
    leave();
    if (!moved) return;
    // The click that ends a drag leads nowhere.
    document.addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
    setTimeout(() => target && send(form, target), 0);
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", leave);
  document.addEventListener("keydown", escape);
}

function send(form, { row, room }) {
  form.elements.day.value = table.dataset.day;
  form.elements.starts.value = row.dataset.at;
  form.elements.place.value = room;
  form.elements.from.value = "table";
  sessionStorage.setItem(PLACE, String(window.scrollY));
  form.requestSubmit();
}

function under(x, y) {
  const inside = ({ left, right }) => x >= left && x < right;
  const head = [...table.tHead.rows[0].querySelectorAll("[data-room]")].find((one) => inside(one.getBoundingClientRect()));
  const row = [...table.tBodies[0].rows].find((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return y >= top && y < bottom;
  });
  return head && row ? { row, room: head.dataset.room } : null;
}

function mark(target, on) {
  target?.row.classList.toggle("is-target", on);
}
