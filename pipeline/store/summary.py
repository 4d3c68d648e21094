"""What the ledger tells about itself: events, settled outcomes, counts."""

from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.tables import DocumentRow, EventRow, ReasonRow, RecordRow, ReviewItemRow
from schemas import Document, Outcome

Shape = TypeVar("Shape", bound=tuple[Any, ...])


class Event(NamedTuple):
    """Something that happened: received, seen_again, rejected, begun, released, decided, review_opened and others.

    `number` counts all events of the house; `client_id` is "*" where it concerns no single client.
    """

    number: int
    at: datetime
    kind: str
    document_id: str | None
    data: dict[str, Any]
    client_id: str
    actor: str


class Settled(NamedTuple):
    """One outcome with its document and the time it was settled."""

    document: Document
    outcome: Outcome
    at: datetime


class Status(NamedTuple):
    """Counts. `decisions` and `reasons` count invoices; a file may hold several of them."""

    documents: dict[str, int]
    """By state: received, processing, done."""
    decisions: dict[str, int]
    """By kind: straight_through, review, rejected."""
    reasons: dict[str, int]
    """By reason code, commonest first."""
    seen_again: int
    """Arrivals of bytes that were there already."""
    refused: int
    """Files that were not taken in."""
    waiting: int
    """Review items that wait for a person."""
    oldest_waiting: datetime | None
    """Since when the oldest of them waits."""
    postings: dict[str, int]
    """Posting jobs by state: waiting, posting, posted, dead (needs a person), closed."""


def status(session: Session, client_id: str | None) -> Status:
    """Count what is of a client, or all."""
    records, reasons = select(RecordRow.id), select(ReasonRow.id)
    if client_id is not None:
        records = records.join(DocumentRow, RecordRow.document_id == DocumentRow.id)
        reasons = reasons.join(RecordRow, ReasonRow.record_id == RecordRow.id).join(
            DocumentRow, RecordRow.document_id == DocumentRow.id
        )
    arrivals = _counts(session, EventRow.kind, of(select(EventRow.id), EventRow.client_id, client_id))
    waiting = select(func.count(), func.min(ReviewItemRow.created_at)).where(ReviewItemRow.state == "waiting")
    number, oldest = session.execute(of(waiting, ReviewItemRow.client_id, client_id)).one()
    return Status(
        documents=_counts(session, DocumentRow.state, of(select(DocumentRow.id), DocumentRow.client_id, client_id)),
        decisions=_counts(session, RecordRow.decision, of(records, DocumentRow.client_id, client_id)),
        reasons=_counts(session, ReasonRow.code, of(reasons, DocumentRow.client_id, client_id)),
        seen_again=arrivals.get("seen_again", 0),
        refused=arrivals.get("rejected", 0),
        waiting=number,
        oldest_waiting=oldest,
        postings=_counts(
            session, PostingJobRow.state, of(select(PostingJobRow.id), PostingJobRow.client_id, client_id)
        ),
    )


def events(session: Session, document_id: str | None, kind: str | None, client_id: str | None) -> tuple[Event, ...]:
    """All events, or those of one document, of one kind, of one client, in order."""
    query = of(select(EventRow).order_by(EventRow.id), EventRow.client_id, client_id)
    if document_id is not None:
        query = query.where(EventRow.document_id == document_id)
    if kind is not None:
        query = query.where(EventRow.kind == kind)
    return tuple(
        Event(row.id, row.at, row.kind, row.document_id, row.data, row.client_id, row.actor)
        for row in session.scalars(query)
    )


def holders(session: Session, client_id: str, key: str | None) -> tuple[str, ...]:
    """The documents of a client that hold a business key, in the order they were settled."""
    if key is None:
        return ()
    query = (
        select(RecordRow.document_id)
        .join(DocumentRow, RecordRow.document_id == DocumentRow.id)
        .where(RecordRow.business_key == key, DocumentRow.client_id == client_id)
        .order_by(RecordRow.id)
    )
    return tuple(dict.fromkeys(session.scalars(query)))


def of(query: Select[Shape], column: InstrumentedAttribute[str], client_id: str | None) -> Select[Shape]:
    """A query limited to a client; as it is for the whole house."""
    return query if client_id is None else query.where(column == client_id)


def _counts(session: Session, column: InstrumentedAttribute[str], rows: Select[Any]) -> dict[str, int]:
    number = func.count()
    query = rows.with_only_columns(column, number).group_by(column).order_by(number.desc(), column)
    return dict(session.execute(query).tuples().all())
