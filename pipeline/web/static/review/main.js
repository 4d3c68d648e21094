// The review page: keys and buttons, and what they do.
import { root } from "./api.js";
import * as acts from "./acts.js";
import * as coding from "./coding.js";
import { allFields, byName, fieldOf, inputOf, put } from "./edits.js";
import { grids } from "./grid.js";
import { errors } from "./live.js";
import * as page from "./page.js";
import "./take.js";

const form = document.getElementById("form");
const help = document.getElementById("help");

const does = {
  approve: () => acts.approve(), reject: acts.reject, postpone: acts.postpone, escalate: acts.escalate,
  note: acts.note, undo: acts.undo, ahead: acts.ahead, leave: acts.leave, help: () => help.showModal(),
  nextError: () => errors()[0]?.focus(),
  zoomIn: () => page.zoom(1.25), zoomOut: () => page.zoom(0.8), fit: () => page.zoom(0), rotate: page.rotate,
  pageOn: () => page.open(page.sheet.number + 1), pageBack: () => page.open(page.sheet.number - 1),
  code: () => coding.enter(), codeAll: () => coding.codeAll(), addLine: () => grids.lines.add(), nextDoubt: () => doubt(1), lastDoubt: () => doubt(-1),
};

const ALT = {
  r: "reject", p: "postpone", q: "escalate", m: "note", u: "undo", s: "leave", h: "help", l: "addLine", o: "rotate", i: "code", a: "codeAll",
  "+": "zoomIn", "=": "zoomIn", "-": "zoomOut", "−": "zoomOut", 0: "fit",
  PageDown: "pageOn", PageUp: "pageBack", ArrowDown: "nextDoubt", ArrowUp: "lastDoubt",
};
const WORK = new Set(["approve", "reject", "postpone", "escalate", "note", "undo", "leave", "addLine", "codeAll"]);
const canWork = root.dataset.open === "1";

function run(name) {
  if (!canWork && WORK.has(name)) return;
  does[name]?.();
}

root.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]");
  if (act) run(act.dataset.act);
  const choice = event.target.closest("[data-choice]");
  if (choice) choose(choice);
  const compare = event.target.closest("[data-compare]");
  if (compare) sideBySide(compare.dataset);
});

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const name = named(event);
  if (!name) return;
  event.preventDefault();
  if (name.startsWith("choice")) choose(fieldOf(document.activeElement)?.querySelector(`[data-choice="${name.slice(6)}"]`));
  else run(name);
});

function named(event) {
  if (event.ctrlKey && event.key === "Enter") return "approve";
  if (event.altKey && !event.ctrlKey) return /^[1-3]$/.test(event.key) ? `choice${event.key}` : ALT[event.key] ?? ALT[event.key.toLowerCase()];
  const isTyping = event.target.matches("input, select, textarea");
  return event.key === "?" && !isTyping ? "help" : null;
}

function choose(choice) {
  const field = fieldOf(choice);
  if (!field || !canWork) return;
  const { text, page: number, box } = choice.dataset;
  const [x0, y0, x1, y1] = (box ?? "").split(" ").map(Number);
  put(field, text, box ? { page: Number(number), box: { x0, y0, x1, y1 } } : null);
  inputOf(field).focus();
  page.highlight(field);
}

function sideBySide({ compare, name }) {
  const dialog = document.getElementById("compare"), [mine, other] = dialog.querySelectorAll("img");
  if (page.hasPages) mine.src = document.getElementById("picture").src;
  other.src = compare;
  dialog.querySelectorAll("figcaption")[1].textContent = name;
  dialog.showModal();
}

// What needs a look: doubtful fields, and the accounts where they are doubtful.
const isDoubtful = (input) => Boolean(input?.closest(".rv-field.doubtful, .rv-coding.doubtful"));
const onTheWay = (input) => input.offsetParent && input.dataset.column !== "cost_centre";

// Enter goes on: through the doubtful fields to the button that approves, through the others and the cells in order.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.altKey || !event.target.matches("input, select")) return;
  event.preventDefault();
  const inputs = [...form.querySelectorAll("input, select")].filter((input) => onTheWay(input) || input === event.target);
  const following = inputs[inputs.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
  const isLeaving = isDoubtful(event.target) && !isDoubtful(following);
  const goal = isLeaving && !event.shiftKey ? document.getElementById("approve") : following;
  enter(goal);
});

function enter(input) {
  input?.focus();
  if (input?.matches("input:not([type=checkbox])")) input.select();
}

function doubt(step) {
  const inputs = [...form.querySelectorAll("input, select")].filter(
    (input) => onTheWay(input) && (isDoubtful(input) || input.closest(".rv-field.wrong")),
  );
  const at = inputs.indexOf(document.activeElement);
  enter(inputs[(at + step + inputs.length) % inputs.length]);
}

form.addEventListener("focusin", (event) => {
  const field = fieldOf(event.target);
  document.querySelectorAll("[data-field].active").forEach((other) => other.classList.remove("active"));
  field?.classList.add("active");
  if (page.hasPages && field) page.highlight(field);
});

async function begin() {
  const doubtful = allFields().find((field) => field.classList.contains("doubtful"));
  const first = doubtful ?? byName("invoice_number");
  const isForCoding = location.hash === "#to-coding" || (!doubtful && coding.panel?.classList.contains("doubtful"));
  const opening = acts.open();
  await page.open(Number(first.dataset.page) || 1);
  await opening;
  if (![document.body, coding.panel].includes(document.activeElement)) return;
  if (isForCoding && coding.panel) coding.enter();
  else enter(inputOf(first));
}

begin();
