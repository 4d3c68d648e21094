"""Dates are likely and in order."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.validate import dates
from schemas import Invoice, Severity

TODAY = date(2026, 3, 10)
Change = Callable[..., Invoice]
ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        (date(2026, 3, 11), []),  # a day ahead: the sender's clock
        (date(2026, 3, 20), [("future-date", WARNING)]),
        (date(2026, 9, 1), [("future-date", ERROR)]),
        (date(2025, 3, 10), []),
        (date(2025, 3, 1), [("old-invoice", WARNING)]),
        (date(2016, 1, 1), [("old-invoice", ERROR)]),
        (None, []),
    ],
)
def test_issue_date_is_recent(change: Change, issued: date | None, expected: list[tuple[str, Severity]]) -> None:
    """A future or very old date is an error, a slightly odd one a warning."""
    found = dates.likely_issue_date(change(issue_date=issued), TODAY)
    assert [(finding.rule, finding.severity) for finding in found] == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 3, 2), []),
        (date(2026, 3, 1), [("due-before-issue", WARNING)]),
        (date(2026, 1, 1), [("due-before-issue", ERROR)]),
        (date(2027, 2, 1), []),
        (date(2028, 3, 2), [("late-due-date", WARNING)]),
        (None, []),
    ],
)
def test_due_date_follows_the_issue_date(
    change: Change, due: date | None, expected: list[tuple[str, Severity]]
) -> None:
    """Due on the issue date or after; a month earlier is seen with direct debits."""
    found = dates.due_after_issue(change(due_date=due), TODAY)
    assert [(finding.rule, finding.severity) for finding in found] == expected


@pytest.mark.parametrize(
    ("delivered", "expected"), [(date(2025, 12, 1), []), (date(2024, 1, 1), [WARNING]), (date(2028, 1, 1), [WARNING])]
)
def test_delivery_is_near_the_issue_date(change: Change, delivered: date, expected: list[Severity]) -> None:
    """More than a year between delivery and invoice is odd."""
    found = dates.likely_delivery(change(delivery_date=delivered), TODAY)
    assert [finding.severity for finding in found] == expected


def test_message_names_both_dates(change: Change) -> None:
    """The clerk sees the dates."""
    (finding,) = dates.due_after_issue(change(due_date=date(2026, 3, 1)), TODAY)
    assert finding.message == "Due on 2026-03-01, before the issue date 2026-03-02."


@given(issued=st.dates(), due=st.dates(), delivered=st.dates())
@example(issued=date.max, due=date.max, delivered=date.min)
@example(issued=date.min, due=date.min, delivered=date.max)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_invoice_may_bear_any_dates(change: Change, issued: date, due: date, delivered: date) -> None:
    """The rules hold up to both ends of the calendar."""
    invoice = change(issue_date=issued, due_date=due, delivery_date=delivered)
    for rule in (dates.likely_issue_date, dates.due_after_issue, dates.likely_delivery):
        list(rule(invoice, TODAY))
