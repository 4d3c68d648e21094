"""Orders as tables for spreadsheets (CSV, XLSX) and as JSON. Text that a spreadsheet would run is made harmless."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from schemas import FieldName, PostingOrder

Cell = str | Decimal | date | None

INVOICE_COLUMNS = (
    "reference", "document", "file", "type", "seller", "seller_vat_id", "seller_siren", "number", "issue_date",
    "due_date", "po_number", "currency", "net", "tax", "gross", "iban", "supplier_account", "coding_confidence",
)  # fmt: skip
ENTRY_COLUMNS = (
    "reference", "seller", "number", "issue_date", "currency", "kind", "account", "cost_centre", "label",
    "tax_category", "tax_rate", "base", "amount",
)  # fmt: skip
"""Kind is line, tax or supplier; amounts of lines and taxes are positive on the debit side, the supplier's are negative
there, so that the amounts of an invoice add up to zero."""

_DANGEROUS = "=+-@\t\r\n＝＋－＠"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_000
"""Excel takes 32,767 characters a cell."""


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, without what no cell can hold (OWASP, CSV injection)."""
    text = _UNPRINTABLE.sub(" ", text)[:_LONGEST]
    begins = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if begins and begins in _DANGEROUS else text


def to_csv(orders: Iterable[PostingOrder]) -> bytes:
    """The entries of all orders, one a row, as a French spreadsheet opens them: UTF-8 with a mark, ";", comma."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(ENTRY_COLUMNS)
    for order in orders:
        writer.writerows([_said(cell) for cell in row] for row in entries_of(order))
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(orders: Iterable[PostingOrder]) -> bytes:
    """A workbook with the sheets "invoices" and "entries"; amounts and dates are such, all else is text."""
    book = Workbook(write_only=True)
    invoices, entries = book.create_sheet("invoices"), book.create_sheet("entries")
    invoices.append(INVOICE_COLUMNS)
    entries.append(ENTRY_COLUMNS)
    for order in orders:
        invoices.append([_cell(invoices, cell) for cell in invoice_of(order)])
        for row in entries_of(order):
            entries.append([_cell(entries, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_json(orders: Iterable[PostingOrder]) -> bytes:
    """A list of objects: the invoice in EN 16931 names, its coding, and the reference."""
    rows = [
        {
            "reference": order.key.reference,
            "document": order.document_id,
            "part": order.part,
            "file": order.file_name,
            "sha256": order.sha256,
            "invoice": order.record.invoice().model_dump(mode="json", exclude_none=True),
            "coding": order.coding.model_dump(mode="json"),
        }
        for order in orders
    ]
    return (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def invoice_of(order: PostingOrder) -> tuple[Cell, ...]:
    """The row of an order in the sheet of invoices."""
    value = order.record.value
    kind = value(FieldName.DOC_TYPE)
    return (
        order.key.reference,
        f"{order.document_id}/{order.part}",
        order.file_name,
        kind and str(kind),
        value(FieldName.SELLER_NAME),
        value(FieldName.SELLER_VAT_ID),
        value(FieldName.SELLER_SIREN),
        value(FieldName.INVOICE_NUMBER),
        value(FieldName.ISSUE_DATE),
        value(FieldName.DUE_DATE),
        value(FieldName.PO_NUMBER),
        value(FieldName.CURRENCY),
        value(FieldName.NET_TOTAL),
        value(FieldName.TAX_TOTAL),
        value(FieldName.GROSS_TOTAL),
        value(FieldName.IBAN),
        order.coding.supplier_account,
        Decimal(f"{order.coding.confidence:.4f}"),
    )


def entries_of(order: PostingOrder) -> Iterator[tuple[Cell, ...]]:
    """The rows of an order in the sheet of entries; their amounts add up to zero."""
    value, coding = order.record.value, order.coding
    head = (
        order.key.reference,
        value(FieldName.SELLER_NAME),
        value(FieldName.INVOICE_NUMBER),
        value(FieldName.ISSUE_DATE),
        value(FieldName.CURRENCY),
    )
    for line in coding.lines:
        centre, category = line.cost_centre, line.tax_category
        yield (*head, "line", line.account, centre, line.label, category, line.tax_rate, line.net, line.net)
    for tax in coding.taxes:
        yield (*head, "tax", tax.account, None, "", tax.category, tax.rate, tax.base, tax.amount)
    yield (*head, "supplier", coding.supplier_account, None, head[1], None, None, None, -coding.total)


def _said(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell) if cell else ""


def _cell(sheet: object, cell: Cell) -> object:
    """A typed cell; text is text even where it looks like something else."""
    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(sheet, value=harmless(cell))  # type: ignore[arg-type]
    made.data_type = "s"
    return made
