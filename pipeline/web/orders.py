"""The purchase orders of a client, and what may still be invoiced on them."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.web.access import TheActor
from pipeline.web.pages import render
from pipeline.web.services import TheServices
from pipeline.web.suppliers import of_clients, page_of

router = APIRouter(prefix="/orders")


@router.get("")
def start(actor: TheActor, services: TheServices) -> Response:
    """The orders of the first client."""
    return RedirectResponse(f"/orders/{next(iter(of_clients(services, actor)))}", 303)


@router.get("/{client_id}")
def look(
    request: Request, actor: TheActor, services: TheServices, client_id: str, q: str = "", page: int = 1
) -> Response:
    """The orders of a client, by number."""
    clients = of_clients(services, actor, client_id)
    with services.book(client_id) as book:
        wanted = q.strip().casefold()
        found = [one for one in book.orders.all() if wanted in f"{one.number}\n{one.supplier}".casefold()]
    shown, more = page_of(found, page, f"/orders/{client_id}", q)
    values: dict[str, Any] = {"clients": clients, "client_id": client_id, "orders": shown, "q": q, "more": more}
    return render(request, "orders.html", count=len(found), page=page, **values)
