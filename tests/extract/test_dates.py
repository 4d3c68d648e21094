"""Issue date and due date are chosen as a pair."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.dates import LONGEST_TERM, choose_dates, is_plausible
from schemas import Candidate, FieldName

ISSUE, DUE = FieldName.ISSUE_DATE, FieldName.DUE_DATE


def options(name, *scored):
    return tuple(Candidate(name=name, value=value, score=score) for value, score in scored)


def chosen(issues, dues):
    """The first of each list of candidates, or None."""
    found = choose_dates({ISSUE: options(ISSUE, *issues), DUE: options(DUE, *dues)})
    return tuple(found[name][0].value.isoformat() if found[name] else None for name in (ISSUE, DUE))


def test_a_due_date_before_the_issue_date_gives_way():
    """The second best pair is plausible, the best single ones together are not."""
    issues = [("2026-04-02", 0.62), ("2026-03-03", 0.6)]
    assert chosen(issues, [("2026-04-01", 0.7)]) == ("2026-03-03", "2026-04-01")


def test_a_term_of_years_gives_way():
    """The end of a contract is no due date."""
    dues = [("2029-03-03", 0.7), ("2026-04-02", 0.5)]
    assert chosen([("2026-03-03", 0.9)], dues) == ("2026-03-03", "2026-04-02")


def test_a_doubtful_due_date_is_left_out_when_it_contradicts():
    """Better none than a wrong one."""
    assert chosen([("2026-03-03", 0.9)], [("2026-01-01", 0.3)]) == ("2026-03-03", None)


def test_the_others_stay_as_rivals():
    """What lost is kept for the person who looks at it."""
    found = choose_dates({ISSUE: options(ISSUE, ("2026-03-03", 0.9), ("2026-03-01", 0.4)), DUE: ()})
    assert [option.value for option in found[ISSUE]] == [date(2026, 3, 3), date(2026, 3, 1)]
    assert found[DUE] == ()


@pytest.mark.parametrize(
    ("days", "is_so"), [(0, True), (60, True), (LONGEST_TERM.days, True), (-1, False), (400, False)]
)
def test_payment_is_due_within_half_a_year(days, is_so):
    """The day of issue itself counts."""
    assert is_plausible(date(2026, 3, 3), date(2026, 3, 3) + timedelta(days)) is is_so


scored = st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.floats(0.3, 1.0)), max_size=4)


@given(scored, scored)
def test_no_date_is_made_up_or_lost(issues, dues):
    """Each list is what was proposed in another order, or nothing at all."""
    proposed = {ISSUE: options(ISSUE, *issues), DUE: options(DUE, *dues)}
    found = choose_dates(proposed)
    for name in (ISSUE, DUE):
        assert not found[name] or sorted(map(id, found[name])) == sorted(map(id, proposed[name]))
