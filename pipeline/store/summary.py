"""What the ledger tells about itself: events, settled outcomes, counts."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pipeline.store.tables import DocumentRow, EventRow, ReasonRow, RecordRow, ReviewItemRow
from schemas import Document, Outcome


class Event(NamedTuple):
    """Something that happened: received, seen_again, rejected, begun, released, decided, review_opened."""

    number: int
    at: datetime
    kind: str
    document_id: str | None
    data: dict[str, Any]


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


def status(session: Session) -> Status:
    """Count."""
    arrivals = _counts(session, EventRow.kind)
    waiting = select(func.count(), func.min(ReviewItemRow.created_at)).where(ReviewItemRow.state == "waiting")
    number, oldest = session.execute(waiting).one()
    return Status(
        documents=_counts(session, DocumentRow.state),
        decisions=_counts(session, RecordRow.decision),
        reasons=_counts(session, ReasonRow.code),
        seen_again=arrivals.get("seen_again", 0),
        refused=arrivals.get("rejected", 0),
        waiting=number,
        oldest_waiting=oldest,
    )


def events(session: Session, document_id: str | None, kind: str | None) -> tuple[Event, ...]:
    """All events, or those of one document or of one kind, in order."""
    query = select(EventRow).order_by(EventRow.id)
    if document_id is not None:
        query = query.where(EventRow.document_id == document_id)
    if kind is not None:
        query = query.where(EventRow.kind == kind)
    return tuple(Event(row.id, row.at, row.kind, row.document_id, row.data) for row in session.scalars(query))


def _counts(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    number = func.count()
    query = select(column, number).group_by(column).order_by(number.desc(), column)
    return dict(session.execute(query).tuples().all())
