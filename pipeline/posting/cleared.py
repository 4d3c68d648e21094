"""What was cleared, as orders: straight through, or by a person. The exports read it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select

from pipeline.posting.coding.coders import Coders
from pipeline.posting.key import posting_key
from pipeline.store import rows
from pipeline.store.database import Database
from pipeline.store.review_tables import FinalRecordRow
from pipeline.store.tables import DocumentRow, RecordRow
from schemas import Document, FieldName, Outcome, PostingOrder, Record, StraightThrough

BATCH = 200
"""Records read in one go."""


class Cleared(NamedTuple):
    """A record that may be booked, and when that was decided."""

    document: Document
    part: int
    record: Record
    at: datetime


def cleared_records(
    database: Database, client_id: str, begin: date | None = None, end: date | None = None
) -> Iterator[Cleared]:
    """A client's cleared records that were issued from `begin` to `end`, in the order they were settled.

    A person's record counts before the machine's; what a person rejected is left out. Raises StoreError.
    """
    last = 0
    while True:
        query = (
            select(RecordRow, DocumentRow, FinalRecordRow)
            .join(DocumentRow, DocumentRow.id == RecordRow.document_id)
            .outerjoin(FinalRecordRow, FinalRecordRow.record_id == RecordRow.id)
            .where(DocumentRow.client_id == client_id, RecordRow.id > last)
            .order_by(RecordRow.id)
            .limit(BATCH)
        )
        with database.reading() as session:
            batch = [(row.id, _cleared(row, document, final)) for row, document, final in session.execute(query)]
        if not batch:
            return
        last = batch[-1][0]
        yield from (one for _, one in batch if one and _is_within(one.record, begin, end))


def find_record(database: Database, client_id: str, name: str, part: int) -> tuple[Document, Record] | None:
    """A client's invoice by the beginning of its document's id, or by file name, the newest; cleared or not."""
    named = or_(DocumentRow.file_name == name, DocumentRow.id.startswith(name.lower(), autoescape=True))
    query = (
        select(RecordRow, DocumentRow, FinalRecordRow)
        .join(DocumentRow, DocumentRow.id == RecordRow.document_id)
        .outerjoin(FinalRecordRow, FinalRecordRow.record_id == RecordRow.id)
        .where(DocumentRow.client_id == client_id, RecordRow.part == part, named)
        .order_by(RecordRow.id.desc())
        .limit(1)
    )
    with database.reading() as session:
        found = session.execute(query).first()
        if found is None:
            return None
        row, document, final = found
        text = final.record if final else None
        record = Record.model_validate_json(text) if text else Outcome.model_validate_json(row.outcome).record
        return (rows.document(document), record) if record else None


def order_of(one: Cleared, coders: Coders) -> PostingOrder | None:
    """The order of a cleared record; None when a part of its key is unknown. Raises NotBookable, StoreError."""
    document = one.document
    key = posting_key(document.client_id, one.record)
    if key is None:
        return None
    return PostingOrder(
        key=key,
        document_id=document.document_id,
        part=one.part,
        file_name=document.file_name,
        sha256=document.sha256,
        record=one.record,
        coding=coders.code(one.record, document.client_id, document.document_id, one.part),
    )


def _cleared(row: RecordRow, document: DocumentRow, final: FinalRecordRow | None) -> Cleared | None:
    if final is not None:
        record = Record.model_validate_json(final.record) if final.record else None
        at = final.decided_at
    else:
        outcome = Outcome.model_validate_json(row.outcome)
        record = outcome.record if isinstance(outcome.decision, StraightThrough) else None
        at = row.settled_at
    return Cleared(rows.document(document), row.part, record, at) if record else None


def _is_within(record: Record, begin: date | None, end: date | None) -> bool:
    issued = record.value(FieldName.ISSUE_DATE)
    if issued is None:
        return begin is None and end is None
    return (begin is None or issued >= begin) and (end is None or issued <= end)
