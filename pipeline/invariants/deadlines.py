"""Nothing is silent past its deadline: leases, what waits to be taken, read, decided, posted, looked at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from pipeline.errors import LeaseLost
from pipeline.house.clients import Clients
from pipeline.intake.files import list_files
from pipeline.invariants.place import Place
from pipeline.invariants.rules import Violation
from pipeline.posting.due import where
from pipeline.posting.outbox import Outbox
from pipeline.posting.states import JobState
from pipeline.review.desk import Desk
from pipeline.review.flow import OPEN, State
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.rows import PROCESSING, RECEIVED
from pipeline.store.tables import DocumentRow, RecordRow, ReviewItemRow
from schemas import Failure

_GONE = Failure(code="worker-gone", message="The worker died before it was done.", retryable=True)
LONGEST_LEASE = timedelta(days=1)
"""One that ends later is of a clock that was set back since."""
_TIMED = (State.CLAIMED.value, State.POSTPONED.value)


def find(place: Place) -> Iterator[Violation]:
    """By the way of a document."""
    yield from _inbox(place)
    yield from _reading(place)
    yield from _review(place)
    yield from _posting(place)


def release(place: Place, found: Violation, by: str) -> str | None:
    """Give back a document whose reader is gone."""
    did = "given back"
    with place.database.reading() as session:
        owner = session.get_one(DocumentRow, found.subject).lease_owner
    try:
        place.ledger.release(found.subject, owner or "", _GONE)
    except LeaseLost:
        return None
    with place.mending(found, did, by):
        return did


def take_back(place: Place, found: Violation, by: str) -> str | None:
    """Give back the posting jobs whose poster is gone."""
    did = "given back"
    with place.database.reading() as session:
        owner = session.get_one(PostingJobRow, int(found.subject)).owner
    outbox = Outbox(place.database, place.clock, place.settings.posting)
    outbox.take_back(lambda one: one == owner or place.is_gone(one))
    with place.mending(found, did, by):
        return did


def sweep(place: Place, found: Violation, by: str) -> str | None:
    """Let items wait again whose time is over."""
    did = "waits again"
    Desk(place.database, place.clock).sweep()
    with place.mending(found, did, by):
        return did


def _inbox(place: Place) -> Iterator[Violation]:
    """A closed client's files stay where they are on purpose."""
    patience = timedelta(minutes=place.settings.checks.reading_minutes).total_seconds()
    closed = {one.id.casefold() for one in Clients(place.database, place.clock).all() if not one.active}
    for path, status in list_files(place.settings.inbox):
        folders = path.relative_to(place.settings.inbox).parts[:-1]
        is_wanted = not folders or folders[0].casefold() not in closed
        if is_wanted and place.now.timestamp() - status.st_ctime > patience:
            yield Violation(code="inbox-silent", subject=str(path), message=f"{path} lies in the drop folder.")


def _reading(place: Place) -> Iterator[Violation]:
    for row in _documents(place, DocumentRow.state == PROCESSING):
        if _is_over(place, row.lease_until, row.lease_owner):
            yield _of_document("lease-over", row, f"{row.file_name} is held by {row.lease_owner}.")
    since = place.now - timedelta(minutes=place.settings.checks.reading_minutes)
    for row in _documents(place, and_(DocumentRow.state == RECEIVED, DocumentRow.received_at < since)):
        yield _of_document("document-silent", row, f"{row.file_name} waits since {row.received_at:%Y-%m-%d %H:%M}.")


def _review(place: Place) -> Iterator[Violation]:
    over = and_(ReviewItemRow.state.in_(_TIMED), ReviewItemRow.until < place.now - place.grace)
    states = [state.value for state in (*OPEN, State.CLAIMED)]
    late = and_(ReviewItemRow.state.in_(states), ReviewItemRow.deadline < place.now)
    query = select(ReviewItemRow, RecordRow.document_id).join(RecordRow, RecordRow.id == ReviewItemRow.record_id)
    with place.database.reading() as session:
        for item, document in session.execute(query.where(or_(over, late)).order_by(ReviewItemRow.id)):
            values = {"subject": str(item.id), "client_id": item.client_id, "document_id": document}
            if item.state in _TIMED and item.until and item.until < place.now - place.grace:
                said = f"Item {item.id} is {item.state} until {item.until:%Y-%m-%d %H:%M}."
                yield Violation(code="review-lease-over", message=said, **values)
            if item.state != State.POSTPONED and item.deadline < place.now:
                said = f"Item {item.id} was to be decided by {item.deadline:%Y-%m-%d %H:%M}."
                yield Violation(code="review-late", message=said, **values)


def _posting(place: Place) -> Iterator[Violation]:
    checks = place.settings.checks
    with place.database.reading() as session:
        has_target = sorted(where(session, place.settings.posting.target, place.now).targets)
    for row in _jobs(place, PostingJobRow.state == JobState.POSTING.value):
        if _is_over(place, row.lease_until, row.owner):
            yield _of_job("posting-lease-over", row, f"Job {row.id} is held by {row.owner}.")
    since = place.now - timedelta(hours=checks.posting_hours)
    silent = (PostingJobRow.state == JobState.WAITING.value, PostingJobRow.client_id.in_(has_target))
    for row in _jobs(place, and_(*silent, PostingJobRow.next_at < since)):
        yield _of_job("posting-silent", row, f"Job {row.id} is due since {row.next_at:%Y-%m-%d %H:%M}.")
    since = place.now - timedelta(hours=checks.person_hours)
    for row in _jobs(place, and_(PostingJobRow.state == JobState.DEAD.value, PostingJobRow.next_at < since)):
        said = (row.failure or {}).get("message", "")
        yield _of_job("posting-unattended", row, f"Job {row.id} needs a person: {said}")


def _is_over(place: Place, until: datetime | None, owner: str | None) -> bool:
    """Whether a lease holds nobody any more: it ran out, its owner died, or the clock was set back since."""
    return (
        until is None or not place.now - place.grace <= until <= place.now + LONGEST_LEASE or place.is_gone(owner or "")
    )


def _documents(place: Place, wanted: ColumnElement[bool]) -> list[DocumentRow]:
    with place.database.reading() as session:
        return list(session.scalars(select(DocumentRow).where(wanted).order_by(DocumentRow.id)))


def _jobs(place: Place, wanted: ColumnElement[bool]) -> list[PostingJobRow]:
    with place.database.reading() as session:
        return list(session.scalars(select(PostingJobRow).where(wanted).order_by(PostingJobRow.id)))


def _of_document(code: str, row: Any, said: str) -> Violation:
    return Violation(code=code, subject=row.id, message=said, client_id=row.client_id, document_id=row.id)


def _of_job(code: str, row: Any, said: str) -> Violation:
    return Violation(code=code, subject=str(row.id), message=said, client_id=row.client_id, document_id=row.document_id)
