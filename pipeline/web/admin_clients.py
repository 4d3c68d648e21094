"""Clients and their policies, for those who administer them."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from pydantic import Field as Constraint

from pipeline.errors import BackofficeError
from pipeline.house.errors import NotAllowed
from pipeline.review.keyed import Unreadable, value_of
from pipeline.web.access import TheActor, visit_of
from pipeline.web.admin import must_administer
from pipeline.web.faults import status_of
from pipeline.web.pages import render
from pipeline.web.services import Services, TheServices
from pipeline.web.texts import notation_of
from schemas import FieldName
from schemas.people import HOUSE, Actor

router = APIRouter(prefix="/admin/clients")

Text = Annotated[str, Form(max_length=200)]
Short = Annotated[str, Constraint(max_length=40)]
_NUMBERS = ("four_eyes_amount", "large_amount", "sla_hours")
_PERCENT = ("qa_share", "target_error")


class Settled(BaseModel):
    """A client's policy as the form sends it; shares in per cent."""

    four_eyes_amount: Short = ""
    large_amount: Short = ""
    sla_hours: Short = ""
    qa_share: Short = ""
    target_error: Short = ""
    posting_target: Short = ""
    double_keyed: list[str] = []
    why: Annotated[str, Constraint(max_length=200)] = ""


@router.get("")
def clients(request: Request, actor: TheActor, services: TheServices) -> Response:
    """The clients that the person administers."""
    return _list(request, actor, services)


@router.post("")
def add_client(
    request: Request, actor: TheActor, services: TheServices, client: Text = "", name: Text = ""
) -> Response:
    """Make a client."""
    must_administer(actor, HOUSE)
    try:
        services.house.clients.add(client.strip(), name.strip() or client.strip(), actor.user)
    except NotAllowed as error:
        return _list(request, actor, services, error)
    return RedirectResponse(f"/admin/clients/{client.strip()}", 303)


@router.get("/{client_id}")
def client(request: Request, actor: TheActor, services: TheServices, client_id: str) -> Response:
    """One client with its policy."""
    return _client(request, actor, services, client_id)


@router.post("/{client_id}/policy")
def set_policy(
    request: Request,
    actor: TheActor,
    services: TheServices,
    client_id: str,
    asked: Annotated[Settled, Form()],
) -> Response:
    """Settle a client's policy; what is left empty has its default."""
    must_administer(actor, client_id)
    try:
        changes = _changes(asked, visit_of(request).language)
        services.house.clients.set_policy(client_id, changes, actor.user, asked.why.strip())
    except NotAllowed as error:
        return _client(request, actor, services, client_id, error)
    return RedirectResponse(f"/admin/clients/{client_id}", 303)


@router.post("/{client_id}/active")
def switch_client(
    request: Request,
    actor: TheActor,
    services: TheServices,
    client_id: str,
    on: Annotated[bool, Form()] = False,
    why: Text = "",
) -> Response:
    """Close a client or open it again."""
    must_administer(actor, HOUSE)
    try:
        services.house.clients.set_active(client_id, on, actor.user, why.strip())
    except NotAllowed as error:
        return _client(request, actor, services, client_id, error)
    return RedirectResponse(f"/admin/clients/{client_id}", 303)


def _changes(asked: Settled, language: str) -> dict[str, object]:
    """What was typed, in the person's notation, as settings; None where it is left empty. Raises NotAllowed."""
    changes: dict[str, object] = {
        "double_keyed": asked.double_keyed or None,
        "posting_target": asked.posting_target.strip() or None,
    }
    for name in (*_NUMBERS, *_PERCENT):
        text = str(getattr(asked, name)).removesuffix("%")
        try:
            value = value_of(FieldName.GROSS_TOTAL, text, notation_of(language))
        except Unreadable as error:
            raise NotAllowed(f"{text!r}: {error}") from None
        if value is None:
            changes[name] = None
        else:
            changes[name] = float(str(value)) / 100 if name in _PERCENT else str(value)
    return changes


def _list(request: Request, actor: Actor, services: Services, error: BackofficeError | None = None) -> Response:
    must_administer(actor)
    values: dict[str, Any] = {
        "clients": [one for one in services.house.clients.all() if actor.may("administer", one.id)],
        "is_house": actor.may("administer", HOUSE),
        "failure": error.failure() if error else None,
    }
    return render(request, "admin_clients.html", status_of(error) if error else 200, **values)


def _client(
    request: Request, actor: Actor, services: Services, client_id: str, error: BackofficeError | None = None
) -> Response:
    must_administer(actor, client_id)
    values: dict[str, Any] = {
        "client": services.house.clients.get(client_id),
        "is_house": actor.may("administer", HOUSE),
        "fields": list(FieldName),
        "failure": error.failure() if error else None,
    }
    return render(request, "admin_client.html", status_of(error) if error else 200, **values)
