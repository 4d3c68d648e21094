"""The review page: one item with its page, its form, and everything that can be done with it."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field as Constraint

from pipeline.review.errors import WrongMove
from pipeline.review.flow import DONE, Task
from pipeline.review.items import Hold, Item
from pipeline.review.keyed import text_of
from pipeline.review.reasons import PostponeReason, RejectReason, wording
from pipeline.review.worktime import Sign
from pipeline.row_ids import RowId
from pipeline.web import review_live, review_pictures
from pipeline.web.access import TheActor, visit_of
from pipeline.web.pages import render
from pipeline.web.queue import Asked, free_filters
from pipeline.web.review_answers import JsonRoute
from pipeline.web.review_coding import books_of, is_doubtful
from pipeline.web.review_form import LABELS, form_of, start_of
from pipeline.web.review_others import duplicates_of, earlier_of, history_of
from pipeline.web.review_pictures import ThePictures
from pipeline.web.review_said import said
from pipeline.web.services import TheDesk, TheServices
from pipeline.web.texts import notation_of
from schemas import DocumentType, MediaType
from schemas.base import Value
from schemas.edits import Edits

SCREEN_DPI = 110
MORNING = time(7, tzinfo=UTC)
"""When a postponed item waits again, on its day."""

router = APIRouter()
_acts = APIRouter(prefix="/review", route_class=JsonRoute)


class Act(Value):
    """What comes with every act on an item: the hold that proves whose it is, and a remark."""

    hold: Hold
    note: str = Constraint(default="", max_length=4000)


class Decision(Act):
    """The record is right, with what was typed."""

    edits: Edits = Edits()


class Rejection(Act):
    """It will not be posted."""

    reason: RejectReason


class Postponement(Act):
    """It waits for something."""

    reason: PostponeReason
    days: int = Constraint(ge=1, le=365)


class Remark(Value):
    """A note for whoever looks next."""

    text: str = Constraint(min_length=1, max_length=4000)


class Ahead(Value):
    """Whether an item is to come before all others."""

    ahead: bool


@router.get("/review/{item_id:int}", response_class=HTMLResponse)
def page(item_id: RowId, request: Request, actor: TheActor, services: TheServices) -> HTMLResponse:
    """The item as the person may see it. Looking takes nothing: the page's script claims it."""
    item, language = services.desk.item(actor, item_id), visit_of(request).language
    notation, books = notation_of(language), books_of(services, item)
    return render(
        request,
        "review.html",
        item=item,
        row=item.row,
        client=services.house.clients.get(item.row.client_id).name,
        form=form_of(item, notation),
        start=start_of(item, notation).json(),
        has_pages=item.document.media_type is not MediaType.XML,
        is_open=item.row.state not in DONE,
        may_work=actor.may("approve_second" if item.row.task is Task.SECOND else "review", item.row.client_id),
        may_put_ahead=actor.may("approve_second", item.row.client_id),
        doc_types=tuple(DocumentType),
        reject_reasons=tuple(RejectReason),
        postpone_reasons=tuple(PostponeReason),
        wording=lambda code: wording(code, language),
        said=lambda text: said(language, text),
        labels=LABELS,
        shown=lambda value: text_of(value, notation),
        changed_tables=_tables_changed(item),
        books=books,
        coding_doubtful=is_doubtful(books, item),
    )


@router.get("/review/{item_id:int}/around", response_class=HTMLResponse)
def around(item_id: RowId, request: Request, actor: TheActor, services: TheServices) -> HTMLResponse:
    """The supplier's earlier invoices, possible duplicates and the history; loaded after the page."""
    item, database = services.desk.item(actor, item_id), services.database
    language = visit_of(request).language
    return render(
        request,
        "review_around.html",
        item=item,
        duplicates=duplicates_of(database, item),
        earlier=earlier_of(database, item),
        history=history_of(database, item),
        wording=lambda code: wording(code, language),
        labels=LABELS,
    )


