// One part of the form that is saved as a whole: a criterion, or the two texts about the entry.

const number = (text) => Number(String(text).replace(",", "."));

export function unitOf(element, sheet) {
  return element.dataset.unit === "comment" ? new Texts(element, sheet) : new Criterion(element, sheet);
}

class Texts {
  constructor(element, sheet) {
    this.element = element;
    this.key = "comment";
    this.url = sheet.dataset.commentUrl;
    this.words = sheet.dataset;
    this.name = this.words.textComments;
    this.field = (name) => sheet.elements[name];
    this.versionField = this.field("version");
  }

  read() {
    return { comment: this.field("comment").value, private_note: this.field("private_note").value };
  }

  write(value) {
    this.field("comment").value = value.comment;
    this.field("private_note").value = value.private_note;
  }

  say(value) {
    return [value.comment, value.private_note].filter(Boolean).join(" / ") || this.words.textNoMark;
  }

  isSame(sent, stored) {
    return sent.comment.trim() === stored.comment && sent.private_note.trim() === stored.private_note;
  }

  askWhy() {}

  focus() {
    this.field("comment").focus();
  }
}

class Criterion {
  constructor(element, sheet) {
    this.element = element;
    this.key = element.dataset.unit;
    this.url = element.dataset.url;
    this.name = element.dataset.name;
    this.words = sheet.dataset;
    this.comment = sheet.elements[`comment-${this.key}`];
    this.versionField = sheet.elements[`version-${this.key}`];
    this.number = element.querySelector("input[type=number]");
    this.abstain = element.querySelector("input[type=checkbox]");
    this.options = [...element.querySelectorAll("input[type=radio]")];
  }

  get chosen() {
    return this.options.find((option) => option.checked);
  }

  read() {
    const comment = this.comment.value;
    if (this.number) return { value: this.abstain.checked ? "" : this.number.value, abstained: this.abstain.checked ? "1" : "", comment };
    const option = this.chosen;
    return { value: option?.value ?? "", abstained: option?.value === "" ? "1" : "", comment };
  }

  write(value) {
    const abstained = value.abstained === true || value.abstained === "1";
    this.comment.value = value.comment;
    if (value.comment) this.comment.closest("details").open = true;
    if (this.number) {
      this.number.value = value.value;
      this.abstain.checked = abstained;
    } else {
      this.options.forEach((option) => {
        option.checked = option.value === "" ? abstained : option.value === value.value;
      });
    }
  }

  say(value) {
    const mark = value.abstained ? this.words.textAbstained : value.value || this.words.textNoMark;
    return value.comment ? `${mark}, “${value.comment}”` : mark;
  }

  isSame(sent, stored) {
    const mark = (value) => (value === "" ? "" : number(value));
    return mark(sent.value) === mark(stored.value) && (sent.abstained === "1") === stored.abstained && sent.comment.trim() === stored.comment;
  }

  // A number and “cannot judge” exclude each other.
  keepOne(target) {
    if (target === this.number) this.abstain.checked = false;
    if (target === this.abstain && target.checked) this.number.value = "";
  }

  // Every mark that can be given, as it is typed.
  values() {
    if (!this.number) return this.options.map((option) => option.value).filter(Boolean);
    const [max, step] = [Number(this.element.dataset.max), Number(this.element.dataset.step)];
    const count = Math.min(Math.floor(max / step + 1e-9), 2000);
    return Array.from({ length: count + 1 }, (_, at) => String(Number((at * step).toFixed(2))));
  }

  // Give a mark as a click would; null abstains.
  give(value) {
    const wanted = value ?? "";
    if (this.number) {
      this.number.value = wanted;
      this.abstain.checked = value === null;
      this.focus();
      return;
    }
    const option = this.options.find((one) => one.value === wanted);
    if (!option) return;
    option.checked = true;
    option.focus({ preventScroll: true });
  }

  // The rubric wants a reason beside a very low or very high mark.
  askWhy(message, complain) {
    const { whyLow, whyHigh } = this.element.dataset;
    const { value, comment } = this.read();
    const mark = value === "" ? null : number(value);
    const needed = mark !== null && ((whyLow && mark <= number(whyLow)) || (whyHigh && mark >= number(whyHigh)));
    this.comment.required = Boolean(needed);
    if (!needed || comment.trim()) return;
    this.comment.closest("details").open = true;
    complain(this, message);
  }

  focus() {
    (this.number ?? this.chosen ?? this.options[0])?.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }
}
