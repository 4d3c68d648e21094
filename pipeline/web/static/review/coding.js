// The accounts: a row for each thing that was bought, as the server proposes it or as the person typed it.
import { element, root, texts } from "./api.js";

export const panel = document.getElementById("coding");
const body = panel?.querySelector("tbody");
const isLocked = root.dataset.open !== "1";
const typed = new Map(); // key of a row -> what the person left in it
let pending = null; // a draft whose rows are not known yet
let shown = []; // the rows as the server told them last

// Rows that are described alike are told apart by their number.
function keyed(rows) {
  const count = {};
  return rows.map((row) => ({ ...row, key: `${(count[row.text] = (count[row.text] ?? 0) + 1)} ${row.text}` }));
}

export function apply(rows) {
  typed.clear();
  pending = rows ?? null;
  shown = [];
}

// What was typed, as the server's `Edits.coding`; null while everything is as proposed.
export const collect = () => pending ?? (typed.size ? all() : null);

// All that lies before the person; null where there is nothing.
export function all() {
  if (!shown.length) return pending;
  return shown.map((row) => ({ text: row.text, ...(typed.get(row.key) ?? { account: row.account, cost_centre: row.cost_centre }) }));
}

// Two that are equal show the person the same.
export const signature = () => JSON.stringify(all());

export function show(coding) {
  if (!panel || !coding) return;
  const rows = keyed(coding.lines);
  if (pending) {
    const proposed = new Map(rows.map((row) => [row.key, row]));
    for (const row of keyed(pending)) if (proposed.has(row.key)) typed.set(row.key, { account: row.account, cost_centre: row.cost_centre });
    pending = null;
  }
  const isSame = rows.length === shown.length && rows.every((row, at) => row.key === shown[at].key);
  shown = rows;
  for (const key of [...typed.keys()]) if (!rows.some((row) => row.key === key)) typed.delete(key);
  if (!isSame) body.replaceChildren(...rows.flatMap(make));
  rows.forEach(fill);
  const trouble = panel.querySelector("[data-trouble]");
  trouble.textContent = coding.trouble;
  trouble.hidden = !coding.trouble;
  panel.querySelector("[data-booked]").textContent = coding.booked.join(" · ");
  panel.querySelector("[data-act=codeAll]").hidden = isLocked || rows.length < 2;
}

function make(row, at) {
  const input = (column, list, label) => {
    const made = element("input", { autocomplete: "off", spellcheck: false, readOnly: isLocked, maxLength: column === "account" ? 40 : 200 });
    made.setAttribute("list", list);
    made.setAttribute("aria-label", `${label}: ${row.label}`);
    made.setAttribute("aria-describedby", `because-${at}`);
    Object.assign(made.dataset, { column, target: `coding.${at}.${column}` });
    made.addEventListener("input", () => keep(at));
    return element("td", {}, made);
  };
  const first = element("tr", {}, element("td", { textContent: row.label, title: row.label }), element("td", { className: "n", textContent: row.net }),
    input("account", "accounts", texts.account), input("cost_centre", "centres", texts.centre), element("td", { className: "rv-sure" }));
  first.dataset.row = at;
  const second = element("tr", { className: "rv-because" }, element("td", { colSpan: 5, id: `because-${at}` }));
  return [first, second];
}

const inputsOf = (at) => [...body.querySelectorAll(`tr[data-row="${at}"] input`)];

function fill(row, at) {
  const [account, centre] = inputsOf(at), own = typed.get(row.key);
  if (document.activeElement !== account) account.value = (own ?? row).account;
  if (document.activeElement !== centre) centre.value = (own ?? row).cost_centre;
  const tr = account.closest("tr"), because = tr.nextElementSibling;
  tr.querySelector(".rv-sure").textContent = own ? "" : row.sure;
  tr.querySelector(".rv-sure").classList.toggle("low", row.doubtful && !own);
  because.classList.toggle("low", row.doubtful && !own);
  const name = row.booked ? element("strong", { textContent: `${row.booked === account.value ? "" : `${row.booked} `}${row.name}` }) : "";
  const said = row.wrong || [row.known ? "" : texts.newAccount, own ? "" : row.because].filter(Boolean).join("; ");
  because.firstChild.replaceChildren(name, said && name ? " – " : "", said);
  because.classList.toggle("bad", !row.booked);
}

function keep(at) {
  const [account, centre] = inputsOf(at), row = shown[at];
  const isProposed = !typed.has(row.key) && account.value === row.account && centre.value === row.cost_centre;
  if (!isProposed) typed.set(row.key, { account: account.value, cost_centre: centre.value });
}

// The account and cost centre of the active row, or of the first one, for all rows.
export function codeAll() {
  if (isLocked || !shown.length) return;
  const at = Number(document.activeElement?.closest?.("[data-row]")?.dataset.row ?? 0);
  const [account, centre] = inputsOf(at).map((input) => input.value);
  shown.forEach((row, other) => {
    const inputs = inputsOf(other);
    [inputs[0].value, inputs[1].value] = [account, centre];
    typed.set(row.key, { account, cost_centre: centre });
  });
  panel.closest("form").dispatchEvent(new CustomEvent("edited"));
}

export function enter() {
  const wanted = body?.querySelector("tr[data-row]:has(.low) input, input[aria-invalid]") ?? body?.querySelector("input");
  wanted?.focus();
  wanted?.select();
}
