// The inputs of an answer, by the kind of its question: each kind reads and writes one text,
// the same that nominations/fields.py keeps.

const line = (text) => text.trim().replace(/\s+/g, " ");

class OneInput {
  constructor(section) {
    this.section = section;
    this.elements = [...section.querySelectorAll("[name^='answer-']")];
  }

  get first() {
    return this.elements[0];
  }

  initial() {
    return this.first.defaultValue;
  }

  read() {
    return this.first.value;
  }

  write(text) {
    this.first.value = text;
  }

  focus() {
    this.first.focus();
  }

  mark(wrong) {
    this.first.classList.toggle("is-invalid", wrong);
  }
}

class Choice extends OneInput {
  chosen(property) {
    return this.elements.filter((one) => one[property]).map((one) => one.value).join("\n");
  }

  initial() {
    return this.chosen("defaultChecked");
  }

  read() {
    return this.chosen("checked");
  }

  write(text) {
    const wanted = new Set(text.split("\n"));
    for (const one of this.elements) one.checked = wanted.has(one.value);
  }

  mark() {
    // The sentence below the choices says what is wrong; no one of them is.
  }
}

class Metric extends OneInput {
  parts(property) {
    const parts = {};
    for (const one of this.elements) parts[one.dataset.part] = line(one[property]);
    return Object.values(parts).some(Boolean) ? JSON.stringify(parts) : "";
  }

  initial() {
    return this.parts("defaultValue");
  }

  read() {
    return this.parts("value");
  }

  write(text) {
    const parts = text ? JSON.parse(text) : {};
    for (const one of this.elements) one.value = parts[one.dataset.part] ?? "";
  }
}

class Table extends OneInput {
  constructor(section) {
    super(section);
    this.body = section.querySelector("tbody");
    this.pattern = section.querySelector("template[data-row]");
    this.adder = section.querySelector("[data-add-row]");
    this.most = Number(section.querySelector("[data-table]").dataset.most);
    this.adder?.addEventListener("click", () => {
      this.addRow().querySelector("input").focus();
      this.offer();
    });
    this.offer();
  }

  get rows() {
    return [...this.body.rows];
  }

  get first() {
    return this.body.querySelector("input");
  }

  offer() {
    if (this.adder) this.adder.hidden = this.rows.length >= this.most;
  }

  addRow() {
    const row = this.pattern.content.firstElementChild.cloneNode(true);
    this.body.append(row);
    return row;
  }

  cells(property) {
    const rows = this.rows.map((row) => {
      const cells = {};
      for (const one of row.querySelectorAll("[data-cell]")) cells[one.dataset.cell] = line(one[property]);
      return cells;
    });
    while (rows.length && !Object.values(rows.at(-1)).some(Boolean)) rows.pop();
    return rows.length ? JSON.stringify(rows) : "";
  }

  initial() {
    return this.cells("defaultValue");
  }

  read() {
    return this.cells("value");
  }

  write(text) {
    const rows = text ? JSON.parse(text) : [];
    while (this.rows.length < rows.length) this.addRow();
    this.rows.forEach((row, at) => {
      for (const one of row.querySelectorAll("[data-cell]")) one.value = rows[at]?.[one.dataset.cell] ?? "";
    });
    this.offer();
  }
}

const KINDS = { choice: Choice, choices: Choice, metric: Metric, table: Table };

export function inputsOf(section) {
  return new (KINDS[section.dataset.kind] ?? OneInput)(section);
}
