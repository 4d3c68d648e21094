// The practice portal in the browser: proposals, the line grid, questions, pop-ups. No build step.
const number = (text) => Number(text.replace(/[\s\u00a0\u202f]/g, "").replace("−", "-").replace(",", ".")) || 0;
const cents = (value) => Math.round((value + Number.EPSILON * Math.sign(value)) * 100) / 100;
const french = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const keyed = (value) => cents(value).toFixed(2).replace(".", ",");
const ask = async (address) => (await fetch(address)).json();

function supplierField(form) {
  const field = form.querySelector("[role=combobox]"), list = document.getElementById("propositions");
  const hidden = form.querySelector("[name=fournisseur-id]");
  let asked = 0;
  field.addEventListener("input", async () => {
    hidden.value = "";
    const mine = ++asked, found = field.value.trim() ? await ask(`/api/fournisseurs?q=${encodeURIComponent(field.value.trim())}`) : [];
    if (mine !== asked) return;
    list.replaceChildren(...found.map((one) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.dataset.id = one.id;
      item.textContent = `${one.name} (${one.code})${one.siren ? " · " + one.siren : ""}`;
      item.addEventListener("click", () => choose(one));
      return item;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  });
  async function choose(one) {
    asked += 1;
    field.value = `${one.name} (${one.code})`;
    hidden.value = one.id;
    list.hidden = true;
    const terms = await ask(`/api/fournisseurs/${one.id}/conditions`);
    // late data: the careless form draws its fields anew, whatever was typed meanwhile
    if (terms.erases) for (const key of ["invoice", "issued", "due"]) form.querySelector(`[data-key=${key}]`).value = "";
  }
}

function lineGrid(form) {
  const rows = form.querySelector("#lignes tbody"), typed = new Set();
  const cell = (row, key) => row.querySelector(`[data-key=${key}]`);
  for (const row of form.querySelectorAll("#tva tbody tr")) {
    const field = row.querySelector("input");
    if (field.value) typed.add(row.dataset.code);
    field.addEventListener("input", () => { typed.add(row.dataset.code); total(); });
  }
  const total = () => {
    let net = 0, tax = 0;
    for (const row of form.querySelectorAll("#tva tbody tr")) {
      const mine = [...rows.rows].filter((one) => cell(one, "code").value === row.dataset.code && cell(one, "net").value.trim());
      const base = cents(mine.reduce((sum, one) => sum + number(cell(one, "net").value), 0)), field = row.querySelector("input");
      row.hidden = !mine.length;
      field.disabled = row.hidden;
      if (row.hidden) { typed.delete(row.dataset.code); field.value = ""; continue; }
      row.querySelector(".base").textContent = french.format(base);
      if (!typed.has(row.dataset.code)) field.value = keyed(base * Number(row.dataset.rate) / 100);
      net += base;
      tax += number(field.value);
    }
    for (const [id, value] of [["total-ht", net], ["total-tva", tax], ["total-ttc", net + tax]])
      document.getElementById(id).textContent = french.format(cents(value));
  };
  rows.addEventListener("input", total);
  rows.addEventListener("change", async (event) => {
    const row = event.target.closest("tr");
    if (event.target.dataset.key !== "account" || !event.target.value) return;
    const usual = await ask(`/api/comptes/${encodeURIComponent(event.target.value)}`);
    if (usual.erases) { cell(row, "net").value = ""; cell(row, "code").value = usual.code; total(); }
  });
  rows.addEventListener("click", (event) => {
    if (event.target.matches(".retirer")) { event.target.closest("tr").remove(); total(); }
  });
  form.querySelector("#ajouter-ligne").addEventListener("click", () => {
    rows.append(document.getElementById("ligne-vide").content.cloneNode(true));
    rows.lastElementChild.querySelector("input").focus();
  });
  total();
}

function popUp() {
  const box = document.createElement("dialog");
  box.className = "annonce";
  box.innerHTML = `<h2>Votre avis nous intéresse</h2><p>Comment trouvez-vous la nouvelle version du portail ?</p>
    <p><input aria-label="Votre avis"></p><div class="acts"><button type="button" class="plus-tard">Plus tard</button></div>`;
  box.querySelector(".plus-tard").addEventListener("click", () => box.remove());
  document.body.append(box);
  box.showModal();
  box.querySelector("input").focus();
}

document.addEventListener("click", (event) => {
  const { opens, closes, asks } = event.target.dataset ?? {};
  if (opens) document.getElementById(opens).showModal();
  if (closes) document.getElementById(closes).close();
  if (asks && !window.confirm(asks)) event.preventDefault();
});
const entry = document.getElementById("entete"), lines = document.getElementById("saisie-lignes");
if (entry) supplierField(entry);
if (lines) lineGrid(lines);
if (document.body.dataset.popup) setTimeout(popUp, Number(document.body.dataset.popup));
