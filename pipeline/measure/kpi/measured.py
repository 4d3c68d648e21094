"""Asks for the key figures of a period."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.measure.kpi.catalogue import KPIS
from pipeline.measure.kpi.model import Kpi, Measured, Prices, Row, Scope
from pipeline.settings import CostSettings
from pipeline.store.tally_tables import TallyRow


class DayCount(NamedTuple):
    """Invoices decided on a day, and those of them that went straight through."""

    day: date
    invoices: int
    through: int


def measure(session: Session, scope: Scope, prices: Prices, kpis: Iterable[Kpi] = KPIS) -> tuple[Measured, ...]:
    """The key figures of some clients in a period, in their order."""
    return tuple(
        Measured(kpi=kpi, figures=kpi.work([Row(*row) for row in session.execute(kpi.query(scope))], prices))
        for kpi in kpis
    )


def by_day(session: Session, scope: Scope) -> tuple[DayCount, ...]:
    """The days of a period on which anything was decided, in order."""
    query = (
        select(TallyRow.day, func.sum(TallyRow.n), func.sum(TallyRow.total))
        .where(TallyRow.measure == "straight_through", *scope.parts(by_day=True))
        .group_by(TallyRow.day)
        .order_by(TallyRow.day)
    )
    return tuple(DayCount(day, int(n), int(total)) for day, n, total in session.execute(query))


def first_day(session: Session, clients: Iterable[str]) -> date | None:
    """The first day on which a document of these clients was decided."""
    of_them = (TallyRow.client_id.in_(list(clients)), TallyRow.measure == "documents", TallyRow.by_month.is_(False))
    return session.scalar(select(func.min(TallyRow.day)).where(*of_them))


def scope_in(session: Session, clients: Iterable[str], first: date | None, last: date | None, now: datetime) -> Scope:
    """A period of some clients; where no day is given, from their first event up to today (UTC)."""
    of = tuple(clients)
    last = last or now.astimezone(UTC).date()
    return Scope(clients=of, first=min(first or first_day(session, of) or last, last), last=last, now=now)


def prices_of(settings: CostSettings) -> Prices:
    """What an hour costs in this installation."""
    return Prices(**settings.model_dump())
