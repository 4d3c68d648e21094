"""All documents of one's clients, what became of them, and their originals."""

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError

from pipeline.web.access import PageNotFound, TheActor
from pipeline.web.catalogue import Place, Wanted, document_of, documents, invoices_of
from pipeline.web.pages import render
from pipeline.web.services import Services, TheServices
from schemas import Document
from schemas.people import Actor

ROWS = 50
_MOMENT: TypeAdapter[AwareDatetime] = TypeAdapter(AwareDatetime)

router = APIRouter(prefix="/documents")


class Asked(BaseModel):
    """What was asked for, as the form sends it."""

    client: str = Field("", max_length=32)
    q: str = Field("", max_length=200)
    decision: str = Field("", max_length=20)
    after: str = Field("", max_length=80)

    def address(self, **changes: str) -> str:
        """The same page with some changes."""
        values = {name: value for name, value in (self.model_dump() | changes).items() if value}
        return f"/documents?{urlencode(values)}"


@router.get("")
def look(request: Request, actor: TheActor, services: TheServices, asked: Annotated[Asked, Query()]) -> Response:
    """The list, newest first."""
    clients = services.clients_of(actor, "see")
    wanted = Wanted(asked.q.strip(), asked.decision)
    chosen = [one for one in clients if not asked.client or one == asked.client]
    lines, after = documents(services.database, chosen, wanted, _place(asked.after), ROWS)
    more = asked.address(after=f"{after.received_at.isoformat()}~{after.document_id}") if after else None
    return render(request, "documents.html", asked=asked, lines=lines, more=more, clients=clients)


@router.get("/{document_id}")
def show(request: Request, actor: TheActor, services: TheServices, document_id: str) -> Response:
    """One document: its invoices with fields, evidence and reasons, and what happened to it."""
    client, document = _own(services, actor, document_id)
    rows = {row.part: row for row in invoices_of(services.database, document_id)}
    outcomes = [one for one in services.ledger.outcomes(document_id) if not rows[one.part].is_hidden]
    events = services.ledger.events(document_id)
    values: dict[str, Any] = {
        "document": document,
        "client": client,
        "client_names": {client: services.house.clients.get(client).name},
        "rows": rows,
        "outcomes": outcomes,
        "events": events if len(outcomes) == len(rows) else (),
        "finals": {part: services.desk.item(actor, row.item_id).final for part, row in rows.items() if row.item_id},
    }
    return render(request, "document.html", document_id=document_id, **values)


@router.get("/{document_id}/original")
def original(actor: TheActor, services: TheServices, document_id: str) -> Response:
    """The untouched bytes, to be saved and never shown by the browser."""
    _, document = _own(services, actor, document_id)
    path = services.archive.path(document.sha256)
    if not path.is_file():
        raise PageNotFound("The original is not in the archive.")
    name = quote(document.file_name, safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Content-Security-Policy": "sandbox"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _own(services: Services, actor: Actor, document_id: str) -> tuple[str, Document]:
    """A document that the person may see, and whose it is. Raises PageNotFound."""
    found = document_of(services.database, document_id)
    if found is None or not actor.may("see", found[0]):
        raise PageNotFound("There is no such document.")
    return found


def _place(text: str) -> Place | None:
    """Where the page begins; from the start for what is no place."""
    at, _, document_id = text.partition("~")
    try:
        return Place(_MOMENT.validate_python(at), document_id) if text else None
    except ValidationError:
        return None
