"""CSV, XLSX and JSON."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline.posting.files.tables import ENTRY_COLUMNS, harmless, to_csv, to_json, to_xlsx
from tests.posting.made import line, order_of, record_of

EVIL = '=HYPERLINK("http://x","y")'


@pytest.fixture
def orders():
    """One invoice whose texts are formulas, and a credit note."""
    evil = record_of([line(EVIL, "100")], seller_name="@SUM(A1)", invoice_number="+33", po_number="-1+1")
    return [order_of(evil), order_of(record_of([line("Papier", "100")], doc_type="credit_note"))]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", " =1", "\u00a0=1", "＝1"])
def test_a_formula_is_made_text(text):
    """An apostrophe before it, as spreadsheets mark text."""
    assert harmless(text).startswith("'")


@given(st.text())
def test_no_text_begins_as_a_formula_does(text):
    """Whatever it holds; what is harmless stays as it is."""
    made = harmless(text)
    assert made.lstrip(" \u00a0")[:1] not in {*"=+-@\t\r\n＝＋－＠"} - {""}
    assert "\x00" not in made


def test_the_csv_has_the_entries_and_adds_up(orders):
    """Semicolons and decimal commas; amounts of an invoice add up to zero; negative amounts stay numbers."""
    rows = list(csv.DictReader(io.StringIO(to_csv(orders).decode("utf-8-sig")), delimiter=";"))
    assert list(rows[0]) == list(ENTRY_COLUMNS)
    assert (rows[0]["label"], rows[0]["seller"], rows[0]["number"]) == (f"'{EVIL}", "'@SUM(A1)", "'+33")
    assert [row["amount"] for row in rows[3:]] == ["-100,00", "-20,00", "120,00"]
    assert sum(Decimal(row["amount"].replace(",", ".")) for row in rows) == 0


def test_the_workbook_has_typed_cells_and_no_formula(orders):
    """Dates and amounts are such; no cell is a formula."""
    book = load_workbook(io.BytesIO(to_xlsx(orders)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    head, first, _ = book["invoices"].iter_rows(values_only=True)
    row = dict(zip(head, first, strict=True))
    assert (row["issue_date"].date(), row["gross"], row["number"]) == (date(2026, 3, 2), 120, "'+33")
    assert len(list(book["entries"].iter_rows())) == 1 + 3 + 3


def test_the_json_says_what_was_read_as_it_is(orders):
    """No apostrophes for programs; amounts are decimal strings."""
    first, second = json.loads(to_json(orders))
    assert first["invoice"]["seller"]["name"] == "@SUM(A1)"
    assert first["coding"]["lines"][0]["net"] == "100.00"
    assert second["coding"]["lines"][0]["net"] == "-100.00"
    assert first["reference"] == orders[0].key.reference
