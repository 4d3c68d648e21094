"""The key figure of what waits now: it is asked of the review items, not of the tallies, for it is of no day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, literal, select

from pipeline.measure.kpi.model import Kpi, Query, Scope
from pipeline.review.flow import DONE
from pipeline.store.tables import ReviewItemRow

AGES = (
    ("4 h", timedelta(hours=4)),
    ("24 h", timedelta(days=1)),
    ("48 h", timedelta(days=2)),
    ("7 d", timedelta(days=7)),
)
LONGER = "longer"


class WaitingKpi(Kpi):
    """Invoices that wait for a person, by how long they have waited; of them those past their deadline are `total`."""

    is_tallied: bool = False

    def query(self, scope: Scope) -> Query:
        """Measure, "", age, number, number too late, ""; the youngest first."""
        row = ReviewItemRow
        age = case(*((row.created_at > scope.now - age, name) for name, age in AGES), else_=LONGER)
        late = func.count().filter(row.deadline < scope.now)
        is_open = row.state.not_in([state.value for state in DONE])
        columns: list[Any] = [literal("waiting"), literal(""), age.label("age"), func.count(), late, literal("")]
        query = select(*columns).where(is_open, row.client_id.in_(scope.clients))
        return query.group_by("age").order_by(func.max(row.created_at).desc())
