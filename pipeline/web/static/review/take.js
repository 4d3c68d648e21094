// A click on the page takes the word under it, a drag what the rectangle holds, into the field that was active last.
import { itemPath, post, say, texts } from "./api.js";
import { fieldOf, put } from "./edits.js";
import { boxes, hasPages, highlight, rectangle, sheet } from "./page.js";

const view = document.getElementById("view"), said = document.getElementById("taken");
const form = document.getElementById("form");
const SMALL = 3; // points: less is a click
let target = null; // the input that was active last
let from = null, drawn = null;

form.addEventListener("focusin", (event) => {
  if (event.target.matches("input, select")) target = event.target.closest("#coding") ? null : event.target;
});

// Where the pointer is, in points of the page; the matrix knows about zoom and turn.
function point(event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(boxes.getScreenCTM().inverse());
  return { x: Math.min(sheet.width, Math.max(0, at.x)), y: Math.min(sheet.height, Math.max(0, at.y)) };
}

function between(one, other) {
  return {
    x0: Math.min(one.x, other.x), y0: Math.min(one.y, other.y), x1: Math.max(one.x, other.x), y1: Math.max(one.y, other.y),
  };
}

async function take(box) {
  if (!target || target.readOnly || target.disabled) {
    said.textContent = texts.noField;
    return;
  }
  const input = target, field = fieldOf(input);
  try {
    const found = await post(`${itemPath}/take`, { page: sheet.number, box, target: field?.dataset.field ?? input.dataset.target ?? "" });
    said.textContent = found.source === "nothing" ? texts.nothing : say(found.source === "ocr" ? "ocr" : "taken", { text: found.text });
    if (found.source !== "nothing") fill(input, field, found);
  } catch (error) {
    said.textContent = `${error.message} ${error.remedy}`;
  }
  input.focus();
}

function fill(input, field, found) {
  if (field) {
    put(field, found.text, { page: found.page, box: found.box });
    highlight(field);
  } else {
    input.value = found.text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function begin(event) {
  if (event.button !== 0 || !event.target.closest("#paper")) return;
  event.preventDefault(); // the field keeps the focus
  from = point(event);
  view.setPointerCapture(event.pointerId);
}

function move(event) {
  if (!from) return;
  drawn?.remove();
  drawn = rectangle(Object.values(between(from, point(event))).join(" "), "drawn");
  boxes.append(drawn);
}

function end(event) {
  if (!from) return;
  const box = between(from, point(event));
  from = null;
  drawn?.remove();
  const isClick = Math.max(box.x1 - box.x0, box.y1 - box.y0) < SMALL;
  take(isClick ? { ...box, x1: box.x0, y1: box.y0 } : box);
}

if (hasPages) {
  view.addEventListener("pointerdown", begin);
  view.addEventListener("pointermove", move);
  view.addEventListener("pointerup", end);
  view.addEventListener("pointercancel", () => { from = null; drawn?.remove(); });
}
