"""Asks for the key figures of a period."""

from collections.abc import Iterable
from datetime import date
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
        .where(
            TallyRow.client_id.in_(scope.clients),
            TallyRow.measure == "straight_through",
            TallyRow.day.between(scope.first, scope.last),
        )
        .group_by(TallyRow.day)
        .order_by(TallyRow.day)
    )
    return tuple(DayCount(day, int(n), int(total)) for day, n, total in session.execute(query))


def first_day(session: Session, clients: Iterable[str]) -> date | None:
    """The first day on which a document of these clients was decided."""
    of_them = (TallyRow.client_id.in_(list(clients)), TallyRow.measure == "documents")
    return session.scalar(select(func.min(TallyRow.day)).where(*of_them))


def prices_of(settings: CostSettings) -> Prices:
    """What an hour costs in this installation."""
    return Prices(**settings.model_dump())
