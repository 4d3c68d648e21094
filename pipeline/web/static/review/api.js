// Asks the server. A refusal is thrown as Refused: status, code, message, remedy; status 0 when nobody answered.
const data = (id) => JSON.parse(document.getElementById(id).textContent);
const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];

export const start = data("start");
export const texts = data("texts");
export const root = document.getElementById("review");
export const itemPath = `/review/${root.dataset.item}`;

export function say(name, values = {}) {
  return texts[name].replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.message);
    Object.assign(this, { status, code: answer.code, remedy: answer.remedy ?? "" });
  }
}

export const post = (path, body = {}, options = {}) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: JSON.stringify(body), ...options });

export async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { redirect: "error", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { code: "offline", message: texts.offline });
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const told = await answer.json().catch(() => ({ code: "fault", message: answer.statusText }));
  throw new Refused(answer.status, answer.status === 401 ? { code: told.code, message: texts.signIn } : told);
}

export function later(milliseconds, work) {
  let timer = 0;
  const wait = (...args) => { clearTimeout(timer); timer = setTimeout(work, milliseconds, ...args); };
  wait.cancel = () => clearTimeout(timer);
  return wait;
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
