"""What a person may see and work on at the desk."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review import moves
from pipeline.review.errors import ItemNotFound, NotAllowed, SamePerson
from pipeline.review.flow import DONE, State, Task
from pipeline.review.items import Hold
from pipeline.review.moves import Turn
from pipeline.store.tables import ClientRow, ReviewItemRow
from schemas.people import Actor, Right


def seen(session: Session, actor: Actor, item_id: int) -> ReviewItemRow:
    """The item, if the person may see it: what is another client's does not exist for him. Raises ItemNotFound."""
    item = session.get(ReviewItemRow, item_id)
    if item is None or not actor.may("see", item.client_id):
        raise ItemNotFound(f"There is no item {item_id}.")
    return item


def claimable(session: Session, actor: Actor, item_id: int, at: datetime) -> ReviewItemRow:
    """The item, if the person may take it now. Raises ItemNotFound, NotAllowed, SamePerson, ItemTaken."""
    item = seen(session, actor, item_id)
    must(actor, _right_for(item), item)
    if actor.user in (item.first_by, item.second_by):
        raise SamePerson(f"{actor.user} has worked on item {item_id} before.")
    is_held = item.state == State.CLAIMED and item.holder != actor.user and item.until is not None and item.until > at
    if is_held or item.state in DONE:
        raise moves.taken(item, actor.user)
    return item


def held(turn: Turn, hold: Hold) -> ReviewItemRow:
    """The item that a hold proves, if the person still has the right to work on it. Raises as `claimable`."""
    item = seen(turn.session, turn.actor, hold.item_id)
    must(turn.actor, _right_for(item), item)
    return moves.held(turn, item, hold)


def _right_for(item: ReviewItemRow) -> Right:
    return "approve_second" if item.task == Task.SECOND else "review"


def must(actor: Actor, right: Right, item: ReviewItemRow) -> None:
    """Raise NotAllowed unless the person has a right at the item's client."""
    if not actor.may(right, item.client_id):
        raise NotAllowed(f"{actor.user} may not do this for client {item.client_id}.")


def clients(session: Session, actor: Actor, right: Right, wanted: Collection[str]) -> Collection[str]:
    """The clients at which the person has a right, narrowed to those that are wanted."""
    known = set(session.scalars(select(ClientRow.id)))
    return {client_id for client_id in known & (set(wanted) or known) if actor.may(right, client_id)}
