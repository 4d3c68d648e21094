"""Holds an e-invoice against the page it comes with: what money depends on must be what the page prints."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from pipeline.extract.candidates import Sheet, survey
from pipeline.extract.parsing import find_dates
from schemas import FieldName, Finding, Page, Record, Severity

RULE = "xml-differs-from-page"


def compare_with_pages(record: Record, pages: Sequence[Page]) -> tuple[Finding, ...]:
    """An error finding for the number, the issue date, the total or the IBAN of an e-invoice that no page prints.

    A page that prints no IBAN at all does not contradict one; a document without any readable word does.
    """
    sheet = survey(pages)
    if not sheet.lines:
        return (_finding("The page of this e-invoice cannot be read, so its values cannot be checked."),)
    return tuple(
        _finding(f"The e-invoice says {name} {record.value(name)}, but the page does not print it.", name)
        for name, is_printed in _CHECKS.items()
        if record.value(name) is not None and not is_printed(record.value(name), sheet)
    )


def _finding(message: str, *fields: FieldName) -> Finding:
    return Finding(rule=RULE, severity=Severity.ERROR, message=message, fields=fields)


def _number_printed(value: str, sheet: Sheet) -> bool:
    """Spaces and marks aside, and not as a part of a longer number."""
    wanted = _compact(value)
    return bool(wanted) and any(wanted in _runs(line.text) for line in sheet.lines)


def _runs(text: str) -> Iterator[str]:
    """All runs of a row's words, put together."""
    words = [_compact(word) for word in text.split()]
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            yield "".join(words[first:last])
    yield from (_compact(part) for part in re.findall(r"[^\s:°#()]+", text))


def _compact(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def _date_printed(value: date, sheet: Sheet) -> bool:
    """In either order of day and month."""
    return any(
        value in {found for found, _, _ in find_dates(line.text, month_first)}
        for line in sheet.lines
        for month_first in (False, True)
    )


def _amount_printed(value: Decimal, sheet: Sheet) -> bool:
    """With either sign: credit notes print both ways."""
    return any(abs(value) == abs(Decimal(str(span.value))) for span in sheet.spans_of("amount"))


def _iban_printed(value: str, sheet: Sheet) -> bool:
    printed = {str(span.value) for span in sheet.spans_of("iban") if span.valid}
    return not printed or _compact(value) in printed or _number_printed(value, sheet)


_CHECKS: dict[FieldName, Callable[..., bool]] = {
    FieldName.INVOICE_NUMBER: _number_printed,
    FieldName.ISSUE_DATE: _date_printed,
    FieldName.GROSS_TOTAL: _amount_printed,
    FieldName.IBAN: _iban_printed,
}
