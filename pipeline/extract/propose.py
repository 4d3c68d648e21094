"""Proposes candidates for every field of a sheet, each weighed by itself; what hangs together is chosen later."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from pipeline.extract.candidates import Sheet
from pipeline.extract.document_type import propose_document_type
from pipeline.extract.header import best_first, candidate, propose_header
from pipeline.extract.parsing import CURRENCY_CODES
from pipeline.extract.parties import propose_parties
from pipeline.extract.spans import Span
from pipeline.extract.totals import propose_totals
from schemas import Candidate, FieldName

MOST = 16
"""Candidates of a field that are weighed; few of them are kept."""
UNNAMED = 0.01
"""What a value is worth by hand that no label names: it is shown to the scorer, and never chosen without one."""

_DATES = (FieldName.ISSUE_DATE, FieldName.DUE_DATE, FieldName.DELIVERY_DATE)
_NUMBERS = (FieldName.INVOICE_NUMBER, FieldName.PO_NUMBER)
_CHECKED = ("vat_id", "iban", "siret")
_AMOUNTS = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL, FieldName.AMOUNT_DUE)


def propose(sheet: Sheet) -> dict[FieldName, tuple[Candidate, ...]]:
    """Candidates of all fields but the tax ids, which depend on who is seller and buyer."""
    named = {
        **propose_header(sheet),
        **propose_parties(sheet),
        **propose_totals(sheet),
        FieldName.DOC_TYPE: propose_document_type(sheet),
    }
    taken = [span for kind in _CHECKED for span in sheet.spans_of(kind) if span.valid]
    taken += [span for span in sheet.spans_of("date") if _IS_A_DATE.fullmatch(span.raw)]
    return {
        name: tuple(
            one
            for one in _with_unnamed(name, options, sheet)
            if name not in _NUMBERS or not (_is_in(one, taken) or _is_amount(one))
        )
        for name, options in named.items()
    }


def _is_in(option: Candidate, taken: Sequence[Span]) -> bool:
    """Whether a candidate stands where a date is, or an identifier of another kind that its check digits prove."""
    return option.box is not None and any(
        span.page == option.page
        and abs(span.box.y_mid - option.box.y_mid) < span.box.height / 2
        and span.box.x0 - 1 <= option.box.x_mid <= span.box.x1 + 1
        for span in taken
    )


def _is_amount(option: Candidate) -> bool:
    """Whether a number is an amount of money: "CHF 836.77", "1 250,00"."""
    return bool(_AMOUNT.fullmatch(str(option.value)))


_IS_A_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1(?:\d{4}|\d\d)|\d{1,2}-[^\W\d]{3,}\.?-\d{2,4}|.*\s.*")
"""A date by itself, in figures or in words; "RE-20260509/505" is a number that holds one."""
_AMOUNT = re.compile(rf"(?:(?:{'|'.join(sorted(CURRENCY_CODES))})\s?\d.*)|\d{{1,3}}(?:[.,\s]\d{{3}})*[.,]\d{{2}}")


def _with_unnamed(name: FieldName, options: tuple[Candidate, ...], sheet: Sheet) -> tuple[Candidate, ...]:
    """The candidates, and behind them values of the field's form that no label names."""
    known = {option.value for option in options}
    others = [candidate(name, span, UNNAMED) for span in _of_form(name, sheet) if span.value not in known]
    return (*options, *best_first(others, MOST))[:MOST]


def _of_form(name: FieldName, sheet: Sheet) -> Iterable[Span]:
    if name in _DATES:
        return sheet.spans_of("date")
    if name in _NUMBERS:
        return _numbers(sheet)
    if name in _AMOUNTS:
        return reversed([span for span in sheet.spans_of("amount") if _is_sum(span)])
    return ()


def _numbers(sheet: Sheet) -> Iterator[Span]:
    """Texts on the first page that may number a document: no amount, no date, no year."""
    for span in sheet.spans_of("identifier"):
        text = str(span.value)
        if span.page == sheet.pages[0].number and len(text) > 2 and not _LOOKS_ELSE.fullmatch(text):
            yield span


_LOOKS_ELSE = re.compile(
    r"\d{1,3}(?:[.,\s]\d{3})*[.,]\d{2}|\d{1,4}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|(?:19|20)\d\d|\d{1,3}"
)


def _is_sum(span: Span) -> bool:
    return bool(span.value) and isinstance(span.value, Decimal) and bool(re.search(r"[.,]\d\d(?!\d)", span.raw))
