"""Values to rows and back."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from pipeline.store.search import search_text, with_words
from pipeline.store.slot import Slot
from pipeline.store.summary import Settled
from pipeline.store.tables import (
    DocumentRow,
    FailureRow,
    FieldRow,
    FindingRow,
    ReasonRow,
    RecordRow,
    ReviewItemRow,
)
from schemas import Document, Field, FieldName, MediaType, Outcome, Record

RECEIVED, PROCESSING, DONE = "received", "processing", "done"
"""The states of a document."""

WAITING = "waiting"
"""The state of a review item that nobody has taken yet."""


def document_row(document: Document) -> DocumentRow:
    """A document that just came in, as a row."""
    return DocumentRow(
        id=document.document_id,
        client_id=document.client_id,
        sha256=document.sha256,
        file_name=document.file_name,
        media_type=document.media_type.value,
        size=document.size,
        received_at=document.received_at,
        state=RECEIVED,
        attempt=0,
        search=with_words("", document.file_name),
    )


def document(row: DocumentRow) -> Document:
    """A row as the document it was made from."""
    return Document(
        client_id=row.client_id,
        sha256=row.sha256,
        file_name=row.file_name,
        size=row.size,
        media_type=MediaType(row.media_type),
        received_at=row.received_at,
    )


def key_digest(key: tuple[str, ...] | None) -> str | None:
    """A business key as 64 hexadecimal digits: any key fits the index, and no separator can be forged."""
    return None if key is None else hashlib.sha256(json.dumps(key).encode()).hexdigest()


def record_row(
    document: DocumentRow, outcome: Outcome, business_key: str | None, at: datetime, item: ReviewItemRow | None = None
) -> RecordRow:
    """An outcome as a row of `records` with all its projections, and its place in the review queue if it has one."""
    row = RecordRow(
        document_id=document.id,
        part=outcome.part,
        settled_at=at,
        decision=outcome.decision.kind,
        business_key=business_key,
        outcome=outcome.model_dump_json(),
        findings=list(_findings(outcome)),
        failures=[FailureRow(code=each.code, message=each.message, page=each.page) for each in outcome.failures],
        reasons=list(_reasons(outcome)),
    )
    if outcome.record:
        _add_record(row, outcome.record)
    if item:
        codes = [reason.code for reason in row.reasons]
        item.search, item.amount = item_found_by(item.blind, document.file_name, outcome.record, codes)
    if outcome.record and not (item and item.blind):
        document.search = document_search(document, outcome.record)
    row.review_item = item
    return row


def item_row(slot: Slot, client_id: str, at: datetime) -> ReviewItemRow:
    """A place in the review queue that was just given."""
    return ReviewItemRow(
        client_id=client_id,
        state=WAITING,
        task=slot.task,
        is_sample=slot.is_sample,
        blind=list(slot.blind),
        created_at=at,
        deadline=slot.deadline,
        rank=slot.rank,
    )


def item_found_by(
    blind: Collection[str], file_name: str, record: Record | None, codes: Iterable[str]
) -> tuple[str, float | None]:
    """The text and the amount that an item is found by; what is to be keyed blind is not found by its value."""
    if record is None or blind:
        return search_text(file_name, None, None, codes), None
    gross = record.value(FieldName.GROSS_TOTAL)
    text = search_text(file_name, record.value(FieldName.SELLER_NAME), record.value(FieldName.INVOICE_NUMBER), codes)
    return text, None if gross is None else abs(float(gross))


def document_search(document: DocumentRow, record: Record) -> str:
    """What a document is found by when one of its invoices is this one: that, and what it was found by before."""
    names = (FieldName.SELLER_NAME, FieldName.INVOICE_NUMBER)
    return with_words(document.search, *(record.value(name) for name in names))


def settled(row: RecordRow, document_row: DocumentRow) -> Settled:
    """A row of `records` with its document, as the value it was made from."""
    return Settled(document(document_row), Outcome.model_validate_json(row.outcome), row.settled_at)


def _add_record(row: RecordRow, record: Record) -> None:
    row.number = record.value(FieldName.INVOICE_NUMBER)
    row.issue_date = record.value(FieldName.ISSUE_DATE)
    row.seller_name = record.value(FieldName.SELLER_NAME)
    row.currency = record.value(FieldName.CURRENCY)
    row.net = record.value(FieldName.NET_TOTAL)
    row.tax = record.value(FieldName.TAX_TOTAL)
    row.gross = record.value(FieldName.GROSS_TOTAL)
    row.fields = [_field_row(field) for field in record.fields.values()]


def _field_row(field: Field) -> FieldRow:
    return FieldRow(
        name=field.name.value,
        value=None if field.value is None else str(field.value),
        status=field.status.value,
        confidence=field.confidence,
        page=field.page,
        box=field.box.model_dump() if field.box else None,
        evidence=[each.model_dump(mode="json") for each in field.evidence],
    )


def _findings(outcome: Outcome) -> Iterator[FindingRow]:
    for each in outcome.findings:
        fields = [name.value for name in each.fields]
        yield FindingRow(rule=each.rule, severity=each.severity.value, message=each.message, fields=fields)


def _reasons(outcome: Outcome) -> Iterator[ReasonRow]:
    for each in outcome.decision.reasons:
        yield ReasonRow(code=each.code, message=each.message, field=each.field.value if each.field else None)
