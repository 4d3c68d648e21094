"""One item as its task lets a person see it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.accounts import kept_of
from pipeline.review.correct import EMPTY, hidden
from pipeline.review.facts import differ
from pipeline.review.flow import State, Task
from pipeline.review.items import Difference, Final, Item, Note
from pipeline.review.queue import queue_row
from pipeline.store import rows
from pipeline.store.review_tables import FinalRecordRow, ReviewDraftRow, ReviewNoteRow
from pipeline.store.tables import DocumentRow, RecordRow, ReviewItemRow
from schemas import FieldName, Finding, Outcome, Record
from schemas.edits import Edits


def outcome_of(session: Session, item: ReviewItemRow) -> Outcome:
    """What the machine made of it."""
    return Outcome.model_validate_json(session.get_one(RecordRow, item.record_id).outcome)


def base_of(item: ReviewItemRow, outcome: Outcome) -> Record:
    """What another person made of it, or else the machine's record."""
    return Record.model_validate_json(item.proposal) if item.proposal else outcome.record or EMPTY


def blind_of(item: ReviewItemRow) -> tuple[FieldName, ...]:
    """The fields that are to be keyed without seeing them."""
    return tuple(map(FieldName, item.blind)) if item.task == Task.KEY else ()


def view(session: Session, item: ReviewItemRow, user: str) -> Item:
    """The item with all that belongs to it; what is to be keyed blind, and what would tell it, is left out."""
    record_row = session.get_one(RecordRow, item.record_id)
    document = session.get_one(DocumentRow, record_row.document_id)
    outcome, blind = outcome_of(session, item), blind_of(item)
    base = base_of(item, outcome)
    is_open = not blind
    return Item(
        row=queue_row(item, record_row, document),
        document=rows.document(document),
        record=base if is_open else hidden(base, blind),
        machine=outcome.record if is_open else None,
        blind=blind,
        reasons=outcome.decision.reasons if is_open else (),
        findings=outcome.findings if is_open else (),
        failures=outcome.failures if is_open else (),
        differences=_differences(item, outcome) if item.task == Task.SECOND else (),
        notes=notes_of(session, item.id),
        typed=draft_of(session, item.id, user),
        final=final_of(session, item.id),
        coding=kept_of(item) if is_open else None,
    )


def notes_of(session: Session, item_id: int) -> tuple[Note, ...]:
    """The remarks on an item, oldest first."""
    query = select(ReviewNoteRow).where(ReviewNoteRow.item_id == item_id).order_by(ReviewNoteRow.id)
    return tuple(Note(row.at, row.user, row.text) for row in session.scalars(query))


def draft_of(session: Session, item_id: int, user: str) -> Edits | None:
    """What a person typed last."""
    query = select(ReviewDraftRow.edits).where(ReviewDraftRow.item_id == item_id, ReviewDraftRow.user == user)
    text = session.scalars(query.order_by(ReviewDraftRow.id.desc()).limit(1)).first()
    return Edits.model_validate_json(text) if text else None


def final_of(session: Session, item_id: int) -> Final | None:
    """What became of an item; None while it is open."""
    row = session.scalar(select(FinalRecordRow).where(FinalRecordRow.item_id == item_id))
    if row is None:
        return None
    record = Record.model_validate_json(row.record) if row.record else None
    findings = tuple(Finding.model_validate(one) for one in row.findings)
    return Final(State(row.decision), row.reason, row.decided_at, row.decided_by, row.first_by, record, findings)


def _differences(item: ReviewItemRow, outcome: Outcome) -> tuple[Difference, ...]:
    machine = outcome.record or EMPTY
    first = base_of(item, outcome)
    second = Record.model_validate_json(item.second_proposal) if item.second_proposal else first
    triples = ((name, machine.value(name), first.value(name), second.value(name)) for name in FieldName)
    return tuple(Difference(*one) for one in triples if differ(one[1], one[2]) or differ(one[2], one[3]))
