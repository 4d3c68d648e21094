"""The queue: what waits, most urgent first; a key takes the next one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field, ValidationError

from pipeline.review.causes import CAUSES
from pipeline.review.flow import DONE, OPEN, State
from pipeline.review.items import Cursor, Filters
from pipeline.review.keyed import Unreadable, value_of
from pipeline.review.reasons import EscalateReason, PostponeReason, wording
from pipeline.store.search import fold
from pipeline.web.access import TheActor, visit_of
from pipeline.web.catalogue import reason_codes
from pipeline.web.pages import is_part, render
from pipeline.web.services import TheDesk, TheServices
from pipeline.web.texts import notation_of
from schemas import FieldName
from schemas.people import Actor

ROWS = 50
SHOWN: Mapping[str, tuple[State, ...]] = {
    "open": (*OPEN, State.CLAIMED),
    "waiting": (State.WAITING,),
    "escalated": (State.ESCALATED,),
    "mine": (State.CLAIMED,),
    "postponed": (State.POSTPONED,),
    "done": DONE,
}
"""What can be shown, with the states behind it."""
DUE: Mapping[str, timedelta] = {"now": timedelta(), "day": timedelta(days=1), "week": timedelta(days=7)}
"""Deadlines that are past, or within so long."""

router = APIRouter(prefix="/queue")


class Asked(BaseModel):
    """What was asked for, as the form sends it."""

    client: str = Field("", max_length=32)
    show: str = Field("open", max_length=20)
    q: str = Field("", max_length=200)
    seller: str = Field("", max_length=200)
    reason: str = Field("", max_length=100)
    amount: str = Field("", max_length=40)
    due: str = Field("", max_length=10)
    after: str = Field("", max_length=80)

    def address(self, path: str = "/queue", **changes: str) -> str:
        """The same page, or another one of the same queue, with some changes."""
        values = {name: value for name, value in (self.model_dump() | changes).items() if value}
        if values.get("show") == "open":
            del values["show"]
        return f"{path}?{urlencode(values)}" if values else path


@router.get("")
def look(
    request: Request, actor: TheActor, desk: TheDesk, services: TheServices, asked: Annotated[Asked, Query()]
) -> Response:
    """The queue, or for htmx its rows alone."""
    page = desk.page(actor, _filters(asked, actor, visit_of(request).language), _cursor(asked.after), ROWS)
    more = asked.address(after=f"{page.after.rank.isoformat()}~{page.after.item_id}") if page.after else None
    values: dict[str, Any] = {
        "asked": asked,
        "rows": page.rows,
        "more": more,
        "reasons": reason_codes(services.database, [row.item_id for row in page.rows]),
        "now": datetime.now(UTC),
        "clients": services.clients_of(actor, "see"),
        "works": bool(services.clients_of(actor, "review")),
        "shown": SHOWN,
        "causes": _causes(asked, visit_of(request).language),
    }
    return render(request, "queue_rows.html" if is_part(request) else "queue.html", **values)


@router.post("/next")
def take_next(request: Request, actor: TheActor, desk: TheDesk, asked: Annotated[Asked, Form()]) -> Response:
    """Take the most urgent free item among those shown and open it; the queue again when there is none."""
    hold = desk.claim_next(actor, free_filters(asked, actor, visit_of(request).language))
    return RedirectResponse(asked.address(f"/review/{hold.item_id}" if hold else "/queue", after=""), 303)


def free_filters(asked: Asked, actor: Actor, language: str) -> Filters:
    """What is free to be taken among what is shown."""
    filters = _filters(asked, actor, language)
    is_free = set(filters.states) <= set(OPEN)
    return filters if is_free else filters.model_copy(update={"states": OPEN, "holder": ""})


def _filters(asked: Asked, actor: Actor, language: str) -> Filters:
    """What cannot be understood does not narrow."""
    due = DUE.get(asked.due)
    return Filters(
        clients=(asked.client,) if asked.client else (),
        states=SHOWN.get(asked.show, SHOWN["open"]),
        text=asked.q.strip(),
        seller=asked.seller.strip(),
        reason=asked.reason.strip(),
        holder=actor.user if asked.show == "mine" else "",
        gross_from=_amount(asked.amount, language),
        due_before=None if due is None else datetime.now(UTC) + due,
    )


def _causes(asked: Asked, language: str) -> list[tuple[str, str]]:
    """The reasons to narrow by with their words, in the order of the words; also one that was asked for by its code."""
    codes = {*CAUSES, *PostponeReason, *EscalateReason, *filter(None, [asked.reason])}
    named = {wording(code, language): str(code) for code in sorted(codes)}
    return sorted(((code, words) for words, code in named.items()), key=lambda one: fold(one[1]))


def _amount(text: str, language: str) -> Decimal | None:
    try:
        value = value_of(FieldName.GROSS_TOTAL, text, notation_of(language))
    except Unreadable:
        return None
    return value if isinstance(value, Decimal) else None


def _cursor(text: str) -> Cursor | None:
    """Where the page begins; from the start for what is no place."""
    rank, _, item_id = text.partition("~")
    try:
        return Cursor.model_validate({"rank": rank, "item_id": item_id}) if text else None
    except ValidationError:
        return None
