"""Which job is next, and why the others wait. Inside the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import Session, aliased

from pipeline.posting.breaker import resting
from pipeline.posting.states import UNFINISHED, JobState
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.tables import ClientRow
from schemas.policy import ClientPolicy

LONGEST = timedelta(hours=1)
"""No wait is longer: a time that lies further ahead is of a clock that was set back since."""


class Where(NamedTuple):
    """Where each client's invoices go, and the targets that rest."""

    targets: Mapping[str, str]
    resting: frozenset[tuple[str, str]]

    def usable(self) -> list[str]:
        """The clients whose target is there and does not rest."""
        return sorted(client for client, target in self.targets.items() if (client, target) not in self.resting)


def where(session: Session, default: str, now: datetime) -> Where:
    """The targets as they are now: a client's own, or else that of the installation."""
    clients = session.execute(select(ClientRow.id, ClientRow.policy)).tuples()
    named = {client_id: _own(policy) or default for client_id, policy in clients}
    return Where({client: target for client, target in named.items() if target}, frozenset(resting(session, now)))


def next_job(session: Session, now: datetime, places: Where, client_id: str | None = None) -> PostingJobRow | None:
    """The first job that may be taken up now, in the order in which they were cleared."""
    is_due = or_(PostingJobRow.next_at <= now, PostingJobRow.next_at > now + LONGEST)
    query = _waiting(places, client_id).where(is_due)
    return session.scalar(query.order_by(PostingJobRow.id).limit(1))


def next_time(session: Session, places: Where, client_id: str | None = None) -> datetime | None:
    """When the next job that waits for nothing but its time is due; None when there is none."""
    query = _waiting(places, client_id).with_only_columns(PostingJobRow.next_at)
    return session.scalar(query.order_by(PostingJobRow.next_at).limit(1))


def is_blocked() -> ColumnElement[bool]:
    """Whether an earlier job of the same client and seller is unfinished."""
    earlier = aliased(PostingJobRow)
    same = (earlier.client_id == PostingJobRow.client_id, earlier.seller == PostingJobRow.seller)
    unfinished = earlier.state.in_([state.value for state in UNFINISHED])
    return exists().where(*same, unfinished, earlier.id < PostingJobRow.id)


def _waiting(places: Where, client_id: str | None) -> Select[tuple[PostingJobRow]]:
    """Jobs that wait, at a target that can be used, and behind no other of their seller.

    One that is in doubt belongs to the target it was sent to, whatever the client has settled since.
    """
    fresh = and_(PostingJobRow.sent_at.is_(None), PostingJobRow.client_id.in_(places.usable()))
    blocked = (
        and_(PostingJobRow.client_id == client, PostingJobRow.target == target) for client, target in places.resting
    )
    doubtful = and_(PostingJobRow.sent_at.is_not(None), *(not_(one) for one in blocked))
    mine = [PostingJobRow.client_id == client_id] if client_id else []
    waiting = PostingJobRow.state == JobState.WAITING.value
    return select(PostingJobRow).where(waiting, *mine, or_(fresh, doubtful), not_(is_blocked()))


def _own(policy: dict[str, object]) -> str | None:
    return ClientPolicy.model_validate(policy).posting_target
