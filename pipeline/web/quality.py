"""The quality watch: what samples say, what drifted, and the suppliers that are held back."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipeline.measure.watch import FIELDS, see, today_of
from pipeline.suppliers.limits import Limits
from pipeline.web.access import PageNotFound, TheActor
from pipeline.web.pages import render
from pipeline.web.services import TheServices

MOST_ROWS = 100

router = APIRouter(prefix="/dashboard")
Text = Annotated[str, Form(max_length=400)]


@router.get("/quality")
def look(request: Request, actor: TheActor, services: TheServices) -> Response:
    """What is known of one's clients."""
    clients = services.clients_of(actor, "see")
    found = see(services.database, services.clock, clients, services.settings.routing.target_error)
    checked = sorted(found.checked, key=lambda one: (not one.is_exceeded, one.by, -one.wrong, -one.checked))
    values: dict[str, Any] = {
        "clients": clients,
        "checked": [one for one in checked if one.checked][:MOST_ROWS],
        "drifts": found.drifts[:MOST_ROWS],
        "limits": [(client, one, actor.may("approve_second", client)) for client, one in found.limits],
        "fields": FIELDS,
    }
    return render(request, "quality.html", **values)


@router.post("/quality/release")
def release(actor: TheActor, services: TheServices, client: Text, supplier: Text, why: Text) -> Response:
    """Let the client's target hold again for a supplier; for supervisors. Raises UnknownSupplier."""
    if not actor.may("approve_second", client):
        raise PageNotFound("There is nothing here.")
    day = today_of(services.database, services.clock, client, supplier)
    Limits(services.database, services.clock, client).release(supplier, why, day, actor.user)
    return RedirectResponse("/dashboard/quality", 303)
