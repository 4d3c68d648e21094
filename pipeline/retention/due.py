"""Which documents may be erased: all of their invoices are at an end, and so is their term."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from pipeline.posting.states import JobState
from pipeline.retention.term import keep_until
from pipeline.review.flow import DONE as DECIDED
from pipeline.settings import RetentionSettings
from pipeline.store import rows
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.rows import DONE
from pipeline.store.tables import DocumentRow, EventRow, RecordRow, ReviewItemRow
from schemas import Document
from schemas.base import Value

ERASED = "erased"
"""The kind of the event that says that a document's content is gone."""

_AT_END = (JobState.POSTED.value, JobState.CLOSED.value)


class Standing(StrEnum):
    """What may be done with a document."""

    DUE = "due"
    """Its term is over."""
    KEPT = "kept"
    """It is a voucher, and its term runs."""
    NO_VOUCHER = "no voucher"
    """Nothing of it was posted: nothing obliges to keep it, and a person may ask for its erasure."""
    OPEN = "open"
    """It is being worked on."""


class Kept(Value):
    """A document, until when it must be kept, and what may be done with it on the day that was asked for."""

    document: Document
    until: date
    standing: Standing


def list_kept(database: Database, terms: RetentionSettings, on: date, client_id: str | None = None) -> Iterator[Kept]:
    """The documents that are not erased yet, oldest first. Raises StoreError."""
    query = _documents().order_by(DocumentRow.received_at, DocumentRow.id)
    if client_id is not None:
        query = query.where(DocumentRow.client_id == client_id)
    with database.reading() as session:
        for row, *found in session.execute(query, execution_options={"yield_per": 500}):
            yield _kept(row, found, terms, on)


def find_kept(database: Database, terms: RetentionSettings, on: date, document_id: str) -> Kept | None:
    """One document; None when there is none of that id, or it is erased. Raises StoreError."""
    with database.reading() as session:
        found = session.execute(_documents().where(DocumentRow.id == document_id)).one_or_none()
        return _kept(found[0], list(found[1:]), terms, on) if found else None


def is_erased(document: Any = DocumentRow) -> ColumnElement[bool]:
    """The condition on a document, or an alias of its table, that its content is gone."""
    return exists().where(EventRow.document_id == document.id, EventRow.kind == ERASED)


def _kept(row: DocumentRow, found: list[Any], terms: RetentionSettings, on: date) -> Kept:
    issued, is_open, is_voucher = found
    received = row.received_at.date()
    concerned = max(issued, received) if issued and issued <= on else received  # a date in the future is misread
    until = keep_until(concerned, terms.years, terms.year_ends_in)
    if is_open or row.state != DONE:
        standing = Standing.OPEN
    elif until < on:
        standing = Standing.DUE
    else:
        standing = Standing.KEPT if is_voucher else Standing.NO_VOUCHER
    return Kept(document=rows.document(row), until=until, standing=standing)


def _documents() -> Select[Any]:
    """Each document with its last issue date, whether anything of it is open, and whether anything was posted."""
    mine = RecordRow.document_id == DocumentRow.id
    issued = select(func.max(RecordRow.issue_date)).where(mine).correlate(DocumentRow).scalar_subquery()
    waits = exists().where(mine, ReviewItemRow.record_id == RecordRow.id, ReviewItemRow.state.not_in(DECIDED))
    job = PostingJobRow.document_id == DocumentRow.id
    runs = exists().where(job, PostingJobRow.state.not_in(_AT_END))
    voucher = exists().where(job, PostingJobRow.reference.is_not(None))
    return select(DocumentRow, issued, waits | runs, voucher).where(~is_erased())
