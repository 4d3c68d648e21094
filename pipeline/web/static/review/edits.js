// What the person typed, as the server's `Edits`: fields that differ from the start, and tables that were touched.
import { start } from "./api.js";
import * as coding from "./coding.js";
import { grids } from "./grid.js";

const form = document.getElementById("form");
export const fieldOf = (node) => node?.closest?.("[data-field]") ?? null;
export const inputOf = (field) => field.querySelector("input, select");
export const allFields = () => [...form.querySelectorAll("[data-field]")];
export const byName = (name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`);

const pointed = new Map(); // where a field's value was taken from on the page
const touched = new Set(); // fields to be keyed blind that the person has been in

export function changed() {
  form.dispatchEvent(new CustomEvent("edited"));
}

export function put(field, text, place = null) {
  const input = inputOf(field);
  input.value = text;
  if (place) {
    pointed.set(field.dataset.field, place);
    field.dataset.page = place.page;
    field.dataset.box = Object.values(place.box).join(" ");
  }
  if (field.classList.contains("blind")) touched.add(field.dataset.field);
  changed();
}

export function collect() {
  const fields = {};
  for (const field of allFields()) {
    const name = field.dataset.field, text = inputOf(field).value, place = pointed.get(name);
    const isChanged = text !== start.fields[name];
    if (isChanged || place || touched.has(name)) fields[name] = { text, ...(place ?? {}) };
  }
  return { fields, lines: grids.lines.edited(), taxes: grids.taxes.edited(), coding: coding.collect() };
}

export function apply(edits) {
  pointed.clear();
  touched.clear();
  for (const field of allFields()) {
    const name = field.dataset.field, typed = edits?.fields?.[name];
    inputOf(field).value = typed ? typed.text : start.fields[name];
    if (typed && field.classList.contains("blind")) touched.add(name);
    if (typed?.box) pointed.set(name, { page: typed.page, box: typed.box });
  }
  grids.lines.show(start.lines, edits?.lines ?? null);
  grids.taxes.show(start.taxes, edits?.taxes ?? null);
  coding.apply(edits?.coding);
}

form.addEventListener("input", (event) => {
  const field = fieldOf(event.target);
  if (field) {
    pointed.delete(field.dataset.field);
    if (field.classList.contains("blind")) touched.add(field.dataset.field);
  }
  changed();
});
form.addEventListener("change", (event) => {
  if (event.target.matches("select, [type=checkbox]")) changed();
});
// A blind field that was left empty on purpose is an answer too.
form.addEventListener("keydown", (event) => {
  const field = fieldOf(event.target);
  if (field?.classList.contains("blind") && event.key === "Enter" && !touched.has(field.dataset.field)) {
    touched.add(field.dataset.field);
    changed();
  }
});
form.addEventListener("submit", (event) => event.preventDefault());
