"""A small accounting system of one entry form that has what the practice portal lacks, and its screen script."""

from decimal import Decimal

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

ENTRY = """
<main id="menu"><iframe srcdoc="<input id=seller oninput='parent.seller = this.value'>"></iframe>
<label>Number <input id="number"></label><label>Number of pages <input></label><p id="checked"></p>
<label><input type="checkbox" id="urgent"> Urgent</label>
<label><input type="checkbox" id="keep" checked> Keep as a draft</label>
<p><span id="more">More</span></p>
<section id="amounts" hidden><p id="hint">In euros</p><table id="lines"></table><button id="add">Add</button></section>
<p><input type="file" id="file" hidden><button id="choose">Choose a file</button><span id="chosen"></span></p>
<p><input type="file" id="second" style="display: none"></p>
<ul id="notes"><li class="note"><button>Dismiss</button></li><li class="note"><button>Dismiss</button></li></ul>
<p><button id="save">Save</button><span id="spinner" hidden>…</span></p><p id="saved" hidden>Saved</p>
<button id="post" disabled>Post</button><dl id="voucher"></dl></main>
<script>
const at = (id) => document.getElementById(id);
at("number").addEventListener("keydown", (event) => {
  if (event.key === "Enter") at("checked").textContent = at("number").value;
});
at("more").addEventListener("dblclick", () => { at("amounts").hidden = false; });
at("add").addEventListener("click", () => { at("lines").insertRow().innerHTML = "<td><input class='net'>"; });
at("choose").addEventListener("click", () => at("file").click());
at("file").addEventListener("change", () => { at("chosen").textContent = at("file").files[0].name; });
at("notes").addEventListener("click", (event) => event.target.closest("li").remove());
at("save").addEventListener("click", () => {
  if (!confirm("Save?")) return;
  at("spinner").hidden = false;
  requestAnimationFrame(() => { at("spinner").remove(); at("saved").hidden = false; at("post").disabled = false; });
});
at("post").addEventListener("click", async () => {
  const keyed = { seller: window.seller, number: at("number").value, urgent: at("urgent").checked,
    keep: at("keep").checked,
    file: at("chosen").textContent, second: at("second").files[0]?.name, notes: at("notes").children.length,
    nets: [...document.querySelectorAll(".net")].map((one) => one.value) };
  const answer = await fetch("/post" + location.search, { method: "POST", body: JSON.stringify(keyed) });
  at("voucher").innerHTML = await answer.text();
});
</script>
"""

SCRIPT = """
name: small
title: Small system
notation: {decimal_mark: ".", date_format: "%Y-%m-%d"}
session:
  start: "{{ access.url }}/"
  inside: "#menu"
  outside: "#log-in"
  enter: []
find:
  do: [{goto: "{{ access.url }}/list"}]
  rows: {css: "#list tr", has_text: "{{ reference }}"}
  cells: &cells
    reference: .reference
    target_id: .id
    seller_name: .seller
    number: .number
    issue_date: {css: time, attribute: datetime}
    net: .net
    tax: .tax
    gross: .gross
    is_posted: {css: .state, attribute: data-posted}
listing:
  do: [{goto: "{{ access.url }}/list"}]
  rows: "#list tr"
  cells: *cells
clean: []
post:
  - part: entry
    do:
      - goto: >-
          {{ access.url }}/entry?reference={{ reference }}&day={{ invoice.issue_date|plain }}&tax={{ coding.tax|plain }}
      - fill: {css: "#seller", frame: iframe}
        with: "{{ invoice.seller.name }}"
      - {fill: {label: Number, exact: true}, with: "{{ invoice.number }}", keys: true}
      - {press: Enter, at: {label: Number, exact: true}}
      - {expect: "#checked", shows: "{{ invoice.number }}"}
      - tick: {label: Urgent}
      - {tick: {label: Keep as a draft}, on: false}
      - {click: {text: More, exact: true}, double: true, until: "#amounts"}
      - for_each: line
        before: [{click: {role: button, name: Add}}]
        row: {css: "#lines tr", nth: "{{ index }}"}
        do:
          - {fill: .net, with: "{{ sign * line.net }}"}
          - expect: {css: "#hint", page: true}
      - read_back: screen
      - {upload: "#choose", chooser: true}
      - expect: {css: "#chosen", has_text: "{{ file_name }}"}
      - upload: {css: "#second", hidden: true}
      - while: "#notes .note"
        do: [{click: {css: "#notes button", nth: 0}}]
      - {click: "#save", accept: true, until: "#saved"}
      - {expect: "#spinner", gone: true}
  - part: submit
    do:
      - {submit: {role: button, name: Post, exact: true}}
      - expect: "#voucher .id"
proof:
  reference: "#voucher .reference"
  target_id: "#voucher .id"
  seller_name: "#voucher .seller"
  number: "#voucher .number"
  issue_date: {css: "#voucher time", attribute: datetime}
  net: "#voucher .net"
  tax: "#voucher .tax"
  gross: "#voucher .gross"
"""


def create_small(keyed: list[dict]) -> FastAPI:
    """The system; what was posted is appended to `keyed`."""
    app = FastAPI()
    rows: list[str] = []

    @app.get("/", response_class=HTMLResponse)
    def start() -> str:
        return "<main id=menu>Menu</main>"

    @app.get("/entry", response_class=HTMLResponse)
    def entry() -> str:
        return ENTRY

    @app.get("/list", response_class=HTMLResponse)
    def listed() -> str:
        draft = _row("2026-01-01", "no", id="0", reference="of-somebody", seller="?", number="X", **_amounts("1", "0"))
        return f"<main id=menu><table id=list>{''.join([draft, *rows])}</table></main>"

    @app.post("/post", response_class=HTMLResponse)
    async def post(request: Request, reference: str, day: str, tax: str) -> str:
        found = await request.json()
        keyed.append(found)
        told = {"id": f"N{len(keyed)}", "reference": reference, "seller": found["seller"], "number": found["number"]}
        rows.append(_row(day, "yes", **told, **_amounts(sum(map(Decimal, found["nets"])), tax)))
        return rows[-1].replace("<tr>", "").replace("</tr>", "").replace("td", "dd")

    return app


def _amounts(net: Decimal | str, tax: str) -> dict[str, str]:
    amounts = {"net": Decimal(net), "tax": Decimal(tax), "gross": Decimal(net) + Decimal(tax)}
    return {name: f"{amount:,.2f}" for name, amount in amounts.items()}


def _row(day: str, is_posted: str, **cells: str) -> str:
    told = "".join(f"<td class={name}>{value}</td>" for name, value in cells.items())
    return f"<tr>{told}<td class=state data-posted={is_posted}><time datetime={day}>{day}</time></td></tr>"
