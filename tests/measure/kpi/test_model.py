"""A period is read as whole months and single days, and no day twice or never."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from pipeline.measure.kpi.catalogue import KPIS
from pipeline.measure.kpi.model import Scope
from pipeline.store.tables import Base
from pipeline.store.tally_tables import TallyRow

FIRST, NOW = date(2026, 1, 1), datetime(2027, 1, 1, tzinfo=UTC)
YEAR = [FIRST + timedelta(days=number) for number in range(450)]


@pytest.fixture(scope="module")
def session():
    """One tally a day, and those of the months."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[TallyRow.__table__])
    with Session(engine) as session:
        common = {"client_id": "main", "measure": "decided", "slice": "review", "total": 0, "label": ""}
        months = {day.replace(day=1) for day in YEAR}
        counts = {month: sum(day.replace(day=1) == month for day in YEAR) for month in months}
        rows = [{**common, "by_month": False, "day": day, "n": 1} for day in YEAR]
        rows += [{**common, "by_month": True, "day": month, "n": n} for month, n in counts.items()]
        session.execute(insert(TallyRow), rows)
        yield session


@given(st.sampled_from(YEAR), st.integers(0, 449))
def test_every_day_of_a_period_counts_once(session, first, length):
    """Whatever its first and last day are."""
    last = min(first + timedelta(days=length), YEAR[-1])
    scope = Scope(clients=("main",), first=first, last=last, now=NOW)
    read = sum(session.scalar(select(TallyRow.n).where(part)) is not None for part in scope.parts())
    days = [n for part in scope.parts() for n in session.scalars(select(TallyRow.n).where(part))]
    assert read == len(scope.parts())
    assert sum(days) == scope.days


def test_names_are_unique_and_every_figure_is_worded_in_both_languages():
    """A page in French has no English title, and a name leads to one figure."""
    assert len({kpi.name for kpi in KPIS}) == len(KPIS)
    assert all(kpi.title.fr and kpi.title.en and kpi.definition.fr and kpi.definition.en for kpi in KPIS)
    assert all(kpi.title.fr != kpi.title.en for kpi in KPIS)
