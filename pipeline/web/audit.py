"""The audit trail: events by document, person, kind and time, and the proof that none was changed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, select

from pipeline.house.anchors import FILE_NAME, read_anchors
from pipeline.house.audit import Verified, verify
from pipeline.row_ids import RowId
from pipeline.store.database import Database
from pipeline.store.summary import Event
from pipeline.store.tables import EventRow
from pipeline.web.access import PageNotFound, TheActor
from pipeline.web.pages import render
from pipeline.web.services import Services, TheServices
from schemas.people import HOUSE, Actor

ROWS = 100

router = APIRouter(prefix="/audit")


class Asked(BaseModel):
    """What was asked for, as the form sends it. Days are those of this machine."""

    client: str = Field("", max_length=32)
    document: str = Field("", max_length=100)
    user: str = Field("", max_length=64)
    kind: str = Field("", max_length=32)
    first: str = Field("", max_length=10)
    last: str = Field("", max_length=10)
    before: RowId = 0

    def address(self, **changes: object) -> str:
        """The same page with some changes."""
        values = {name: value for name, value in (self.model_dump() | changes).items() if value}
        return f"/audit?{urlencode(values)}"


@router.get("")
def look(request: Request, actor: TheActor, services: TheServices, asked: Annotated[Asked, Query()]) -> Response:
    """The events that the person may see, newest first."""
    clients = _chains(services, actor)
    chosen = [one for one in clients if not asked.client or one == asked.client]
    found = _events(services.database, chosen, asked, ROWS + 1)
    more = asked.address(before=found[ROWS - 1].number) if len(found) > ROWS else None
    values: dict[str, Any] = {"asked": asked, "clients": clients, "events": found[:ROWS], "more": more}
    return render(request, "audit.html", **values)


@router.post("/verify")
def prove(request: Request, actor: TheActor, services: TheServices) -> Response:
    """Read every chain that the person may see from its start and compare."""
    clients = _chains(services, actor)
    anchors = read_anchors(services.settings.home / FILE_NAME)
    results: dict[str, Verified] = {one: verify(services.database, anchors, one) for one in clients}
    return render(request, "audit_proof.html", results=results, clients=clients)


def _chains(services: Services, actor: Actor) -> dict[str, str]:
    """The chains that a person may look at: of his clients, and of the house. Raises PageNotFound."""
    clients = services.clients_of(actor, "audit")
    if actor.may("audit", HOUSE):
        clients[HOUSE] = HOUSE
    if not clients:
        raise PageNotFound("There is no such page.")
    return clients


def _events(database: Database, clients: Collection[str], asked: Asked, limit: int) -> list[Event]:
    query = select(EventRow).where(EventRow.client_id.in_(list(clients)), *_wanted(asked))
    with database.reading() as session:
        rows = session.scalars(query.order_by(EventRow.id.desc()).limit(limit)).all()
        return [Event(row.id, row.at, row.kind, row.document_id, row.data, row.client_id, row.actor) for row in rows]


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if asked.document:
        wanted.append(EventRow.document_id == asked.document.strip())
    if asked.user:
        wanted.append(EventRow.actor == asked.user.strip())
    if asked.kind:
        wanted.append(EventRow.kind == asked.kind.strip())
    if first := _day(asked.first):
        wanted.append(EventRow.at >= first)
    if last := _day(asked.last):
        wanted.append(EventRow.at < last + timedelta(days=1))
    if asked.before > 0:
        wanted.append(EventRow.id < asked.before)
    return wanted


def _day(text: str) -> datetime | None:
    """The beginning of a day; None for what is no date."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone() if text else None
    except ValueError:
        return None
