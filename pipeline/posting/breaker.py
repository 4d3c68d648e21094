"""The circuit breaker of each client's target: after some failures in a row nothing is tried there for a while.

When the rest is over one job tries for all others; an answer closes the breaker, its failure lengthens the rest. What
was under way when the rest began and fails as well tells nothing new, however many posters there are. All of it inside
the caller's writing transaction.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.posting.states import rest
from pipeline.settings import PostingSettings
from pipeline.store import trail
from pipeline.store.posting_tables import PostingBreakerRow
from schemas.people import SYSTEM


def resting(session: Session, now: datetime) -> dict[tuple[str, str], PostingBreakerRow]:
    """The targets at which nothing is tried now, by client and name."""
    query = select(PostingBreakerRow).where(PostingBreakerRow.open_until > now)
    return {(row.client_id, row.target): row for row in session.scalars(query)}


def begin_trial(session: Session, client_id: str, target: str, until: datetime) -> bool:
    """Whether the target was down, so that the job that is taken now tries for all; the others wait until then."""
    row = session.get(PostingBreakerRow, (client_id, target))
    if row is None or row.open_until is None:
        return False
    row.open_until = until
    return True


def note_answer(session: Session, at: datetime, client_id: str, target: str) -> None:
    """The target answered. Event: "target_up", where it was down."""
    row = session.get(PostingBreakerRow, (client_id, target))
    if row is None:
        return
    if row.open_until is not None:
        _event(session, at, "target_up", client_id, target, {"failures": row.failures})
    session.delete(row)


def note_failure(
    session: Session, at: datetime, client_id: str, target: str, said: str, settings: PostingSettings, is_trial: bool
) -> None:
    """The target was out of order once more. Event: "target_down", when it begins to rest."""
    row = session.get(PostingBreakerRow, (client_id, target))
    if row is None:
        row = PostingBreakerRow(client_id=client_id, target=target, failures=0, open_until=None, said="")
        session.add(row)
    was_down = row.open_until is not None
    if was_down and not is_trial:
        return
    row.failures, row.said = row.failures + 1, said
    row.open_until = rest(row.failures, settings, at)
    if row.open_until is not None and not was_down:
        data = {"failures": row.failures, "until": row.open_until.isoformat(), "said": said}
        _event(session, at, "target_down", client_id, target, data)


def end_trial(session: Session, at: datetime, client_id: str, target: str, settings: PostingSettings) -> None:
    """A trial told nothing of the target; the next one may try soon."""
    row = session.get(PostingBreakerRow, (client_id, target))
    if row is not None and row.open_until is not None:
        row.open_until = at + timedelta(seconds=settings.down_seconds)


def _event(session: Session, at: datetime, kind: str, client_id: str, target: str, data: dict[str, object]) -> None:
    trail.append(session, at, kind, None, client_id, SYSTEM.user, {"target": target, **data})
