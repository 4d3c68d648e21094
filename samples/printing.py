"""Prints the values of one paper in its supplier's way, and notes which fields were printed.

The templates ask for a value when they print it, and only then: so `Printer.printed` is what stands on the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from samples.cells import cell_text, identifier_text
from samples.model import Paper
from samples.sums import ZERO
from samples.supplier import label_of
from samples.words import wordings
from schemas import FIELD_TERMS, DocumentType, FieldName, Invoice, InvoiceLine

_VAT_IDS = {FieldName.SELLER_VAT_ID, FieldName.BUYER_VAT_ID}
_BARE = {"ES", "IT", "GB"}
"""Countries whose suppliers often leave the country letters of a VAT id out."""
_NUMERIC = {"quantity", "unit_price", "discount", "net_amount", "tax_rate"}
_PRICED = {"unit_price", "discount", "net_amount", "tax_rate"}
TOTALS = (
    "lines_total", "allowance_total", "charge_total", "net_total", "tax_total", "gross_total", "prepaid_total",
    "rounding", "amount_due",
)  # fmt: skip
"""The total rows from top to bottom."""
_NARRATIVE = {DocumentType.QUOTE, DocumentType.PROFORMA, DocumentType.ORDER}


class Labelled(NamedTuple):
    """A label and the text beside it; `key` says what it is."""

    key: str
    label: str
    value: str


class Column(NamedTuple):
    """A column of the table of lines."""

    key: str
    label: str
    numeric: bool


@dataclass(frozen=True)
class Chunk:
    """The lines of one page, with the subtotals carried over the page breaks (empty: none)."""

    rows: list[list[str]]
    brought: str = ""
    carried: str = ""


def field_value(invoice: Invoice, name: FieldName) -> object:
    """The value of a field in an invoice, by the field's path; None when absent."""
    value: object = invoice
    for part in FIELD_TERMS[name].path.split("."):
        value = getattr(value, part)
    return value


