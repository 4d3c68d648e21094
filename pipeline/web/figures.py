"""The key figures of one's clients in a period, as a page, as CSV and as JSON."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from pipeline.measure.kpi.by_hand import TITLE, beside_by_hand, show_beside
from pipeline.measure.kpi.measured import by_day, first_day, measure, prices_of
from pipeline.measure.kpi.model import Day, Measured, Scope
from pipeline.measure.kpi.page import HEADS
from pipeline.measure.kpi.pictures import HELD, THROUGH, days_picture
from pipeline.measure.kpi.tables import as_csv, as_json
from pipeline.measure.kpi.words import in_language, shown
from pipeline.web.access import TheActor, visit_of
from pipeline.web.pages import render
from pipeline.web.services import Services, TheServices
from schemas.people import Actor

DAYS = 30
"""The period that is shown when none is asked for: so many days up to today."""
MOST_LINES = 12
"""Of one table; the files have all."""

router = APIRouter(prefix="/dashboard")


class Asked(BaseModel):
    """Whose figures, and of which days (UTC, both included); `whole` is from the first event on."""

    client: str = ""
    first: Day | None = None
    last: Day | None = None
    whole: bool = False


@router.get("/figures")
def look(request: Request, actor: TheActor, services: TheServices, asked: Annotated[Asked, Query()]) -> Response:
    """The page."""
    language = visit_of(request).language
    with services.database.reading() as session:
        scope = scope_of(services, actor, asked)
        found = measure(session, scope, prices_of(services.settings.costs))
        days = by_day(session, scope)
    lines = {one.kpi.name: shown(one, language, MOST_LINES) for one in found}
    return render(
        request,
        "figures.html",
        clients=services.clients_of(actor, "see"),
        asked=asked,
        scope=scope,
        found={one.kpi.name: one for one in found},
        lines=lambda one: lines[one.kpi.name],
        say=lambda words: in_language(words, language),
        picture=days_picture(days, scope, language),
        through=in_language(THROUGH, language),
        held=in_language(HELD, language),
        prices=services.settings.costs,
        most=MOST_LINES,
        heads=HEADS,
        beside=show_beside(beside_by_hand(found), language),
        beside_title=in_language(TITLE, language),
    )


@router.get("/figures.csv")
def csv(actor: TheActor, services: TheServices, asked: Annotated[Asked, Query()]) -> Response:
    """All of them as CSV."""
    scope, found = _measured(services, actor, asked)
    return Response(as_csv(found, scope), media_type="text/csv", headers=_saved("csv"))


@router.get("/figures.json")
def json(actor: TheActor, services: TheServices, asked: Annotated[Asked, Query()]) -> Response:
    """All of them as JSON."""
    scope, found = _measured(services, actor, asked)
    return Response(as_json(found, scope), media_type="application/json", headers=_saved("json"))


def scope_of(services: Services, actor: Actor, asked: Asked) -> Scope:
    """What is asked for, narrowed to the clients that the person may see."""
    mine = services.clients_of(actor, "see")
    clients = tuple(one for one in mine if not asked.client or one == asked.client)
    now = services.clock.now()
    today = now.astimezone(UTC).date()
    last = min(asked.last or today, today)
    first = asked.first or last - timedelta(days=DAYS - 1)
    if asked.whole:
        with services.database.reading() as session:
            first, last = first_day(session, clients) or first, today
    return Scope(clients=clients, first=min(first, last), last=last, now=now)


def _measured(services: Services, actor: Actor, asked: Asked) -> tuple[Scope, tuple[Measured, ...]]:
    scope = scope_of(services, actor, asked)
    with services.database.reading() as session:
        return scope, measure(session, scope, prices_of(services.settings.costs))


def _saved(kind: str) -> Mapping[str, Any]:
    return {"Content-Disposition": f'attachment; filename="backoffice-figures.{kind}"'}
