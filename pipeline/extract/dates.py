"""Chooses the dates jointly: an invoice is not due before it is issued."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product

from pipeline.extract.header import led_by
from schemas import Candidate, FieldName

LONGEST_TERM = timedelta(days=185)
"""Payment terms beyond half a year are not offered; the law allows 60 days (C. com. L441-10)."""
IMPLAUSIBLE = -0.4


def choose_dates(
    proposals: Mapping[FieldName, tuple[Candidate, ...]],
) -> dict[FieldName, tuple[Candidate, ...]]:
    """The candidates of issue date and due date, the best pair first."""
    issues, dues = proposals[FieldName.ISSUE_DATE], proposals[FieldName.DUE_DATE]
    issue, due = max(product([None, *issues], [None, *dues]), key=_worth)
    return {FieldName.ISSUE_DATE: led_by(issue, issues), FieldName.DUE_DATE: led_by(due, dues)}


def _worth(pair: tuple[Candidate | None, Candidate | None]) -> float:
    worth = sum(option.score for option in pair if option)
    issue, due = pair
    if issue and due and not is_plausible(issue.value, due.value):
        worth += IMPLAUSIBLE
    return worth


def is_plausible(issue: date, due: date) -> bool:
    """Whether a payment may be due on a day, given the day of issue."""
    return timedelta(0) <= due - issue <= LONGEST_TERM
