"""Asks for the key figures of a period."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.measure.kpi.catalogue import KPIS
from pipeline.measure.kpi.model import Group, Kpi, Measured, Prices, Query, Row, Scope, sums
from pipeline.settings import CostSettings
from pipeline.store.tally_tables import TallyRow


class DayCount(NamedTuple):
    """Invoices decided on a day, and those of them that went straight through."""

    day: date
    invoices: int
    through: int


def measure(session: Session, scope: Scope, prices: Prices, kpis: Iterable[Kpi] = KPIS) -> tuple[Measured, ...]:
    """The key figures of some clients in a period, in their order.

    Those of the same group are asked for in one query, of which each takes the rows of its measures: by the query of
    its own they are the same.
    """
    asked = tuple(kpis)
    rows: dict[Group, dict[str, list[Row]]] = {}
    for group in {kpi.group for kpi in asked if kpi.is_tallied}:
        of_group = [kpi for kpi in asked if kpi.is_tallied and kpi.group is group]
        rows[group] = _by_measure(session, sums(scope, {name for kpi in of_group for name in kpi.measures}, group))

    def rows_of(kpi: Kpi) -> list[Row]:
        found = rows[kpi.group] if kpi.is_tallied else _by_measure(session, kpi.query(scope))
        return [row for name in sorted(kpi.measures) for row in found.get(name, ())]

    return tuple(Measured(kpi=kpi, figures=kpi.work(rows_of(kpi), prices)) for kpi in asked)


def rows_by(session: Session, query: Query) -> list[Row]:
    """What a query gives, in order; sorted here, where few rows are left."""
    return sorted(Row(*row) for row in session.execute(query))


def _by_measure(session: Session, query: Query) -> dict[str, list[Row]]:
    return {name: list(rows) for name, rows in groupby(rows_by(session, query), key=lambda row: row.measure)}


def by_day(session: Session, scope: Scope) -> tuple[DayCount, ...]:
    """The days of a period on which anything was decided, in order."""
    row = TallyRow
    query = (
        select(row.day, func.sum(row.n), func.sum(row.total))
        .where(row.client_id.in_(scope.clients), row.measure == "straight_through", row.by_month.is_(False))
        .where(row.day.between(scope.first, scope.last))
        .group_by(row.day)
        .order_by(row.day)
    )
    return tuple(DayCount(day, int(n), int(total)) for day, n, total in session.execute(query))


def first_day(session: Session, clients: Iterable[str]) -> date | None:
    """The first day on which a document of these clients was decided."""
    row = TallyRow
    of_them = (row.client_id.in_(list(clients)), row.measure == "documents")
    month = session.scalar(select(func.min(row.day)).where(*of_them, row.by_month))  # of few rows; the days have many
    if month is None:
        return None
    days = row.day.between(month, month + timedelta(days=31))
    return session.scalar(select(func.min(row.day)).where(*of_them, row.by_month.is_(False), days))


def scope_in(session: Session, clients: Iterable[str], first: date | None, last: date | None, now: datetime) -> Scope:
    """A period of some clients; where no day is given, from their first event up to today (UTC)."""
    of = tuple(clients)
    last = last or now.astimezone(UTC).date()
    return Scope(clients=of, first=min(first or first_day(session, of) or last, last), last=last, now=now)


def prices_of(settings: CostSettings) -> Prices:
    """What an hour costs in this installation."""
    return Prices(**settings.model_dump())
