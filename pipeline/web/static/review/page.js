// The picture of the page: zoom, turn, flip, and the boxes of the fields. Boxes are in points; the SVG scales them.
import { ask, itemPath, later, root, say, texts } from "./api.js";
import { allFields } from "./edits.js";

const DPIS = [72, 110, 160, 220];
const MARGIN = 8;
const view = document.getElementById("view"), paper = document.getElementById("paper");
const picture = document.getElementById("picture");
export const boxes = document.getElementById("boxes");
const trouble = document.getElementById("page-trouble");
export const hasPages = root.dataset.pages === "1";
export const sheet = { number: 0, width: 595, height: 842, count: 1, zoom: 1, turn: 0 };
let active = null;

export async function open(number) {
  if (!hasPages || number < 1 || (sheet.number && number > sheet.count)) return;
  document.getElementById("page-said").textContent = texts.reading;
  try {
    Object.assign(sheet, await ask(`${itemPath}/pages/${number}`), { number });
    trouble.hidden = true;
  } catch (error) {
    if (!sheet.number) sheet.number = number;
    trouble.textContent = `${error.message} ${error.remedy ?? ""}`;
    trouble.hidden = false;
    return;
  }
  document.getElementById("page-said").textContent = say("page", { page: number, count: sheet.count });
  picture.alt = say("page", { page: number, count: sheet.count });
  boxes.setAttribute("viewBox", `0 0 ${sheet.width} ${sheet.height}`);
  lay();
  drawBoxes();
}

const isSideways = () => sheet.turn % 180 !== 0;

function lay() {
  const across = isSideways() ? sheet.height : sheet.width;
  const scale = (sheet.zoom * (view.clientWidth - 2 * MARGIN)) / across;
  const [width, height] = [sheet.width * scale, sheet.height * scale];
  for (const part of [picture, boxes]) Object.assign(part.style, { width: `${width}px`, height: `${height}px` });
  const turned = { 0: "", 90: `translateX(${height}px) rotate(90deg)`, 180: `translate(${width}px, ${height}px) rotate(180deg)`, 270: `translateY(${width}px) rotate(270deg)` };
  for (const part of [picture, boxes]) part.style.transform = turned[sheet.turn];
  Object.assign(paper.style, { width: `${isSideways() ? height : width}px`, height: `${isSideways() ? width : height}px` });
  sharpen((width * devicePixelRatio * 72) / sheet.width);
}

// The smallest picture that is fine enough.
function sharpen(wanted) {
  const dpi = DPIS.find((one) => one >= wanted * 0.9) ?? DPIS.at(-1);
  const address = `${itemPath}/pages/${sheet.number}.png?dpi=${dpi}`;
  if (picture.getAttribute("src") !== address) picture.src = address;
}

export function drawBoxes() {
  const shown = allFields().filter((field) => Number(field.dataset.page) === sheet.number && field.dataset.box);
  boxes.replaceChildren(...shown.map((field) => {
    const box = rectangle(field.dataset.box, field === active ? "active" : field.classList.contains("doubtful") ? "doubtful" : "");
    box.dataset.for = field.dataset.field;
    return box;
  }));
}

export function rectangle(sides, name) {
  const [x0, y0, x1, y1] = sides.split(" ").map(Number);
  const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const place = { x: x0 - 1.5, y: y0 - 1.5, width: Math.max(0, x1 - x0) + 3, height: Math.max(0, y1 - y0) + 3 };
  for (const [key, value] of Object.entries(place)) made.setAttribute(key, value);
  made.setAttribute("class", name);
  return made;
}

export async function highlight(field) {
  active = field;
  const page = Number(field?.dataset.page);
  if (page && page !== sheet.number) await open(page);
  drawBoxes();
  const box = boxes.querySelector(".active");
  if (box) reveal(box);
}

function reveal(box) {
  const [inside, frame] = [box.getBoundingClientRect(), view.getBoundingClientRect()];
  const isSeen = inside.top > frame.top + 20 && inside.bottom < frame.bottom - 20 && inside.left > frame.left && inside.right < frame.right;
  if (isSeen) return;
  view.scrollTop += (inside.top + inside.bottom) / 2 - (frame.top + frame.bottom) / 2;
  view.scrollLeft += (inside.left + inside.right) / 2 - (frame.left + frame.right) / 2;
}

export function zoom(factor) {
  const before = { x: (view.scrollLeft + view.clientWidth / 2) / paper.offsetWidth, y: (view.scrollTop + view.clientHeight / 2) / paper.offsetHeight };
  sheet.zoom = factor === 0 ? 1 : Math.min(5, Math.max(0.4, sheet.zoom * factor));
  lay();
  view.scrollLeft = before.x * paper.offsetWidth - view.clientWidth / 2;
  view.scrollTop = before.y * paper.offsetHeight - view.clientHeight / 2;
}

export function rotate() {
  sheet.turn = (sheet.turn + 90) % 360;
  lay();
}

if (hasPages) addEventListener("resize", later(150, lay));
