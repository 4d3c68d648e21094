"""What is known of a client's suppliers, and the rules learned of them: read, edited, switched off, their history."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.errors import BackofficeError
from pipeline.suppliers.book import Book
from pipeline.suppliers.confirm import edit, switch
from pipeline.suppliers.model import Rules, Supplier, UnknownSupplier
from pipeline.suppliers.text import rules_in, to_yaml
from pipeline.web.access import PageNotFound, TheActor
from pipeline.web.faults import status_of
from pipeline.web.pages import render
from pipeline.web.services import Services, TheServices
from schemas import FieldName
from schemas.people import Actor, Right

ROWS = 100
LONGEST = 200_000
"""Characters of rules."""

router = APIRouter(prefix="/suppliers")

Row = TypeVar("Row")

Text = Annotated[str, Form(max_length=LONGEST)]


@router.get("")
def start(actor: TheActor, services: TheServices) -> Response:
    """The suppliers of the first client."""
    return RedirectResponse(f"/suppliers/{next(iter(of_clients(services, actor)))}", 303)


@router.get("/{client_id}")
def look(
    request: Request, actor: TheActor, services: TheServices, client_id: str, q: str = "", page: int = 1
) -> Response:
    """The suppliers of a client, by name."""
    clients = of_clients(services, actor, client_id)
    with services.book(client_id) as book:
        found = [one for one in book.suppliers.all() if _fits(one, q)]
        live = book.rules.live()
    shown, more = page_of(found, page, f"/suppliers/{client_id}", q)
    values: dict[str, Any] = {
        "clients": clients,
        "client_id": client_id,
        "suppliers": shown,
        "live": live,
        "q": q,
        "more": more,
    }
    return render(request, "suppliers.html", count=len(found), page=page, **values)


@router.get("/{client_id}/supplier")
def show(request: Request, actor: TheActor, services: TheServices, client_id: str, key: str) -> Response:
    """One supplier with its rules and their versions."""
    of_clients(services, actor, client_id)
    with services.book(client_id) as book:
        return _page(request, actor, book, client_id, key)


@router.post("/{client_id}/rules")
def edit_rules(
    request: Request, actor: TheActor, services: TheServices, client_id: str, key: Text = "", text: Text = ""
) -> Response:
    """Put rules in the place of the newest ones; what is refused is told, and the text stays."""
    of_clients(services, actor, client_id, "review")
    with services.book(client_id) as book:
        _supplier(book, key)
        try:
            rules, base = rules_in(text, key)
            edit(book, key, rules, actor.user, base)
        except BackofficeError as error:
            return _page(request, actor, book, client_id, key, text, error)
    return _back(client_id, key)


@router.post("/{client_id}/field")
def switch_field(
    request: Request,
    actor: TheActor,
    services: TheServices,
    client_id: str,
    key: Text = "",
    field: Text = "",
    base: Annotated[int, Form()] = 0,
    on: Annotated[bool, Form()] = False,
) -> Response:
    """Switch the rule of one field on or off."""
    of_clients(services, actor, client_id, "review")
    with services.book(client_id) as book:
        _supplier(book, key)
        newest = book.rules.newest(key)
        if newest is None or field not in set(FieldName):
            raise PageNotFound("There is no such rule.")
        try:
            edit(book, key, _with(newest.rules, FieldName(field), on), actor.user, base)
        except BackofficeError as error:
            return _page(request, actor, book, client_id, key, error=error)
    return _back(client_id, key)


@router.post("/{client_id}/switch")
def switch_rules(
    request: Request,
    actor: TheActor,
    services: TheServices,
    client_id: str,
    key: Text = "",
    on: Annotated[bool, Form()] = False,
) -> Response:
    """Switch all rules of a supplier on or off."""
    of_clients(services, actor, client_id, "review")
    with services.book(client_id) as book:
        _supplier(book, key)
        try:
            switch(book, key, on, actor.user)
        except BackofficeError as error:
            return _page(request, actor, book, client_id, key, error=error)
    return _back(client_id, key)


def of_clients(services: Services, actor: Actor, client_id: str = "", right: Right = "see") -> dict[str, str]:
    """The clients of a person by id, the wanted one among them. Raises PageNotFound."""
    clients = services.clients_of(actor, right)
    if not clients or (client_id and client_id not in clients):
        raise PageNotFound("There is no such client.")
    return clients


def page_of(rows: Sequence[Row], page: int, path: str, q: str) -> tuple[Sequence[Row], str | None]:
    """The rows of a page, counted from 1, and the address of the next one."""
    begin = (max(1, page) - 1) * ROWS
    more = f"{path}?{urlencode({'q': q, 'page': max(1, page) + 1})}" if len(rows) > begin + ROWS else None
    return rows[begin : begin + ROWS], more


def _page(
    request: Request,
    actor: Actor,
    book: Book,
    client_id: str,
    key: str,
    text: str | None = None,
    error: BackofficeError | None = None,
) -> Response:
    supplier = _supplier(book, key)
    versions = book.rules.versions(key)
    newest = versions[-1] if versions else None
    values: dict[str, Any] = {
        "client_id": client_id,
        "supplier": supplier,
        "newest": newest,
        "versions": [(one, to_yaml(one)) for one in reversed(versions)],
        "text": text if text is not None else to_yaml(newest) if newest else "",
        "failure": error.failure() if error else None,
        "may_edit": actor.may("review", client_id),
        "is_edited": text is not None,
    }
    return render(request, "supplier.html", status_of(error) if error else 200, **values)


def _supplier(book: Book, key: str) -> Supplier:
    found = next((one for one in book.suppliers.all() if one.key == key), None)
    if found is None:
        raise UnknownSupplier(f"No supplier has the key {key}.")
    return found


def _fits(supplier: Supplier, text: str) -> bool:
    said = (supplier.name, supplier.key, *supplier.aliases, supplier.vat_id, supplier.siren, supplier.siret)
    return any(text.strip().casefold() in one.casefold() for one in said if one)


def _with(rules: Rules, name: FieldName, is_on: bool) -> Rules:
    fields = (one.model_copy(update={"enabled": is_on}) if one.field is name else one for one in rules.fields)
    return rules.model_copy(update={"fields": tuple(fields)})


def _back(client_id: str, key: str) -> Response:
    return RedirectResponse(f"/suppliers/{client_id}/supplier?{urlencode({'key': key})}", 303)
