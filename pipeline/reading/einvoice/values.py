"""Texts of an e-invoice become typed values. What cannot be read raises ValueError; nothing is guessed."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from schemas import DocumentType

MAX_TEXT = 2000
"""Characters of a text that a `schemas` value takes."""

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T[\d:.]+)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_PLAIN_DATE = re.compile(r"(\d{8})(\d{4}(\d{2})?)?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_DECIMALS_KEPT = 6
_LARGEST = Decimal(10) ** 12 - 1


def read_text(text: str) -> str:
    """The text with its white space collapsed, cut at `MAX_TEXT` characters."""
    text = " ".join(text.split())
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def read_decimal(text: str) -> Decimal:
    """An xs:decimal, without zeros at the end beyond two decimals, rounded at six (prices may have more).

    Raises ValueError for any other notation (exponent, grouping, decimal comma) and beyond 10^12 - 1.
    """
    text = text.strip()
    if len(text) > 100 or not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a decimal number")
    number = Decimal(text)
    if abs(number) > _LARGEST:
        raise ValueError(f"{text[:40]} is too large")
    decimals = max(_decimals(number.normalize()), min(_decimals(number), 2))
    return number.quantize(Decimal(1).scaleb(-min(decimals, _DECIMALS_KEPT)), ROUND_HALF_UP)


def read_date(text: str) -> date:
    """An xs:date or xs:dateTime (UBL), or UNTDID 2379 formats 102, 203 and 204 (CII): year, month, day first.

    Raises ValueError for anything else, also for a day that does not exist.
    """
    text = text.strip()
    if match := _ISO_DATE.fullmatch(text):
        return date.fromisoformat(match[1])
    if match := _PLAIN_DATE.fullmatch(text):
        return date.fromisoformat(match[1])
    raise ValueError(f"{text[:40]!r} is not a date")


def read_currency(text: str) -> str:
    """An ISO 4217 alphabetic code in upper case. Raises ValueError when it is no three letters."""
    code = text.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise ValueError(f"{text[:40]!r} is not a currency code")
    return code


def document_type(code: str) -> DocumentType:
    """The document type of an UNTDID 1001 code (BT-3); OTHER for a code that names no invoice.

    751 ("invoice information for accounting purposes") comes inside a PDF that is the invoice itself.
    """
    return _TYPE_OF_CODE.get(code.strip(), DocumentType.OTHER)


# Source: UNTDID 1001 as restricted by EN 16931 (code list of BT-3), with the codes of the French CTC profile.
_CODES: dict[DocumentType, str] = {
    DocumentType.INVOICE: (
        "71 80 82 84 102 130 202 203 204 211 218 219 295 326 331 380 382 383 385 387 388 390 393 394 395 "
        "456 457 553 575 623 633 751 780 817 870 875 876 877 935"
    ),
    DocumentType.CREDIT_NOTE: "81 83 261 262 296 308 381 396 420 458 502 503 532",
    DocumentType.CORRECTED_INVOICE: "384 471 472 473",
    DocumentType.PREPAYMENT_INVOICE: "386 500",
    DocumentType.SELF_BILLED_INVOICE: "389 501 527",
    DocumentType.PROFORMA: "325",
}
_TYPE_OF_CODE = {code: kind for kind, codes in _CODES.items() for code in codes.split()}


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
