// Tables that are typed in: VAT rows and invoice lines. A row keeps also the columns that are not shown.
import { element, say, start } from "./api.js";

class Grid {
  constructor(fieldset) {
    this.name = fieldset.dataset.grid;
    this.body = fieldset.querySelector("tbody");
    this.columns = this.body.dataset.columns.split(" ");
    this.isTouched = false;
    this.isLocked = document.getElementById("review").dataset.open !== "1";
    const add = fieldset.querySelector("[data-add]");
    add.hidden = this.isLocked;
    add.addEventListener("click", () => this.add());
    const more = fieldset.querySelector("[data-more]");
    more?.addEventListener("click", () => {
      const isWide = fieldset.classList.toggle("all");
      more.setAttribute("aria-pressed", isWide);
    });
    this.body.addEventListener("input", () => { this.isTouched = true; });
    this.body.addEventListener("change", () => { this.isTouched = true; });
    this.body.addEventListener("keydown", (event) => this.walk(event));
  }

  show(rows, edited) {
    this.isTouched = edited !== null;
    this.body.replaceChildren(...(edited ?? rows).map((row) => this.row(row)));
    this.number();
  }

  edited() {
    return this.isTouched ? [...this.body.rows].map((row) => this.read(row)) : null;
  }

  read(row) {
    const cells = Object.fromEntries([...row.querySelectorAll("input")].map((input) => [
      input.dataset.column, input.type === "checkbox" ? input.checked : input.value,
    ]));
    return { ...JSON.parse(row.dataset.kept), ...cells };
  }

  row(values) {
    const row = element("tr");
    row.dataset.kept = JSON.stringify(values);
    this.columns.forEach((column, index) => row.append(this.cell(column, values[column], index > 5)));
    const remove = element("button", { type: "button", textContent: "×", className: "quiet", tabIndex: -1, hidden: this.isLocked });
    remove.addEventListener("click", () => this.remove(row));
    row.append(element("td", {}, remove));
    return row;
  }

  cell(column, value, isMore) {
    const isFlag = column === "includes_tax";
    const input = element("input", isFlag ? { type: "checkbox", checked: value === true } : { value: value ?? "", readOnly: this.isLocked });
    input.dataset.column = column;
    input.autocomplete = "off";
    input.spellcheck = false;
    if (!["description", "item_id", "unit", "identifier", "category", "tax_category"].includes(column)) input.classList.add("n");
    return element("td", { className: isMore ? "more" : "" }, input);
  }

  number() {
    const heads = [...this.body.closest("table").tHead.rows[0].cells].map((cell) => cell.textContent);
    [...this.body.rows].forEach((row, at) => {
      row.querySelectorAll("input").forEach((input, index) => {
        input.dataset.target = `${this.name}.${at}.${input.dataset.column}`;
        input.setAttribute("aria-label", `${heads[index]}, ${say("row", { row: at + 1 })}`);
      });
      row.querySelector("button").setAttribute("aria-label", `${say("remove")} ${at + 1}`);
    });
  }

  add(after = null) {
    const empty = Object.fromEntries(this.columns.map((column) => [column, column === "includes_tax" ? false : ""]));
    const row = this.row(empty);
    if (after) after.after(row); else this.body.append(row);
    this.touch();
    row.querySelector("input").focus();
  }

  remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.touch();
    next?.querySelector("input").focus();
  }

  touch() {
    this.isTouched = true;
    this.number();
    this.body.closest("form").dispatchEvent(new CustomEvent("edited"));
  }

  walk(event) {
    const row = event.target.closest("tr");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.altKey && event.key === "Delete" && !this.isLocked) {
      event.preventDefault();
      this.remove(row);
    } else if (step && !event.altKey) {
      event.preventDefault();
      const other = step > 0 ? row.nextElementSibling : row.previousElementSibling;
      const column = event.target.dataset.column;
      other?.querySelector(`[data-column="${column}"]`).focus();
    }
  }
}

export const grids = Object.fromEntries(
  [...document.querySelectorAll("[data-grid]")].map((fieldset) => [fieldset.dataset.grid, new Grid(fieldset)]),
);
grids.lines.show(start.lines, null);
grids.taxes.show(start.taxes, null);
