// What all pages share: the notice is emptied when work goes on, and tables with [data-rows] are walked with j, k, Enter.
"use strict";

const isTyping = (target) => target.matches("input, select, textarea, [contenteditable]");

document.addEventListener("htmx:beforeRequest", () => document.getElementById("notice").replaceChildren());

document.addEventListener("keydown", (event) => {
  const rows = [...document.querySelectorAll("[data-rows] > tr[data-key]")];
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/" && document.querySelector("[data-search]")) {
    document.querySelector("[data-search]").focus();
    event.preventDefault();
    return;
  }
  if (event.key === "n" && document.querySelector("[data-next]")) {
    document.querySelector("[data-next]").click();
    return;
  }
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("active"));
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    rows[at]?.classList.remove("active");
    next.classList.add("active");
    next.querySelector("a, button")?.focus();
    next.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  }
});

// A refresh keeps the row that was active, by its key, and the focus in it.
let kept = null;
document.addEventListener("htmx:beforeSwap", () => {
  kept = document.querySelector("tr.active")?.dataset.key ?? null;
});
document.addEventListener("htmx:afterSwap", () => {
  const row = kept && document.querySelector(`tr[data-key="${CSS.escape(kept)}"]`);
  if (!row) return;
  row.classList.add("active");
  if (document.activeElement === document.body) row.querySelector("a, button")?.focus();
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-rows] > tr[data-key]");
  if (!row) return;
  document.querySelectorAll("tr.active").forEach((other) => other.classList.remove("active"));
  row.classList.add("active");
});

// What shows the state of things asks for itself anew, but only while somebody is there: an idle session shall end.
const REFRESH_MS = 20_000, AWAY_MS = 5 * 60_000;
let lastSign = Date.now();
["keydown", "pointermove"].forEach((name) => document.addEventListener(name, () => { lastSign = Date.now(); }));
setInterval(() => {
  const isThere = !document.hidden && Date.now() - lastSign < AWAY_MS;
  if (isThere && document.querySelector("[data-refresh]")) htmx.trigger(document.body, "refresh");
}, REFRESH_MS);
