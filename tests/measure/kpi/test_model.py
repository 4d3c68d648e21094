"""A period is read as whole months and single days, and no day twice or never."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from pipeline.measure.kpi.catalogue import KPIS
from pipeline.measure.kpi.model import Group, Part, Scope, sums
from pipeline.store.tables import Base
from pipeline.store.tally_tables import TallyRow

YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(450)]
NOW = datetime.combine(YEAR[-1], time(12), UTC)
"""No tally is of a later day."""


@pytest.fixture(scope="module")
def session():
    """One tally a day, and those of the months."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[TallyRow.__table__])
    with Session(engine) as session:
        common = {"client_id": "main", "measure": "decided", "slice": "review", "label": ""}
        months = {day.replace(day=1) for day in YEAR}
        counts = {month: sum(day.replace(day=1) == month for day in YEAR) for month in months}
        rows = [{**common, "by_month": False, "day": day, "n": 1, "total": 2} for day in YEAR]
        rows += [{**common, "by_month": True, "day": month, "n": n, "total": 2 * n} for month, n in counts.items()]
        session.execute(insert(TallyRow), rows)
        yield session


@given(st.sampled_from(YEAR), st.integers(0, 449))
def test_every_day_of_a_period_counts_once(session, first, length):
    """Whatever its first and last day are, today or long ago."""
    last = min(first + timedelta(days=length), YEAR[-1])
    scope = Scope(clients=("main",), first=first, last=last, now=NOW)
    found = session.execute(sums(scope, ["decided"], Group.NOTHING)).all()
    assert [(row[3], row[4]) for row in found] == [(scope.days, 2 * scope.days)]


@given(st.sampled_from(YEAR), st.integers(0, 449))
def test_few_rows_are_read_whatever_the_period_is(first, length):
    """Of the first and of the last month no more than half of the days, and single rows of the months between."""
    last = min(first + timedelta(days=length), YEAR[-1])
    parts = Scope(clients=("main",), first=first, last=last, now=NOW).parts()
    assert sum(part.days for part in parts if not part.by_month) <= 31
    assert sum(part.by_month for part in parts) <= 1


def test_up_to_today_the_month_is_read_whole():
    """Its other days have not come yet: nothing has to be taken back."""
    today = date(2026, 11, 27)
    scope = Scope(clients=("main",), first=date(2025, 12, 1), last=today, now=datetime.combine(today, time(9), UTC))
    assert scope.parts() == (Part(first=scope.first, last=date(2026, 11, 1), by_month=True),)


def test_what_was_taken_back_whole_is_no_slice(session):
    """A slice of days outside alone is not shown with nothing."""
    days = {"client_id": "main", "measure": "refused", "slice": "late", "n": 1, "total": 0, "label": ""}
    day = date(2026, 3, 31)
    session.execute(insert(TallyRow), [{**days, "by_month": False, "day": day}])
    session.execute(insert(TallyRow), [{**days, "by_month": True, "day": day.replace(day=1)}])
    scope = Scope(clients=("main",), first=date(2026, 3, 1), last=date(2026, 3, 30), now=NOW)
    assert [part.sign for part in scope.parts()] == [1, -1]
    assert session.execute(sums(scope, ["refused"], Group.NOTHING)).all() == []


def test_names_are_unique_and_every_figure_is_worded_in_both_languages():
    """A page in French has no English title, and a name leads to one figure."""
    assert len({kpi.name for kpi in KPIS}) == len(KPIS)
    assert all(kpi.title.fr and kpi.title.en and kpi.definition.fr and kpi.definition.en for kpi in KPIS)
    assert all(kpi.title.fr != kpi.title.en for kpi in KPIS)
