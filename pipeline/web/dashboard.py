"""How the work stands, in simple figures; measurements are added as further sections of the page."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pipeline.measure.scores import Share, share_of
from pipeline.review.flow import OPEN, State
from pipeline.review.stats import decisions
from pipeline.store.tables import DocumentRow, RecordRow, ReviewItemRow
from pipeline.web.access import TheActor
from pipeline.web.pages import is_part, render
from pipeline.web.services import TheDesk, TheServices

WEEK = timedelta(days=7)
AGES = (("up to 4 hours", timedelta(hours=4)), ("up to a day", timedelta(days=1)), ("up to 2 days", timedelta(days=2)))
LONGER = "longer"

router = APIRouter(prefix="/dashboard")


class Bar(NamedTuple):
    """So many items, and how many of them are late."""

    name: str
    items: int
    late: int


@router.get("")
def look(request: Request, actor: TheActor, services: TheServices, desk: TheDesk, client: str = "") -> Response:
    """The figures of one's clients, or of one of them; for htmx the figures alone."""
    clients = services.clients_of(actor, "see")
    chosen = tuple(one for one in clients if not client or one == client)
    now = services.clock.now()
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    week = desk.stats(actor, now - WEEK, chosen)
    with services.database.reading() as session:
        ages, through = _ages(session, chosen, now), _straight_through(session, chosen, now - WEEK)
        today = decisions(session, chosen, midnight)
    values: dict[str, Any] = {
        "clients": clients,
        "client": client,
        "now": now,
        "today": today,
        "week": week,
        "ages": ages,
        "through": through,
        "samples": share_of(week.samples.wrong, week.samples.checked),
    }
    return render(request, "dashboard_figures.html" if is_part(request) else "dashboard.html", **values)


def _ages(session: Session, clients: Collection[str], now: datetime) -> list[Bar]:
    """What waits, by how long; every open item is in one bar."""
    states = [state.value for state in (*OPEN, State.CLAIMED)]
    age = case(*((ReviewItemRow.created_at > now - age, name) for name, age in AGES), else_=LONGER)
    late = func.count().filter(ReviewItemRow.deadline < now)
    mine = (ReviewItemRow.state.in_(states), ReviewItemRow.client_id.in_(list(clients)))
    found = session.execute(select(age.label("age"), func.count(), late).where(*mine).group_by("age"))
    bars = {name: Bar(name, count, late_count) for name, count, late_count in found}
    return [bars.get(name, Bar(name, 0, 0)) for name in (*(name for name, _ in AGES), LONGER)]


def _straight_through(session: Session, clients: Collection[str], since: datetime) -> Share:
    """The share of the invoices settled since then that nobody had to touch."""
    # as a subquery, so that the database begins with the index on the time and not with all documents of a client
    client = select(DocumentRow.client_id).where(DocumentRow.id == RecordRow.document_id).scalar_subquery()
    query = (
        select(func.count(), func.count().filter(RecordRow.decision == "straight_through"))
        .select_from(RecordRow)
        .where(RecordRow.settled_at >= since, client.in_(list(clients)))
    )
    of, count = session.execute(query).one()
    return share_of(count, of)