class Printer:
    """What a template may print. Every method gives text; `printed` and `line_keys` tell what was asked for."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.invoice = paper.invoice
        self.seller = paper.supplier.company
        self.buyer = paper.buyer
        self.style = paper.supplier.style
        self.remarks = paper.remarks
        self.language = paper.supplier.language
        self.printed: set[FieldName] = set()
        self.line_keys: set[str] = set()
        self.taxes_printed = False
        self.texts = wordings("texts", self.style.layout.split)

    # Values

    def shows(self, habit: str) -> bool:
        """Whether the supplier prints something, by its habits."""
        return habit in self.style.shows

    def has(self, name: str) -> bool:
        """Whether the invoice has a value for the field."""
        return field_value(self.invoice, FieldName(name)) is not None

    def field(self, name: str) -> str:
        """The field's value as printed; empty when the invoice has none."""
        key = FieldName(name)
        value = field_value(self.invoice, key)
        if value is None:
            return ""
        if key in _VAT_IDS and self.shows("bare_vat") and str(value)[:2] in _BARE:
            return identifier_text(key, str(value), self.style)[2:].strip()
        self.printed.add(key)
        if isinstance(value, Decimal):
            return self.money(value)
        if isinstance(value, date):
            return self.date(value)
        return identifier_text(key, str(value), self.style)

    def money(self, value: Decimal) -> str:
        """An amount, with the currency as the supplier prints it."""
        currency = str(self.invoice.currency)
        if self.style.notation.currency_sign(currency):
            self.printed.add(FieldName.CURRENCY)
        return self.style.notation.money(value, currency)

    def plain(self, value: Decimal) -> str:
        """An amount without its currency, unless the supplier prints that in lines too."""
        return self.money(value) if self.shows("line_currency") else self.style.notation.number(value)

    def date(self, value: date) -> str:
        """A date in the supplier's pattern."""
        return self.style.notation.date(value)

    def percent(self, rate: Decimal) -> str:
        """A rate in per cent."""
        return self.style.notation.percent(rate)

    def label(self, key: str) -> str:
        """The supplier's wording for a label, without the colon."""
        if key in {"invoice_number", "issue_date", "due_date"} and not self._is_invoice():
            return self._label_of_other_document(key)
        return label_of(self.style, key)

    def tag(self, key: str) -> str:
        """A label that stands before its value, with the supplier's colon."""
        return self.label(key) + self.style.label_end

    def title(self) -> str:
        """The word for the document, such as 'FACTURE'."""
        return str(self.style.labels[f"doc_{self.invoice.doc_type}"])

    def text(self, *path: str) -> str:
        """A sentence of `texts.yaml` in the supplier's language."""
        entry = self.texts[path[0]][self.language]
        for key in path[1:]:
            entry = entry[key]
        return str(entry)

    def currency_note(self) -> str:
        """'Montants exprimés en EUR', printed by some, and by all who print no currency sign."""
        currency = str(self.invoice.currency)
        if not self._has_prices() or (self.style.notation.currency_sign(currency) and not self.shows("currency_note")):
            return ""
        self.printed.add(FieldName.CURRENCY)
        name = {"EUR": "euros"}.get(currency, currency) if self.language == "fr" else currency
        return str(self.texts["in_currency"][self.language]).format(currency=name)

    # Lines

    def columns(self) -> list[Column]:
        """The columns of the table of lines, in the supplier's order."""
        keys = [key for key in self.style.columns if self._has_prices() or key not in _PRICED]
        if not self._has_prices() and "quantity" not in keys:
            keys.append("quantity")
        if not any(line.discount for line in self.invoice.lines):
            keys = [key for key in keys if key != "discount"]
        self.line_keys.update(keys)
        suffix = "_gross" if self.style.gross_prices else ""
        return [
            Column(
                key,
                label_of(self.style, f"col_{key}{suffix if key in {'unit_price', 'net_amount'} else ''}"),
                key in _NUMERIC,
            )
            for key in keys
        ]

    def chunks(self) -> list[Chunk]:
        """The rows, cut into pages where the supplier carries subtotals forward."""
        first, following = self.style.layout.rows
        lines = self.invoice.lines
        if not self.shows("carry_forward") or not self._has_prices() or len(lines) <= first + 4:
            return [Chunk([self._row(line) for line in lines])]
        pages = [lines[:first]] + [lines[at : at + following] for at in range(first, len(lines), following)]
        chunks, total = [], ZERO
        for number, page in enumerate(pages):
            brought = self.plain(total) if number else ""
            total = sum((line.net_amount or ZERO for line in page), total)
            carried = self.plain(total) if number < len(pages) - 1 else ""
            chunks.append(Chunk([self._row(line) for line in page], brought, carried))
        return chunks

    # Totals

    def tax_rows(self) -> list[list[str]]:
        """Rate, base and amount of the VAT breakdown."""
        if not self._has_prices():
            return []
        self.taxes_printed = True
        return [
            [self.percent(row.rate or ZERO), self.plain(row.base or ZERO), self.plain(row.amount or ZERO)]
            for row in self.invoice.vat_breakdown
        ]

    def totals(self, *names: str) -> list[Labelled]:
        """The total rows in order (or those named); VAT by rate where the supplier does so."""
        if not self._has_prices():
            return []
        rows: list[Labelled] = []
        for name in names or TOTALS:
            if self._prints_total(name):
                rows += self._total_rows(name)
        return rows

    def _prints_total(self, name: str) -> bool:
        totals = self.invoice.totals
        adjusted = bool(totals.allowances or totals.charges)
        settled = bool(totals.prepaid or totals.rounding)
        match name:
            case "lines_total":
                return totals.lines is not None and (adjusted or self.shows("lines_total"))
            case "amount_due":
                return settled or self.shows("amount_due")
            case "tax_total":
                return bool(totals.tax) or self.shows("zero_tax") or not self.remarks.exemption
            case "net_total":
                return self._prints_total("tax_total") or adjusted
        return self.has(name)

    def _total_rows(self, name: str) -> list[Labelled]:
        if name == "tax_total":
            return self._tax_rows()
        value = self.field(name)
        if name in {"allowance_total", "prepaid_total"} and not value.startswith("-"):
            value = f"-{value}" if self.shows("minus_sign") else value
        return [Labelled(name, self.label(name), value)]

    def _tax_rows(self) -> list[Labelled]:
        breakdown = self.invoice.vat_breakdown
        if not self.shows("tax_per_rate"):
            return [Labelled("tax_total", self.label("tax_total"), self.field("tax_total"))]
        self.taxes_printed = True
        if len(breakdown) == 1:
            return [Labelled("tax", self._rate_label(breakdown[0].rate or ZERO), self.field("tax_total"))]
        rows = [
            Labelled("tax", self._rate_label(row.rate or ZERO), self.money(row.amount or ZERO)) for row in breakdown
        ]
        return [*rows, Labelled("tax_total", self.label("tax_total"), self.field("tax_total"))]

    def _rate_label(self, rate: Decimal) -> str:
        return label_of(self.style, "tax_of_rate", rate=self.percent(rate))

    # Helpers

    def _is_invoice(self) -> bool:
        return self.invoice.doc_type is DocumentType.INVOICE

    def _has_prices(self) -> bool:
        return self.invoice.doc_type is not DocumentType.DELIVERY_NOTE

    def _label_of_other_document(self, key: str) -> str:
        if key == "invoice_number":
            return label_of(self.style, "number_of", doc=self.title().capitalize())
        if key == "due_date" and self.invoice.doc_type in _NARRATIVE:
            return label_of(self.style, "valid_until")
        return label_of(self.style, "date_of" if key == "issue_date" else key)

    def _row(self, line: InvoiceLine) -> list[str]:
        return [cell_text(line, column.key, self.style, self.plain) for column in self.columns()]


def texts_joined(parts: Sequence[str], separator: str = " – ") -> str:
    """The parts that are not empty, joined."""
    return separator.join(part for part in parts if part)
