"""What came in is what was posted, rejected and is pending: counted for each client, looked into where it is not."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from pipeline.invariants.place import Place
from pipeline.invariants.rules import Violation
from pipeline.posting.enqueue import put_job
from pipeline.posting.states import JobState
from pipeline.review.enqueue import slot_of
from pipeline.review.flow import DONE as DECIDED
from pipeline.store import rows, trail
from pipeline.store.outbox import Cleared
from pipeline.store.policies import policy_of
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.review_tables import FinalRecordRow
from pipeline.store.rows import DONE, RECEIVED
from pipeline.store.tables import ClientRow, DocumentRow, EventRow, RecordRow, ReviewItemRow
from schemas import Failure, Outcome, Record
from schemas.base import Value
from schemas.people import SYSTEM

PEOPLE = tuple(state.value for state in DECIDED)
_NO_RECORD = Failure(code="record-missing", message="It counted as read without a record.", retryable=True)
REVIEW, STRAIGHT, REJECTED = "review", "straight_through", "rejected"
"""The kinds of decisions, and what a person may have made of a record."""


class Balance(Value):
    """Files of a client: what came in, and what became of it. A file with several invoices is pending while one is."""

    client_id: str
    came_in: int
    posted: int
    rejected: int
    """Refused at the door, or rejected by the machine or a person."""
    pending: int
    """Being read, in the queue, or on their way into the accounting system."""

    @property
    def lost(self) -> int:
        """What is none of these; 0 when all is well."""
        return self.came_in - self.posted - self.rejected - self.pending


def balances(place: Place) -> tuple[Balance, ...]:
    """Of every client."""
    with place.database.reading() as session:
        came = _counts(
            session,
            select(EventRow.client_id, EventRow.kind, func.count())
            .where(EventRow.kind.in_(("received", "rejected")))
            .group_by(EventRow.client_id, EventRow.kind),
        )
        fate = _fates().subquery()
        became = _counts(
            session, select(fate.c.client_id, fate.c.fate, func.count()).group_by(fate.c.client_id, fate.c.fate)
        )
        clients = session.scalars(select(ClientRow.id).order_by(ClientRow.id)).all()
    return tuple(
        Balance(
            client_id=one,
            came_in=came.get((one, "received"), 0) + came.get((one, "rejected"), 0),
            posted=became.get((one, "posted"), 0),
            rejected=became.get((one, "rejected"), 0) + came.get((one, "rejected"), 0),
            pending=became.get((one, "pending"), 0),
        )
        for one in clients
    )


def find(place: Place) -> Iterator[Violation]:
    """Clients whose sums are wrong, and whatever stands between two states."""
    for one in balances(place):
        if one.lost:
            said = f"{one.came_in} came in; {one.posted} posted, {one.rejected} rejected, {one.pending} pending."
            yield Violation(code="unbalanced", subject=one.client_id, message=said, client_id=one.client_id)
    has_record = exists().where(RecordRow.document_id == DocumentRow.id)
    yield from _documents(place, "done-without-record", and_(DocumentRow.state == DONE, not_(has_record)))
    yield from _documents(place, "record-before-done", and_(DocumentRow.state != DONE, has_record))
    has_item = exists().where(ReviewItemRow.record_id == RecordRow.id)
    has_job = exists().where(PostingJobRow.record_id == RecordRow.id)
    yield from _records(place, "review-item-missing", and_(RecordRow.decision == REVIEW, not_(has_item)))
    yield from _records(place, "job-missing", and_(_is_cleared(), not_(has_job)))
    yield from _records(place, "job-uncleared", and_(not_(_is_cleared()), has_job, not_(_is_checked())))


def read_again(place: Place, found: Violation, by: str) -> str | None:
    """Have a document read that has lost its outcome."""
    did = "is read again"
    with place.mending(found, did, by) as session:
        row = session.get_one(DocumentRow, found.subject)
        row.state, row.lease_owner, row.lease_until = RECEIVED, None, None
        data = {"owner": by, "attempt": row.attempt, "failure": _NO_RECORD.model_dump(mode="json")}
        trail.append(session, place.clock.now(), "released", row.id, row.client_id, by, data)
    return did


def put_in_queue(place: Place, found: Violation, by: str) -> str | None:
    """Give an invoice its place in the review queue."""
    did, at = "put in the queue", place.clock.now()
    enqueue = partial(slot_of, seed=place.settings.review.sample_seed)
    with place.mending(found, did, by) as session:
        record, document = _placed(session, found)
        outcome = Outcome.model_validate_json(record.outcome)
        if record.review_item is None and (
            slot := enqueue(policy_of(session, document.client_id), document.id, outcome, at)
        ):
            item = rows.item_row(slot, document.client_id, at)
            codes = [reason.code for reason in outcome.decision.reasons]
            item.search, item.amount = rows.item_found_by(item.blind, document.file_name, outcome.record, codes)
            record.review_item = item
            told = {"part": record.part, "sample": item.is_sample, "deadline": item.deadline.isoformat()}
            trail.append(session, at, "review_opened", document.id, document.client_id, SYSTEM.user, told)
    return did


def put_in_outbox(place: Place, found: Violation, by: str) -> str | None:
    """Write the posting job of a cleared invoice."""
    did, at = "put in the outbox", place.clock.now()
    with place.mending(found, did, by) as session:
        record, document = _placed(session, found)
        final = session.scalar(select(FinalRecordRow).where(FinalRecordRow.record_id == record.id))
        made = _made(record, final)
        where = (document.client_id, document.id, record.part, record.id)
        put_job(session, at, Cleared(*where, made, SYSTEM.user, final.id if final else None))
    return did


def _fates() -> Select[Any]:
    """What became of each document: "posted", "rejected", "pending", or None where nobody knows."""
    item, job, final = aliased(ReviewItemRow), aliased(PostingJobRow), aliased(FinalRecordRow)
    closed = job.state == JobState.CLOSED.value
    is_posted = or_(job.state == JobState.POSTED.value, and_(closed, job.reference.is_not(None)))
    is_rejected = or_(
        and_(closed, job.reference.is_(None)),
        and_(job.id.is_(None), or_(RecordRow.decision == REJECTED, final.decision == REJECTED)),
    )
    is_open = and_(job.id.is_(None), item.id.is_not(None), item.state.not_in(PEOPLE))
    is_pending = or_(job.state.in_([JobState.WAITING.value, JobState.POSTING.value, JobState.DEAD.value]), is_open)
    fate = case((is_posted, 2), (is_rejected, 1), (is_pending, 4), else_=8)
    worst = func.max(case((DocumentRow.state != DONE, 4), (RecordRow.id.is_(None), 8), else_=fate))
    names = case((worst == 8, None), (worst == 4, "pending"), (worst == 2, "posted"), else_="rejected")
    return (
        select(DocumentRow.client_id, names.label("fate"))
        .select_from(DocumentRow)
        .outerjoin(RecordRow, RecordRow.document_id == DocumentRow.id)
        .outerjoin(item, item.record_id == RecordRow.id)
        .outerjoin(final, final.record_id == RecordRow.id)
        .outerjoin(job, job.record_id == RecordRow.id)
        .group_by(DocumentRow.id, DocumentRow.client_id)
    )


def _is_cleared() -> ColumnElement[bool]:
    """By a person, or by the machine where no person has said anything."""
    decided = exists().where(FinalRecordRow.record_id == RecordRow.id)
    approved = exists().where(FinalRecordRow.record_id == RecordRow.id, FinalRecordRow.record.is_not(None))
    return or_(approved, and_(RecordRow.decision == STRAIGHT, not_(decided)))


def _is_checked() -> ColumnElement[bool]:
    """Went straight through, and a person who checked a sample thought otherwise: the job knows of it."""
    return RecordRow.decision == STRAIGHT


def _documents(place: Place, code: str, wrong: ColumnElement[bool]) -> Iterator[Violation]:
    query = select(DocumentRow.id, DocumentRow.client_id, DocumentRow.file_name, DocumentRow.state)
    with place.database.reading() as session:
        found = session.execute(query.where(wrong).order_by(DocumentRow.id)).all()
    for one in found:
        said = f"{one.file_name} ({one.id}) is {one.state}."
        yield Violation(code=code, subject=one.id, message=said, client_id=one.client_id, document_id=one.id)


def _records(place: Place, code: str, wrong: ColumnElement[bool]) -> Iterator[Violation]:
    query = select(DocumentRow.id, DocumentRow.client_id, DocumentRow.file_name, RecordRow.part, RecordRow.decision)
    query = query.join(RecordRow, RecordRow.document_id == DocumentRow.id)
    with place.database.reading() as session:
        found = session.execute(query.where(wrong).order_by(RecordRow.id)).all()
    for one in found:
        said = f"Invoice {one.part} of {one.file_name} ({one.decision})."
        name = f"{one.id}/{one.part}"
        yield Violation(code=code, subject=name, message=said, client_id=one.client_id, document_id=one.id)


def _placed(session: Any, found: Violation) -> tuple[RecordRow, DocumentRow]:
    document_id, _, part = found.subject.partition("/")
    query = select(RecordRow).where(RecordRow.document_id == document_id, RecordRow.part == int(part))
    return session.scalars(query).one(), session.get_one(DocumentRow, document_id)


def _made(record: RecordRow, final: FinalRecordRow | None) -> Record | None:
    if final is not None:
        return Record.model_validate_json(final.record) if final.record else None
    return Outcome.model_validate_json(record.outcome).record


def _counts(session: Any, query: Select[Any]) -> dict[tuple[str, str | None], int]:
    return {(client, what): count for client, what, count in session.execute(query)}
