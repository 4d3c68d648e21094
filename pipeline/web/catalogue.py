"""What lists show of documents, as queries that stay quick with many of them: each stops after its page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from heapq import merge
from itertools import islice
from string import hexdigits
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, defer

from pipeline.store.database import Database
from pipeline.store.review_tables import FinalRecordRow
from pipeline.store.rows import document
from pipeline.store.search import fold
from pipeline.store.tables import DocumentRow, ReasonRow, RecordRow, ReviewItemRow
from schemas import Document

LEAST_OF_DIGEST = 6
"""Digits of a SHA-256 by which a document is looked for."""


class Place(NamedTuple):
    """Where a page of documents ended."""

    received_at: datetime
    document_id: str


class InvoiceRow(NamedTuple):
    """One invoice of a document: what the machine decided, and where it stands with the people."""

    part: int
    decision: str
    seller_name: str | None
    number: str | None
    issue_date: date | None
    currency: str | None
    gross: Decimal | None
    item_id: int | None
    state: str | None
    is_hidden: bool
    """Somebody is to key it without having seen it."""


class DocumentLine(NamedTuple):
    """One document with its invoices; none while the machine is not done."""

    document_id: str
    client_id: str
    file_name: str
    received_at: datetime
    state: str
    invoices: tuple[InvoiceRow, ...]


class Wanted(NamedTuple):
    """Which documents; what is empty does not narrow."""

    text: str = ""
    decision: str = ""
    """A decision of the machine, or a state of the desk."""


def documents(
    database: Database, clients: Collection[str], wanted: Wanted, after: Place | None, limit: int
) -> tuple[tuple[DocumentLine, ...], Place | None]:
    """The next documents of some clients, newest first, and where the next page begins; None at the end."""
    with database.reading() as session:
        each = (_of_client(session, client, wanted, after, limit + 1) for client in sorted(clients))
        found = list(islice(merge(*each, key=lambda row: (row.received_at, row.id), reverse=True), limit + 1))
        invoices = _invoices(session, [row.id for row in found[:limit]])
        lines = tuple(_line(row, invoices.get(row.id, ())) for row in found[:limit])
    last = lines[-1] if len(found) > limit else None
    return lines, Place(last.received_at, last.document_id) if last else None


def document_of(database: Database, document_id: str) -> tuple[str, Document] | None:
    """A document with the client whose it is; None when there is none."""
    with database.reading() as session:
        row = session.get(DocumentRow, document_id)
        return (row.client_id, document(row)) if row else None


def invoices_of(database: Database, document_id: str) -> tuple[InvoiceRow, ...]:
    """The invoices of one document."""
    with database.reading() as session:
        return tuple(_invoices(session, [document_id]).get(document_id, ()))


def reason_codes(database: Database, item_ids: Iterable[int]) -> dict[int, list[str]]:
    """Why the machine gave items to a person: codes without repetition, by item."""
    query = (
        select(ReviewItemRow.id, ReasonRow.code)
        .join(ReasonRow, ReasonRow.record_id == ReviewItemRow.record_id)
        .where(ReviewItemRow.id.in_(list(item_ids)))
        .order_by(ReasonRow.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    with database.reading() as session:
        for item_id, code in session.execute(query):
            if code not in found[item_id]:
                found[item_id].append(code)
    return found


def _of_client(session: Session, client: str, wanted: Wanted, after: Place | None, limit: int) -> Iterable[DocumentRow]:
    """One client at a time, so that the index gives the order; of several the database would sort all."""
    query = select(DocumentRow).where(DocumentRow.client_id == client, *_narrowed(wanted))
    if after is not None:
        same = and_(DocumentRow.received_at == after.received_at, DocumentRow.id < after.document_id)
        earlier = or_(DocumentRow.received_at < after.received_at, same)
        query = query.where(DocumentRow.received_at <= after.received_at, earlier)
    return session.scalars(query.order_by(DocumentRow.received_at.desc(), DocumentRow.id.desc()).limit(limit)).all()


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    record = select(RecordRow.id).where(RecordRow.document_id == DocumentRow.id)
    if text := fold(wanted.text):
        named = DocumentRow.search.contains(text, autoescape=True)
        is_digest = len(text) >= LEAST_OF_DIGEST and set(text) <= set(hexdigits)
        narrowed.append(or_(named, DocumentRow.sha256.startswith(text)) if is_digest else named)
    if wanted.decision == "pending":
        narrowed.append(DocumentRow.state != "done")
    elif wanted.decision in ("straight_through", "review"):
        narrowed.append(record.where(RecordRow.decision == wanted.decision).exists())
    elif wanted.decision:
        narrowed.append(_decided(record, wanted.decision))
    return narrowed


def _decided(record: Select[tuple[int]], decision: str) -> ColumnElement[bool]:
    """What a person decided so, or the machine: both may reject."""
    by_person = record.join(FinalRecordRow, FinalRecordRow.record_id == RecordRow.id)
    return or_(
        record.where(RecordRow.decision == decision).exists(),
        by_person.where(FinalRecordRow.decision == decision).exists(),
    )


def _invoices(session: Session, document_ids: Sequence[str]) -> dict[str, list[InvoiceRow]]:
    query = (
        select(RecordRow, ReviewItemRow)
        .outerjoin(ReviewItemRow, ReviewItemRow.record_id == RecordRow.id)
        .where(RecordRow.document_id.in_(document_ids))
        .order_by(RecordRow.part)
        .options(defer(RecordRow.outcome), defer(ReviewItemRow.proposal), defer(ReviewItemRow.second_proposal))
    )
    found: dict[str, list[InvoiceRow]] = defaultdict(list)
    for record, item in session.execute(query).tuples():
        found[record.document_id].append(_invoice(record, item))
    return found


def _invoice(record: RecordRow, item: ReviewItemRow | None) -> InvoiceRow:
    is_hidden = item is not None and item.task == "key" and bool(item.blind)
    values = ("seller_name", "number", "issue_date", "currency", "gross")
    return InvoiceRow(
        part=record.part,
        decision=record.decision,
        item_id=item.id if item else None,
        state=item.state if item else None,
        is_hidden=is_hidden,
        **{name: None if is_hidden else getattr(record, name) for name in values},
    )


def _line(row: DocumentRow, invoices: Iterable[InvoiceRow]) -> DocumentLine:
    return DocumentLine(row.id, row.client_id, row.file_name, row.received_at, row.state, tuple(invoices))
