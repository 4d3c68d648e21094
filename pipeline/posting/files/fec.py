"""Writes the fichier des écritures comptables. Source: LPF art. A47 A-1, VII; BOI-CF-IOR-60-40-20.

Tab between the fields, CR LF after each line, dates AAAAMMJJ, decimal comma, ISO 8859-15. One entry an invoice, its
number without gap in the order of validation. `check_fec` knows nothing of this module.
"""

import codecs
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from pipeline.posting.coding.plan import Plan
from pipeline.posting.files.booking import HOME, Rate, movements, no_rates
from schemas import FieldName, PostingOrder

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
ENCODING = "iso8859-15"
_LABEL = 120


class Validated(NamedTuple):
    """An order and the time at which it was validated."""

    order: PostingOrder
    at: datetime


def write_fec(entries: Iterable[Validated], plan: Plan, rate: Rate = no_rates, first_number: int = 1) -> bytes:
    """The file of a journal: one entry an order, numbered from `first_number` in the order of validation.

    Raises RateMissing for an invoice in a currency whose rate is unknown.
    """
    ordered = sorted(entries, key=lambda one: (_valid_date(one), one.order.key.issue_date, one.at))
    rows: list[Sequence[str]] = [COLUMNS]
    number = first_number
    for entry in ordered:
        made = list(_rows(entry, f"{plan.journal}{number:06d}", plan, rate))
        number += bool(made)
        rows += made
    text = "".join("\t".join(map(_field, row)) + "\r\n" for row in rows)
    return text.encode(ENCODING, "fec-plain")


def file_name(siren: str, closing: date) -> str:
    """SirenFECAAAAMMJJ.txt, of the day the financial year closes."""
    return f"{siren}FEC{closing:%Y%m%d}.txt"


def _rows(entry: Validated, number: str, plan: Plan, rate: Rate) -> Iterator[Sequence[str]]:
    record, issued = entry.order.record, entry.order.key.issue_date
    currency = record.value(FieldName.CURRENCY) or HOME
    for one in movements(entry.order, plan, rate):
        is_foreign = one.foreign is not None
        yield (
            plan.journal,
            plan.journal_name,
            number,
            _day(issued),
            one.account,
            one.account_name,
            one.auxiliary,
            one.auxiliary_name,
            str(record.value(FieldName.INVOICE_NUMBER)),
            _day(issued),
            one.label[:_LABEL],
            _amount(one.debit),
            _amount(one.credit),
            "",
            "",
            _day(_valid_date(entry)),
            _amount(one.foreign) if one.foreign is not None else "",
            currency if is_foreign else "",
        )


def _valid_date(entry: Validated) -> date:
    """No entry is validated before the day it is booked on."""
    return max(entry.at.date(), entry.order.key.issue_date)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _field(text: str) -> str:
    """Without what separates fields and lines."""
    return " ".join(
        "".join(" " if char == "|" or unicodedata.category(char) == "Cc" else char for char in text).split()
    )


def _plain(error: UnicodeError) -> tuple[str, int]:
    """A character that ISO 8859-15 lacks, without its accent, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    begin, end = error.start, error.end
    stripped = unicodedata.normalize("NFKD", error.object[begin:end]).encode("ascii", "ignore").decode()
    return stripped or "?", end


codecs.register_error("fec-plain", _plain)
