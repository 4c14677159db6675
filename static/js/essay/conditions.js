// Questions that are asked only after a certain answer: shown and hidden as one writes.

export class Conditions {
  constructor(sections, textOf) {
    this.sections = sections;
    this.byId = new Map(sections.map((section) => [section.dataset.answer, section]));
    this.textOf = textOf;
  }

  isAsked(section) {
    const before = this.byId.get(section.dataset.if);
    if (!section.dataset.if) return true;
    if (!before || !this.isAsked(before)) return false;
    const text = this.textOf(section.dataset.if).trim();
    const wanted = section.dataset.ifValue;
    return wanted ? text.split(/\s+/).includes(wanted) : text !== "";
  }

  apply() {
    let number = 0;
    for (const section of this.sections) {
      const asked = this.isAsked(section);
      section.hidden = !asked;
      document.querySelector(`[data-for="${section.dataset.answer}"]`)?.closest("li")?.toggleAttribute("hidden", !asked);
      if (asked) number += 1;
      const place = section.querySelector(".answer__number");
      if (place) place.textContent = asked ? number : "";
    }
  }
}
