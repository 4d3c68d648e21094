"""What became of cleared invoices in the accounting system: what waits, what is posted, what needs somebody."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import BaseModel
from pydantic import Field as Constraint

from pipeline.errors import BackofficeError
from pipeline.posting.postings import Ending, Listed
from pipeline.posting.states import JobState
from pipeline.row_ids import RowId
from pipeline.web.access import PageNotFound, TheActor
from pipeline.web.faults import status_of
from pipeline.web.pages import render
from pipeline.web.services import Services, TheServices
from pipeline.web.suppliers import of_clients
from schemas.people import Actor

ROWS = 50
PROBLEMS = "problems"
PICTURES = {".png": "image/png", ".jpg": "image/jpeg"}
"""Evidence that is shown; all else is given to be saved."""

router = APIRouter(prefix="/postings")

Text = Annotated[str, Form(max_length=400)]


class Asked(BaseModel):
    """Which jobs, as the form sends it."""

    state: str = Constraint("", max_length=16)
    after: RowId | None = None

    @property
    def states(self) -> tuple[JobState, ...]:
        """The states that are wanted; none means all."""
        return (JobState(self.state),) if self.state in set(JobState) else ()

    def address(self, client_id: str, **changes: object) -> str:
        """The same page with some changes."""
        values = {name: value for name, value in (self.model_dump() | changes).items() if value}
        return f"/postings/{client_id}?{urlencode(values)}"


@router.get("")
def start(actor: TheActor, services: TheServices) -> Response:
    """The postings of the first client."""
    return RedirectResponse(f"/postings/{next(iter(of_clients(services, actor)))}", 303)


@router.get("/{client_id}")
def look(
    request: Request, actor: TheActor, services: TheServices, client_id: str, asked: Annotated[Asked, Query()]
) -> Response:
    """The jobs of a client, newest first."""
    return _page(request, actor, services, client_id, asked)


@router.post("/{client_id}/{job_id}/retry")
def retry(
    request: Request,
    actor: TheActor,
    services: TheServices,
    client_id: str,
    job_id: RowId,
    as_coded: Annotated[bool, Form()] = False,
) -> Response:
    """Let a job be tried again, perhaps with the accounts that the page shows."""
    _own(services, actor, client_id, job_id)
    of_clients(services, actor, client_id, "approve_second")
    try:
        services.postings.retry(actor, job_id, as_coded)
    except BackofficeError as error:
        return _page(request, actor, services, client_id, Asked(state=PROBLEMS), error)
    return RedirectResponse(f"/postings/{client_id}?state={PROBLEMS}", 303)


@router.post("/{client_id}/{job_id}/close")
def close(
    request: Request,
    actor: TheActor,
    services: TheServices,
    client_id: str,
    job_id: RowId,
    ending: Text = "",
    note: Text = "",
) -> Response:
    """End a job without posting it, or a warning; the note says why."""
    _own(services, actor, client_id, job_id)
    of_clients(services, actor, client_id, "approve_second")
    if ending not in set(Ending):
        raise PageNotFound("There is no such ending.")
    try:
        services.postings.close(actor, job_id, Ending(ending), note)
    except BackofficeError as error:
        return _page(request, actor, services, client_id, Asked(state=PROBLEMS), error)
    return RedirectResponse(f"/postings/{client_id}?state={PROBLEMS}", 303)


@router.get("/{client_id}/{job_id}/evidence/{number}")
def evidence(actor: TheActor, services: TheServices, client_id: str, job_id: RowId, number: int) -> Response:
    """A picture or file that proves a posting, or shows what went wrong."""
    job = _own(services, actor, client_id, job_id).job
    files = (*(job.receipt.evidence if job.receipt else ()), *job.evidence)
    home = services.settings.home.resolve()
    path = (home / files[number]).resolve() if 0 <= number < len(files) else home
    if not path.is_file() or not path.is_relative_to(home):
        raise PageNotFound("There is no such file.")
    kind = PICTURES.get(path.suffix.lower())
    headers = {"Content-Disposition": "inline" if kind else "attachment", "Content-Security-Policy": "sandbox"}
    return FileResponse(path, media_type=kind or "application/octet-stream", headers=headers)


def _own(services: Services, actor: Actor, client_id: str, job_id: int) -> Listed:
    """The job, if it is of that client and the person may see it. Raises PageNotFound, JobNotFound."""
    of_clients(services, actor, client_id)
    found = services.postings.get(actor, job_id)
    if found.job.client_id != client_id:
        raise PageNotFound("There is no such job.")
    return found


def _page(
    request: Request,
    actor: Actor,
    services: Services,
    client_id: str,
    asked: Asked,
    error: BackofficeError | None = None,
) -> Response:
    clients = of_clients(services, actor, client_id)
    mine, problems = (client_id,), asked.state == PROBLEMS
    found = services.postings.all(mine, asked.states, problems, asked.after, ROWS + 1)
    values: dict[str, Any] = {
        "clients": clients,
        "client_id": client_id,
        "listed": found[:ROWS],
        "asked": asked,
        "more": asked.address(client_id, after=found[ROWS - 1].job.job_id) if len(found) > ROWS else None,
        "counts": services.postings.counts(mine),
        "target": services.postings.target_of(client_id),
        "resting": services.postings.resting(mine),
        "may_act": actor.may("approve_second", client_id),
        "failure": error.failure() if error else None,
    }
    return render(request, "postings.html", status_of(error) if error else 200, **values)
