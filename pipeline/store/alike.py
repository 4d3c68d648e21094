"""Holds a new invoice against those before it that share its date and total, or its number."""

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipeline.store.tables import DocumentRow, RecordRow
from schemas import Draft, FieldName, Finding, Outcome, Record

FindAlike = Callable[[Record, Iterable[tuple[str, Record]]], tuple[Finding, ...]]
"""Says which of the records, each with its document's id, are nearly the same invoice."""


def nothing_alike(_record: Record, _others: Iterable[tuple[str, Record]]) -> tuple[Finding, ...]:
    """No two invoices are compared."""
    return ()


def compared(session: Session, document: DocumentRow, draft: Draft, find_alike: FindAlike) -> Draft:
    """The draft with what speaks for its being nearly the same as an invoice of the same client before it."""
    if draft.record is None:
        return draft
    found = find_alike(draft.record, _alike(session, document.client_id, draft.record))
    return draft.model_copy(update={"findings": (*draft.findings, *found)}) if found else draft


def _alike(session: Session, client_id: str, record: Record) -> Iterator[tuple[str, Record]]:
    """The client's documents, with their records, that have the record's date and total, or its number."""
    issued, gross, number = (
        record.value(name) for name in (FieldName.ISSUE_DATE, FieldName.GROSS_TOTAL, FieldName.INVOICE_NUMBER)
    )
    alike = [RecordRow.issue_date == issued] if issued and gross is not None else []
    alike += [RecordRow.number == number] if number else []
    if not alike:
        return
    query = (
        select(RecordRow.id, RecordRow.document_id, RecordRow.number, RecordRow.gross)
        .join(DocumentRow, RecordRow.document_id == DocumentRow.id)
        .where(DocumentRow.client_id == client_id, or_(*alike))
        .order_by(RecordRow.id)
    )
    for row_id, document_id, other_number, other_gross in session.execute(query).all():
        # amounts are compared here: SQLite keeps them as text, where 120.0 is not 120.00
        if other_gross == gross or (number and other_number == number):
            outcome = Outcome.model_validate_json(session.get_one(RecordRow, row_id).outcome)
            if outcome.record:
                yield document_id, outcome.record
