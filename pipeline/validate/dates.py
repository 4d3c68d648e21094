"""Whether dates are likely and in order."""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.validate.finding import Rule, error, warning
from schemas import FieldName, Finding, Invoice

ISSUE, DUE, DELIVERY = FieldName.ISSUE_DATE, FieldName.DUE_DATE, FieldName.DELIVERY_DATE

MONTH = timedelta(days=31)
YEAR = timedelta(days=366)
OLDEST = timedelta(days=3653)
"""Ten years, as long as French books are kept (C. com. L123-22): no invoice waits that long for posting."""


def likely_issue_date(invoice: Invoice, today: date) -> Iterator[Finding]:
    """An invoice was issued recently: not in the future, hardly over a year ago, never over ten years ago."""
    if (issued := invoice.issue_date) is None:
        return
    if issued > today + MONTH:
        yield error("future-date", f"The issue date {issued} lies far in the future (today is {today}).", ISSUE)
    elif issued > today + timedelta(days=1):
        yield warning("future-date", f"The issue date {issued} lies in the future (today is {today}).", ISSUE)
    elif issued < today - OLDEST:
        yield error("old-invoice", f"The issue date {issued} is more than ten years ago.", ISSUE)
    elif issued < today - YEAR:
        yield warning("old-invoice", f"The issue date {issued} is more than a year ago.", ISSUE)


def due_after_issue(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Payment falls due on or after the issue date; up to a month before where the buyer was debited."""
    issued, due = invoice.issue_date, invoice.due_date
    if issued is None or due is None:
        return
    if issued - due > MONTH:
        yield error("due-before-issue", f"Due on {due}, long before the issue date {issued}.", DUE, ISSUE)
    elif due < issued:
        yield warning("due-before-issue", f"Due on {due}, before the issue date {issued}.", DUE, ISSUE)
    elif due - issued > YEAR:
        yield warning("late-due-date", f"Due on {due}, more than a year after the issue date {issued}.", DUE)


def likely_delivery(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Delivery and invoice lie within a year of each other."""
    issued, delivered = invoice.issue_date, invoice.delivery_date
    if issued is not None and delivered is not None and abs(delivered - issued) > YEAR:
        message = f"Delivered on {delivered}, but issued on {issued}: more than a year apart."
        yield warning("delivery-date", message, DELIVERY, ISSUE)


RULES: tuple[Rule, ...] = (likely_issue_date, due_after_issue, likely_delivery)
