// Taking the item and deciding it. Whatever is refused is told, and nothing that was typed is lost.
import { itemPath, post, root, start, texts, element } from "./api.js";
import * as coding from "./coding.js";
import { apply, byName, collect } from "./edits.js";
import { begin, errors, focusMistake, items, keep, look, lookNow, state, stop } from "./live.js";

const trouble = document.getElementById("trouble");
const item = Number(root.dataset.item);
const RENEW = 60000;
let hold = null, renewed = 0;

const storedHold = (id) => `hold ${id}`;

export async function claim() {
  if (root.dataset.open !== "1") return;
  const stored = sessionStorage.getItem(storedHold(item));
  try {
    hold = stored ? await renewStored(JSON.parse(stored)) : await post(`${itemPath}/claim`);
    keepHold();
    document.getElementById("approve").disabled = false;
  } catch (error) {
    tell(error);
  }
}

async function renewStored(stored) {
  try {
    return await post(`${itemPath}/renew`, { hold: stored });
  } catch (error) {
    if (error.status !== 409) throw error;
    return post(`${itemPath}/claim`);
  }
}

function keepHold() {
  sessionStorage.setItem(storedHold(item), JSON.stringify(hold));
  renewed = Date.now();
}

// Activity renews the lease.
for (const kind of ["keydown", "pointerdown"]) {
  addEventListener(kind, async () => {
    if (!hold || state.isDecided || Date.now() - renewed < RENEW) return;
    renewed = Date.now();
    try {
      hold = await post(`${itemPath}/renew`, { hold });
      keepHold();
    } catch (error) {
      tell(error);
    }
  });
}

export function tell(error) {
  const lines = [element("p", {}, element("strong", { textContent: error.message }), ` ${error.remedy ?? ""}`)];
  if ([409, 403].includes(error.status)) {
    hold = null;
    sessionStorage.removeItem(storedHold(item));
    lines.push(element("p", {}, button(texts.open, reopen), " ", button(texts.next, next), " ", button(texts.queue, toQueue)));
  }
  trouble.replaceChildren(...lines);
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
}

function button(text, work) {
  const made = element("button", { type: "button", textContent: text });
  made.addEventListener("click", work);
  return made;
}

async function reopen() {
  await keep().catch(() => {});
  location.reload();
}

const toQueue = () => { location.href = `/queue${location.search}`; };

export async function next() {
  try {
    const taken = await post(`/review/next${location.search}`);
    if (taken.hold) sessionStorage.setItem(storedHold(taken.hold.item_id), JSON.stringify(taken.hold));
    location.href = taken.url ?? "/queue";
  } catch (error) {
    tell(error);
  }
}

async function decided(path, body) {
  trouble.hidden = true;
  try {
    await post(`${itemPath}/${path}`, { hold, ...body });
  } catch (error) {
    if (error.status === 409) await keep().catch(() => {});
    tell(error);
    return error;
  }
  stop();
  sessionStorage.removeItem(storedHold(item));
  document.getElementById("draft-said").textContent = texts.done;
  await next();
  return null;
}

export async function approve(note = "") {
  if (!hold || document.querySelector("dialog[open]")) return;
  if (coding.panel && !(await isSeen())) return;
  const error = await decided("decide", { edits: { ...collect(), coding: coding.all() }, note });
  if (error?.code === "review-errors-left") await why();
  else if (error?.code === "typed-unreadable") focusMistake();
  else if (error?.code === "review-accounts-missing") await lookNow().then(coding.enter);
  else if (error?.code === "review-keys-missing") byName(missingKey())?.querySelector("input, select").focus();
}

// Whether the accounts are still those that the person sees: what was typed last may have changed the lines.
async function isSeen() {
  const before = coding.signature();
  try {
    await lookNow();
  } catch (error) {
    tell(error);
    return false;
  }
  if (coding.signature() === before) return true;
  tell({ message: texts.codingChanged });
  coding.enter();
  return false;
}

const missingKey = () => root.dataset.blind.split(" ").find((name) => !(name in collect().fields)) ?? "";

async function why() {
  trouble.hidden = true;
  await look();
  document.getElementById("why-findings").replaceChildren(...items(state.findings.filter((one) => one.severity === "error")));
  const answer = await question("why");
  if (answer) await approve(answer.note);
  else errors()[0]?.focus();
}

// Opens a dialog; its values when it was confirmed, else null.
export function question(name) {
  const dialog = document.getElementById(`ask-${name}`), form = dialog.querySelector("form");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      const values = Object.fromEntries(new FormData(form));
      answer(dialog.returnValue === "yes" ? values : null);
    }, { once: true });
  });
}

export async function reject() {
  const answer = hold && (await question("reject"));
  if (answer) await decided("reject", answer);
}

export async function postpone() {
  const answer = hold && (await question("postpone"));
  if (answer) await decided("postpone", { ...answer, days: Number(answer.days) });
}

export async function escalate() {
  const answer = hold && (await question("escalate"));
  if (answer) {
    await keep().catch(() => {});
    await decided("escalate", answer);
  }
}

export async function note() {
  const answer = await question("note");
  if (!answer) return;
  try {
    await post(`${itemPath}/note`, { text: answer.note });
    document.getElementById("form").before(element("p", { className: "message rv-note", textContent: answer.note }));
  } catch (error) {
    tell(error);
  }
}

export async function undo() {
  try {
    await keep();
    const before = await post(`${itemPath}/undo`);
    apply(before.draft);
    await look();
    document.getElementById("draft-said").textContent = texts.undone;
  } catch (error) {
    tell(error);
  }
}

export async function ahead() {
  const button = document.querySelector("[data-act=ahead]"), isAhead = button.getAttribute("aria-pressed") !== "true";
  try {
    await post(`${itemPath}/ahead`, { ahead: isAhead });
    button.setAttribute("aria-pressed", isAhead);
  } catch (error) {
    tell(error);
  }
}

export async function leave() {
  await keep().catch(() => {});
  if (hold) await post(`${itemPath}/release`, { hold }).catch(() => {});
  sessionStorage.removeItem(storedHold(item));
  toQueue();
}

export async function open() {
  begin(start.draft);
  document.getElementById("form").addEventListener("trouble", (event) => tell(event.detail));
  if (coding.panel) await lookNow().catch(tell); // nobody approves accounts that he has not seen
  await claim();
}
