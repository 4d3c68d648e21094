"""Between values and the text a person types, in his notation; pure. The parsing is that of extraction."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from pipeline.extract.parsing import CURRENCY_CODES, CURRENCY_SIGNS, find_dates, parse_amount
from pipeline.validate.identifiers import plain
from schemas import FIELD_TERMS, DocumentType, FieldName, InvoiceLine, ValueKind, VatBreakdown
from schemas.edits import LineText, Notation, VatText
from schemas.field import FieldValue

_WITHOUT_SPACES = frozenset(
    (
        FieldName.IBAN,
        FieldName.BIC,
        FieldName.SELLER_VAT_ID,
        FieldName.BUYER_VAT_ID,
        FieldName.SELLER_SIREN,
        FieldName.SELLER_SIRET,
    )
)
"""Identifiers whose spaces and small letters mean nothing."""
_LARGEST = Decimal(10) ** 12
_WORDS = ("identifier", "item_id", "description", "unit", "tax_category", "category")
"""The columns of tables that hold text."""


class Mistake(NamedTuple):
    """Text that is no value of its place: "gross_total", "lines.2.quantity" (rows from 0), "taxes.0.rate"."""

    where: str
    text: str
    message: str


class Unreadable(ValueError):
    """The text is no such value; the message says what it should be."""


def value_of(name: FieldName, text: str, notation: Notation) -> FieldValue | None:
    """The value that was typed for a header field; None for empty text. Raises Unreadable."""
    cleaned = " ".join(text.split())
    if not cleaned:
        return None
    return _PARSERS.get(FIELD_TERMS[name].kind, _text)(cleaned, name, notation)


def text_of(value: FieldValue | None, notation: Notation) -> str:
    """A value as a person would type it; `value_of` gives the same value back."""
    if isinstance(value, Decimal):
        return _number_text(value, notation)
    if isinstance(value, date):
        return f"{value:%m/%d/}{value.year:04d}" if notation.month_first else f"{value:%d/%m/}{value.year:04d}"
    return "" if value is None else str(value)


def line_text(line: InvoiceLine, notation: Notation) -> LineText:
    """A line as a person would type it."""
    cells = {name: text_of(getattr(line, name), notation) for name in LineText.model_fields if name != "includes_tax"}
    return LineText(**cells, includes_tax=line.includes_tax)


def vat_text(row: VatBreakdown, notation: Notation) -> VatText:
    """A row of the VAT breakdown as a person would type it."""
    return VatText(**{name: text_of(getattr(row, name), notation) for name in VatText.model_fields})


def line_of(typed: LineText, notation: Notation) -> tuple[InvoiceLine, list[Mistake]]:
    """A line and what of it could not be read, by column; such cells are empty in it."""
    cells, mistakes = _cells(typed.model_dump(exclude={"includes_tax"}), notation)
    return InvoiceLine(**cells, includes_tax=typed.includes_tax), mistakes


def vat_of(typed: VatText, notation: Notation) -> tuple[VatBreakdown, list[Mistake]]:
    """A row of the VAT breakdown and what of it could not be read."""
    cells, mistakes = _cells(typed.model_dump(), notation)
    return VatBreakdown(**cells), mistakes


def _cells(texts: dict[str, str], notation: Notation) -> tuple[dict[str, Any], list[Mistake]]:
    found = list(_parsed(texts, notation))
    return {name: value for name, value, _ in found}, [wrong for _, _, wrong in found if wrong]


def _parsed(texts: dict[str, str], notation: Notation) -> Iterator[tuple[str, str | Decimal | None, Mistake | None]]:
    for name, text in texts.items():
        cleaned = " ".join(text.split())
        try:
            yield name, _cell(name, cleaned, notation) if cleaned else None, None
        except Unreadable as error:
            yield name, None, Mistake(name, text, str(error))


def _cell(name: str, text: str, notation: Notation) -> str | Decimal:
    if name in _WORDS:
        if len(text) > 2000:
            raise Unreadable("At most 2000 characters.")
        return text
    return _number(text.removesuffix("%").strip() if name in ("rate", "tax_rate") else text, notation)


def _number(text: str, notation: Notation) -> Decimal:
    value = parse_amount(text, notation.decimal_mark)
    if value is None or abs(value) >= _LARGEST:
        example = "1 234,56" if notation.decimal_mark == "," else "1,234.56"
        raise Unreadable(f"A number, such as {example}.")
    return value


def _amount(text: str, _name: FieldName, notation: Notation) -> Decimal:
    return _number(text, notation)


def _date(text: str, _name: FieldName, notation: Notation) -> date:
    found = find_dates(text, notation.month_first)
    if len(found) != 1 or (found[0][1], found[0][2]) != (0, len(text)):
        raise Unreadable(f"A date, such as {'12/31/2026' if notation.month_first else '31/12/2026'}.")
    return found[0][0]


def _code(text: str, name: FieldName, _notation: Notation) -> str:
    if name is FieldName.CURRENCY:
        code = CURRENCY_SIGNS.get(text, text.upper())
        if code not in CURRENCY_CODES:
            raise Unreadable("An ISO 4217 currency code, such as EUR.")
        return code
    kind = text.casefold().replace(" ", "_")
    if kind not in set(DocumentType):
        raise Unreadable(f"A kind of document: {', '.join(DocumentType)}.")
    return kind


def _text(text: str, name: FieldName, _notation: Notation) -> str:
    value = plain(text) if name in _WITHOUT_SPACES else text
    if not value:
        raise Unreadable("Letters or digits.")
    return value


_PARSERS: dict[ValueKind, Callable[[str, FieldName, Notation], FieldValue]] = {
    ValueKind.AMOUNT: _amount,
    ValueKind.DATE: _date,
    ValueKind.CODE: _code,
}


def _number_text(value: Decimal, notation: Notation) -> str:
    """Three decimals of a short number would pass for thousands in a foreign notation, so the mark is the person's."""
    return f"{value:f}".replace(".", notation.decimal_mark)
