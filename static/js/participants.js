// Adds another line for a participant, in the way Django's formset counts them.

const section = document.querySelector("[data-participants]");
const button = section?.querySelector("[data-participant-add]");

function addLine() {
  const total = section.querySelector("[name='participants-TOTAL_FORMS']");
  const lines = section.querySelectorAll("[data-participant]");
  const line = lines[lines.length - 1].cloneNode(true);
  const number = Number(total.value);
  for (const part of line.querySelectorAll("[name], [for]")) {
    for (const name of ["name", "id", "for"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, value.replace(/participants-\d+-/, `participants-${number}-`));
    }
    part.classList.remove("is-invalid");
    if ("value" in part) part.value = "";
  }
  line.querySelectorAll(".field-error").forEach((error) => error.remove());
  lines[lines.length - 1].after(line);
  total.value = number + 1;
  line.querySelector("input").focus();
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", addLine);
}
