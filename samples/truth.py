"""What a generated document says, as one object of `truth.jsonl`."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from samples.model import Paper
from samples.printing import field_value
from schemas import FieldName, Invoice, InvoiceLine

_TOTALS = {FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL}
_LINE_KEYS = ("item_id", "description", "quantity", "unit_price", "net_amount", "tax_rate")


@dataclass(frozen=True)
class Visible:
    """What can be read of a document: fields and columns on the page, and whether XML holds all of it."""

    fields: frozenset[FieldName]
    line_keys: frozenset[str]
    taxes: bool
    xml: bool = False


@dataclass(frozen=True)
class Sample:
    """A generated file and its truth."""

    file: str
    content: bytes
    truth: dict[str, Any] = field(hash=False)


def truth_of(file: str, kind: str, paper: Paper, visible: Visible) -> dict[str, Any]:
    """The truth of one file: dates ISO, amounts as decimal strings.

    `fields` holds what the document says (with XML: all of it) and the totals of every postable document;
    `visible_fields` says what of it stands on the page; `absent` names the fields that it does not hold at all.
    """
    invoice = paper.invoice
    fields = _fields(invoice, visible)
    truth: dict[str, Any] = {
        "file": file,
        "kind": kind,
        "lang": paper.supplier.language,
        "supplier": paper.supplier.key,
        "layout": paper.supplier.style.layout.name,
        "split": paper.supplier.style.layout.split,
        "fields": {name.value: plain(value) for name, value in fields.items()},
        "visible_fields": {name.value: name in visible.fields for name in fields},
        "absent": [name.value for name in FieldName if name not in fields],
        "taxes": [
            {"rate": plain(row.rate), "base": plain(row.base), "amount": plain(row.amount)}
            for row in invoice.vat_breakdown
        ],
        "visible_taxes": visible.taxes,
        "lines": [_line(line, visible) for line in invoice.lines] if visible.line_keys or visible.xml else [],
        "source": "samples.generate",
    }
    if any(line.includes_tax for line in invoice.lines):
        truth["lines_note"] = "unit_price and net_amount include VAT"
    return truth


def plain(value: object) -> str:
    """A value as it stands in the truth."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _fields(invoice: Invoice, visible: Visible) -> dict[FieldName, object]:
    known = {name: value for name in FieldName if (value := field_value(invoice, name)) is not None}
    if visible.xml:
        return known
    always = {FieldName.DOC_TYPE}
    if visible.fields & {FieldName.SELLER_SIRET, FieldName.SELLER_VAT_ID}:
        always.add(FieldName.SELLER_SIREN)  # a French reader finds it inside those two
    if invoice.doc_type and invoice.doc_type.is_postable:
        always |= _TOTALS
    return {name: value for name, value in known.items() if name in visible.fields | always}


def _line(line: InvoiceLine, visible: Visible) -> dict[str, str]:
    keys = [key for key in _LINE_KEYS if visible.xml or key in visible.line_keys]
    return {key: plain(value) for key in keys if (value := getattr(line, key)) is not None}
