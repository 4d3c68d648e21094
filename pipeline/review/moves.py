"""Changes of one review item inside a writing transaction: an UPDATE by id, version and token, whose count decides."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from pipeline.review.errors import ItemTaken
from pipeline.review.flow import State, Task, free_state
from pipeline.review.items import Hold
from pipeline.review.worktime import IDLE_CUT, Sign
from pipeline.store import trail
from pipeline.store.review_tables import ReviewDraftRow, ReviewNoteRow, ReviewWorkRow
from pipeline.store.tables import RecordRow, ReviewItemRow
from schemas.people import Actor


class Turn(NamedTuple):
    """One act: the transaction, its time and who acts."""

    session: Session
    at: datetime
    actor: Actor
    idle_cut: timedelta = IDLE_CUT
    """A longer time without a sign of work is none."""


def take(turn: Turn, item: ReviewItemRow, until: datetime) -> Hold:
    """Put an item into the person's hands until then. Raises ItemTaken when it changed meanwhile."""
    values = {"state": State.CLAIMED.value, "holder": turn.actor.user, "until": until, "token": item.token + 1}
    version = _update(turn, item, **values)
    note_event(turn, "review_claimed", item, {"before": item.state, "token": item.token + 1})
    note_work(turn, item.id, Sign.OPENED)
    return Hold(item_id=item.id, version=version, token=item.token + 1, until=until)


def held(turn: Turn, item: ReviewItemRow, hold: Hold) -> ReviewItemRow:
    """The item, if the hold is good. Raises ItemTaken when it is in other hands, was decided, or was given back."""
    is_held = (item.state, item.holder) == (State.CLAIMED, turn.actor.user)
    if not is_held or (item.version, item.token) != (hold.version, hold.token):
        raise taken(item, turn.actor.user)
    return item


def move(turn: Turn, item: ReviewItemRow, state: State, event: str, data: dict[str, Any], **values: Any) -> None:
    """Bring a held item into another state, out of the person's hands, with its event. Raises ItemTaken."""
    before = item.state
    _update(turn, item, **{"state": state.value, "holder": None, "until": None, "reason": None} | values)
    note_event(turn, event, item, {"before": before, "after": state.value, **data})


def give_back(turn: Turn, item: ReviewItemRow, event: str) -> None:
    """Let an item wait for anybody again."""
    move(turn, item, free_state(Task(item.task)), event, {"holder": item.holder}, reason=_reason_kept(item))


def taken(item: ReviewItemRow, user: str) -> ItemTaken:
    """What to tell somebody who comes too late."""
    match item.state:
        case State.CLAIMED if item.holder == user:
            said = "You opened it a second time, in another window"
        case State.CLAIMED:
            said = f"{item.holder} is working on it"
        case State.WAITING | State.ESCALATED:
            said = "Your time on it ran out, and it waits again"
        case _:
            said = f"It is {item.state} by now"
    return ItemTaken(f"{said} (item {item.id}).")


def note_event(turn: Turn, kind: str, item: ReviewItemRow, data: dict[str, Any]) -> None:
    """Write to the audit trail, in this transaction."""
    query = select(RecordRow.document_id, RecordRow.part, RecordRow.settled_at).where(RecordRow.id == item.record_id)
    document_id, part, settled_at = turn.session.execute(query).one()
    said = {"item": item.id, "part": part, "sample": item.is_sample, "settled_at": settled_at.isoformat(), **data}
    trail.append(turn.session, turn.at, kind, document_id, item.client_id, turn.actor.user, said)


def note_work(turn: Turn, item_id: int, sign: Sign) -> None:
    """Note a sign of work."""
    turn.session.add(ReviewWorkRow(item_id=item_id, user=turn.actor.user, sign=sign.value, at=turn.at))


def note_text(turn: Turn, item_id: int, text: str) -> None:
    """Add a remark, if there is one."""
    if text.strip():
        turn.session.add(ReviewNoteRow(item_id=item_id, at=turn.at, user=turn.actor.user, text=text.strip()))


def drop_drafts(turn: Turn, item_id: int) -> None:
    """Forget what the person typed: it is decided."""
    mine = (ReviewDraftRow.item_id == item_id) & (ReviewDraftRow.user == turn.actor.user)
    turn.session.execute(delete(ReviewDraftRow).where(mine))


def _update(turn: Turn, item: ReviewItemRow, **values: Any) -> int:
    """Change the row if it is still as it was seen, and return its new version. Raises ItemTaken."""
    same = (ReviewItemRow.id == item.id, ReviewItemRow.version == item.version, ReviewItemRow.token == item.token)
    change = update(ReviewItemRow).where(*same, ReviewItemRow.state == item.state)
    done = turn.session.execute(
        change.values(version=item.version + 1, **values), execution_options={"synchronize_session": False}
    )
    if cast(CursorResult[Any], done).rowcount != 1:
        turn.session.refresh(item)
        raise taken(item, turn.actor.user)
    return item.version + 1


def _reason_kept(item: ReviewItemRow) -> str | None:
    """Why it is escalated stays known; why it was postponed is over."""
    return item.reason if item.task == Task.SECOND else None
