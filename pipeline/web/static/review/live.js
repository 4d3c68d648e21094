// While the person types: findings, sums and mistakes come back, and the draft is kept, here too if the server is gone.
import { element, itemPath, later, post, root, say, texts } from "./api.js";
import * as coding from "./coding.js";
import { allFields, apply, byName, collect, inputOf } from "./edits.js";

const form = document.getElementById("form");
const said = document.getElementById("draft-said");
const keptHere = `typed ${root.dataset.item}`;
const canType = root.dataset.open === "1";
let running = null;

export const state = { findings: [], mistakes: [], isChanged: false, isDecided: false, isDirty: false };

// False when a later look took its place.
export async function look() {
  running?.abort();
  running = new AbortController();
  try {
    show(await post(`${itemPath}/preview`, collect(), { signal: running.signal }));
  } catch (error) {
    if (error.name === "AbortError") return false;
    if (error.status !== 0) throw error;
  }
  return true;
}

// Until what is shown is of what is typed now.
export async function lookNow() {
  while (!(await look()));
}

// Saves one after the other, and nothing twice: an undo takes back exactly one save.
let saving = Promise.resolve();

export function keep() {
  keepSoon.cancel();
  saving = saving.catch(() => {}).then(save);
  return saving;
}

async function save() {
  if (state.isDecided || !state.isDirty) return;
  const edits = collect();
  state.isDirty = false;
  try {
    await post(`${itemPath}/draft`, edits);
    sessionStorage.removeItem(keptHere);
    said.textContent = texts.saved;
  } catch (error) {
    state.isDirty = true;
    sessionStorage.setItem(keptHere, JSON.stringify(edits));
    said.textContent = texts.unsaved;
    retry();
    if (error.status !== 0) throw error;
  }
}

const retry = later(5000, () => keep().catch(() => {}));
const lookSoon = later(180, () => look().catch(tell));
const keepSoon = later(600, () => keep().catch(tell));

function tell(error) {
  form.dispatchEvent(new CustomEvent("trouble", { detail: error }));
}

form.addEventListener("edited", () => {
  lookSoon();
  if (canType) {
    said.textContent = "";
    state.isDirty = true;
    keepSoon();
  }
});

export function stop() {
  state.isDecided = true;
  keepSoon.cancel();
  retry.cancel();
  sessionStorage.removeItem(keptHere);
}

export function begin(draft) {
  const here = sessionStorage.getItem(keptHere);
  apply(here ? JSON.parse(here) : draft);
  if (here && canType) {
    state.isDirty = true;
    keepSoon();
  }
  lookSoon();
}

function show(made) {
  Object.assign(state, { findings: made.findings, mistakes: made.mistakes, isChanged: made.changed });
  const told = new Set(); // a finding on several fields is told at the first of them
  for (const field of allFields()) showField(field, told);
  const general = made.findings.filter((one) => !one.fields.length);
  document.getElementById("general").replaceChildren(...items(general.filter((one) => one.severity === "error")));
  const remarks = general.filter((one) => one.severity !== "error"), place = document.getElementById("remarks");
  place.querySelector("ul").replaceChildren(...items(remarks));
  place.querySelector("span").textContent = remarks.length;
  place.hidden = !remarks.length;
  coding.show(made.coding);
  document.querySelectorAll("[data-target]").forEach((input) => {
    const mistake = made.mistakes.find((one) => one.where === input.dataset.target);
    input.setCustomValidity(mistake?.message ?? "");
    input.title = mistake?.message ?? "";
    input.toggleAttribute("aria-invalid", Boolean(mistake));
  });
  made.sums.forEach(showSum);
  const count = errors().length;
  const button = document.getElementById("errors");
  button.textContent = count ? say("errors", { count }) : texts.clean;
  button.classList.toggle("bad", count > 0);
  const approve = document.getElementById("approve");
  if (approve) approve.textContent = made.changed ? texts.correct : texts.approve;
}

function showField(field, told) {
  const name = field.dataset.field;
  const mistakes = state.mistakes.filter((one) => one.where === name).map((one) => ({ ...one, severity: "error" }));
  const findings = state.findings.filter((one) => one.fields.includes(name));
  field.querySelector(".rv-findings").replaceChildren(...items([...mistakes, ...findings.filter((one) => !told.has(one))]));
  findings.forEach((one) => told.add(one));
  const isWrong = [...mistakes, ...findings].some((one) => one.severity === "error");
  field.classList.toggle("wrong", isWrong);
  inputOf(field).setAttribute("aria-invalid", isWrong);
}

export const items = (findings) =>
  findings.map((one) => element("li", { className: one.severity, textContent: one.message }));

function showSum(sum) {
  const place = document.querySelector(`[data-sum="${sum.name}"]`);
  const isKnown = sum.fits !== null;
  place.className = !isKnown ? "" : sum.fits ? "fits" : "differs";
  const missing = isKnown && !sum.fits ? ` (${say("missing", { amount: sum.missing })})` : "";
  place.querySelector("dd").textContent = isKnown && !sum.fits ? `${sum.sum} ≠ ${sum.stated}${missing}` : `${sum.sum || "–"}${sum.fits ? " ✓" : ""}`;
}

// The places to mend, as inputs, in the order of the page.
export function errors() {
  const wrong = allFields().filter((field) => field.classList.contains("wrong")).map(inputOf);
  return [...wrong, ...document.querySelectorAll("[data-target][aria-invalid]")];
}

export const focusMistake = () => (errors()[0] ?? byName("invoice_number"))?.focus?.();