@_acts.post("/next")
def take_next(
    request: Request, actor: TheActor, services: TheServices, pictures: ThePictures, asked: Annotated[Asked, Query()]
) -> dict[str, Any]:
    """Take the most urgent free item of the queue as it was narrowed; where to go, and the hold.

    The pictures of the one after it are made ahead.
    """
    filters = free_filters(asked, actor, visit_of(request).language)
    hold = services.desk.claim_next(actor, filters)
    if hold is None:
        return {"url": asked.address(after="")}
    following = services.desk.page(actor, filters, limit=1).rows
    for row in following:
        pictures.make_ahead(services.desk.item(actor, row.item_id).document, SCREEN_DPI)
    return {"url": asked.address(f"/review/{hold.item_id}", after=""), "hold": hold.model_dump(mode="json")}


@_acts.post("/{item_id:int}/claim")
def claim(item_id: RowId, actor: TheActor, desk: TheDesk) -> Hold:
    """Take this item."""
    return desk.claim(actor, item_id)


@_acts.post("/{item_id:int}/renew")
def renew(item_id: RowId, act: Act, actor: TheActor, desk: TheDesk) -> Hold:
    """Lengthen the lease, for the person is at work."""
    return desk.renew(actor, _own(item_id, act), Sign.KEYED)


@_acts.post("/{item_id:int}/release")
def release(item_id: RowId, act: Act, actor: TheActor, desk: TheDesk) -> dict[str, Any]:
    """Give it back undecided."""
    desk.release(actor, _own(item_id, act))
    return {}


@_acts.post("/{item_id:int}/note")
def note(item_id: RowId, remark: Remark, actor: TheActor, desk: TheDesk) -> dict[str, Any]:
    """Add a remark."""
    desk.note(actor, item_id, remark.text)
    return {}


@_acts.post("/{item_id:int}/decide")
def decide(item_id: RowId, decision: Decision, request: Request, actor: TheActor, desk: TheDesk) -> dict[str, str]:
    """The record is right with what was typed, which may be nothing."""
    notation = notation_of(visit_of(request).language)
    edits = decision.edits.model_copy(update={"notation": notation})
    return _became(desk.correct(actor, _own(item_id, decision), edits, decision.note))


@_acts.post("/{item_id:int}/reject")
def reject(item_id: RowId, act: Rejection, actor: TheActor, desk: TheDesk) -> dict[str, str]:
    """It will not be posted."""
    return _became(desk.reject(actor, _own(item_id, act), act.reason, act.note))


@_acts.post("/{item_id:int}/postpone")
def postpone(item_id: RowId, act: Postponement, actor: TheActor, services: TheServices) -> dict[str, str]:
    """Put it off for some days."""
    day = services.clock.now().date() + timedelta(days=act.days)
    until = datetime.combine(day, MORNING)
    return _became(services.desk.postpone(actor, _own(item_id, act), act.reason, until, act.note))


@_acts.post("/{item_id:int}/escalate")
def escalate(item_id: RowId, act: Act, actor: TheActor, desk: TheDesk) -> dict[str, str]:
    """Ask a supervisor."""
    return _became(desk.escalate(actor, _own(item_id, act), act.note))


@_acts.post("/{item_id:int}/ahead")
def put_ahead(item_id: RowId, ahead: Ahead, actor: TheActor, desk: TheDesk) -> dict[str, Any]:
    """Put it ahead of all others, or back in its place; for supervisors."""
    desk.prioritise(actor, item_id, int(ahead.ahead))
    return {}


def _own(item_id: int, act: Act) -> Hold:
    """The hold, if it is one of the item that the address names; else one that proves nothing."""
    if act.hold.item_id != item_id:
        raise WrongMove("The request is for two items.")
    return act.hold


def _tables_changed(item: Item) -> bool:
    """Whether a person before this one changed the lines or the VAT breakdown."""
    machine = item.machine
    if machine is None:
        return False
    return (machine.lines, machine.vat_breakdown) != (item.record.lines, item.record.vat_breakdown)


def _became(item: Item) -> dict[str, str]:
    return {"state": item.row.state.value}


for _part in (_acts, review_live.router, review_pictures.router):
    router.include_router(_part)
