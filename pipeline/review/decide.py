"""What a decision does inside its transaction: a record is made, judged, and kept or passed on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from pipeline.review import moves
from pipeline.review.accounts import NO_ACCOUNTS, Accounts, accounts_of, judged
from pipeline.review.bookkeeping import Bookkeeper
from pipeline.review.correct import EMPTY, changes, confirmed, correct, errors_of, hidden, is_changed, remaining
from pipeline.review.errors import ErrorsLeft, KeysMissing, WrongMove
from pipeline.review.facts import checked_fields, differ, party_of
from pipeline.review.flow import State, Step, Task, after_decision, free_state
from pipeline.review.moves import Turn
from pipeline.review.reasons import EscalateReason, RejectReason
from pipeline.review.view import base_of, blind_of, notes_of, outcome_of
from pipeline.review.worked import seconds_of, worktimes
from pipeline.review.worktime import Sign
from pipeline.rows import plain
from pipeline.store import rows
from pipeline.store.outbox import Cleared, ToPost
from pipeline.store.review_tables import FinalRecordRow, ReviewWorkRow
from pipeline.store.tables import DocumentRow, RecordRow, ReviewItemRow
from pipeline.validate.duplicates import business_key, duplicate_finding
from schemas import Evidence, EvidenceKind, FieldName, Finding, Outcome, Record
from schemas.edits import Edits
from schemas.policy import ClientPolicy
from schemas.terms import POSTING_CRITICAL


def decide(
    turn: Turn,
    item: ReviewItemRow,
    edits: Edits,
    note: str,
    policy: ClientPolicy,
    to_post: ToPost,
    books: Bookkeeper | None = None,
) -> None:
    """Make the record of a held item with the person's edits, and end the item or pass it on.

    At the end `to_post` writes its posting job in the same transaction, with the accounts that `books` settles.

    Raises NotReadable, KeysMissing, AccountsMissing, ErrorsLeft, ItemTaken.
    """
    outcome, user = outcome_of(turn.session, item), turn.actor.user
    base = base_of(item, outcome)
    if item.task == Task.KEY:
        made, changed = _keyed(base, blind_of(item), edits, turn)
    else:
        made = correct(base, edits, turn.at.date(), user)
        changed = is_changed(base, made)
    accounts = accounts_of(turn, item, made, edits, books)
    left = judged(turn, item, made, remaining(outcome, made, turn.at.date()), accounts, books)
    findings = (*left, *_duplicates(turn, item, made))
    if item.task != Task.KEY:
        _insist(findings, note or "".join(one.text for one in notes_of(turn.session, item.id)))
    is_other, gross = changed or accounts.changed, made.value(FieldName.GROSS_TOTAL)
    step = after_decision(Task(item.task), policy, gross, is_other, item.is_sample)
    moves.note_text(turn, item.id, note)
    moves.note_work(turn, item.id, Sign.DECIDED)
    moves.drop_drafts(turn, item.id)
    if step.task is None:
        _end(turn, item, outcome, made, findings, note, accounts, to_post)
    else:
        _pass_on(turn, item, base, made, step.task, step, note, accounts)


def reject(turn: Turn, item: ReviewItemRow, reason: RejectReason, note: str, to_post: ToPost) -> None:
    """End a held item without a record; of a sample, `to_post` is told. Raises WrongMove, ItemTaken."""
    if reason is RejectReason.OTHER and not note.strip():
        raise WrongMove("There is no reason.", remedy="Say in a note why it is rejected.")
    if item.task == Task.KEY:
        raise WrongMove("Some fields are to be keyed here.", remedy="Key them, or escalate it with a note.")
    moves.note_text(turn, item.id, note)
    moves.note_work(turn, item.id, Sign.DECIDED)
    moves.drop_drafts(turn, item.id)
    final = _final_row(turn, item, State.REJECTED, is_wrong=True, reason=reason.value)
    turn.session.add(final)
    machine = outcome_of(turn.session, item)
    told = _counted(turn, item, machine, machine.record or EMPTY, {"checked": [], "wrong": []}, is_wrong=True)
    data = {"reason": reason.value, "note": note, **told}
    moves.move(turn, item, State.REJECTED, "review_rejected", data, reason=reason.value)
    _hand_on(turn, item, None, final, to_post)


def _keyed(base: Record, blind: tuple[FieldName, ...], edits: Edits, turn: Turn) -> tuple[Record, bool]:
    """The record as a second person keyed it, and whether it is another one; where they agree the first one stands."""
    if missing := [name for name in blind if name not in edits.fields]:
        raise KeysMissing(f"Not keyed yet: {', '.join(missing)}.")
    user = turn.actor.user
    keyed = correct(hidden(base, blind), edits, turn.at.date(), user)
    tables = (keyed.vat_breakdown, keyed.lines) != (base.vat_breakdown, base.lines)
    if tables or any(differ(base.value(name), keyed.value(name)) for name in FieldName):
        return keyed, True
    witness = Evidence(kind=EvidenceKind.PERSON, detail=f"{user} keyed the same without seeing it")
    fields = dict(base.fields)
    for name in blind:
        fields[name] = fields[name].model_copy(update={"evidence": (*fields[name].evidence, witness)})
    return base.model_copy(update={"fields": fields}), False


def _duplicates(turn: Turn, item: ReviewItemRow, record: Record) -> tuple[Finding, ...]:
    """The client's other documents that hold the same invoice by now, as the machine read them or a person decided."""
    key = rows.key_digest(business_key(record))
    if key is None:
        return ()
    read = select(RecordRow.id).where(RecordRow.business_key == key)
    decided = select(FinalRecordRow.record_id).where(FinalRecordRow.business_key == key)
    others = (
        select(RecordRow.document_id)
        .join(DocumentRow, DocumentRow.id == RecordRow.document_id)
        .where(DocumentRow.client_id == item.client_id)
        .where(RecordRow.id.in_(read.union(decided)), RecordRow.id != item.record_id)
        .order_by(RecordRow.id)
    )
    return tuple(map(duplicate_finding, dict.fromkeys(turn.session.scalars(others))))


def _insist(findings: tuple[Finding, ...], note: str) -> None:
    errors = errors_of(findings)
    if errors and not note.strip():
        raise ErrorsLeft("\n".join(one.message for one in errors))


def _end(
    turn: Turn,
    item: ReviewItemRow,
    outcome: Outcome,
    made: Record,
    findings: tuple[Finding, ...],
    note: str,
    accounts: Accounts,
    to_post: ToPost,
) -> None:
    machine = outcome.record or EMPTY
    state = State.CORRECTED if is_changed(machine, made) else State.APPROVED
    is_wrong = any(differ(machine.value(name), made.value(name)) for name in POSTING_CRITICAL)
    record = confirmed(made, turn.actor.user)
    final = _final_row(turn, item, state, is_wrong, record, findings)
    turn.session.add(final)
    document = turn.session.get_one(DocumentRow, turn.session.get_one(RecordRow, item.record_id).document_id)
    document.search = rows.document_search(document, made)
    kept = {"blind": [], **_found_by(turn, item, made)}
    told = _counted(turn, item, outcome, made, checked_fields(machine, made, item.is_sample), is_wrong)
    moves.move(turn, item, state, f"review_{state}", _told(machine, made, note, accounts) | told, **kept)
    _hand_on(turn, item, record, final, to_post, accounts)


def _hand_on(
    turn: Turn,
    item: ReviewItemRow,
    record: Record | None,
    final: FinalRecordRow,
    to_post: ToPost,
    accounts: Accounts = NO_ACCOUNTS,
) -> None:
    """Tell the outbox what a person decided."""
    turn.session.flush()  # the final record gets its number
    row = turn.session.get_one(RecordRow, item.record_id)
    where = (item.client_id, row.document_id, row.part, row.id)
    to_post(turn.session, turn.at, Cleared(*where, record, turn.actor.user, final.id, accounts.settled, accounts.by))


def _pass_on(
    turn: Turn, item: ReviewItemRow, base: Record, made: Record, task: Task, step: Step, note: str, accounts: Accounts
) -> None:
    """To another person: the record made becomes what he sees, or is set beside the first one where they differ."""
    user = turn.actor.user
    kept: dict[str, Any] = {"task": task.value, "blind": [name.value for name in step.blind]}
    if step.reason is EscalateReason.KEYED_DIFFERENTLY:
        kept |= {"proposal": base.model_dump_json(), "second_proposal": made.model_dump_json(), "second_by": user}
    elif item.task == Task.KEY:
        kept |= {"proposal": made.model_dump_json()}
    else:
        kept |= {"proposal": made.model_dump_json(), "second_proposal": None, "first_by": user, "second_by": None}
    kept |= {"reason": step.reason.value if step.reason else None, **_found_by(turn, item, made, step.blind)}
    if accounts.settled:
        kept |= {"coding": [one.model_dump() for one in accounts.settled.chosen]}
    state = free_state(task)
    event = "review_escalated" if state is State.ESCALATED else "review_passed_on"
    moves.move(turn, item, state, event, {**_told(base, made, note, accounts), "reason": kept["reason"]}, **kept)


def _found_by(turn: Turn, item: ReviewItemRow, record: Record, blind: Sequence[FieldName] = ()) -> dict[str, Any]:
    """What the item is found by from now on."""
    row = turn.session.get_one(RecordRow, item.record_id)
    name = turn.session.get_one(DocumentRow, row.document_id).file_name
    search, amount = rows.item_found_by(blind, name, record, (reason.code for reason in row.reasons))
    return {"search": search, "amount": amount}


def _told(before: Record, after: Record, note: str, accounts: Accounts) -> dict[str, Any]:
    """What the audit trail keeps of a decision: the values before and after, and why."""
    told = {one.field.value: [plain(one.before), plain(one.after)] for one in changes(before, after)}
    tables = {"lines": before.lines != after.lines, "taxes": before.vat_breakdown != after.vat_breakdown}
    names = [name for name, changed in tables.items() if changed]
    return {"changes": told, "tables": names, "note": note, **accounts.told()}


def _counted(
    turn: Turn, item: ReviewItemRow, outcome: Outcome, record: Record, fields: dict[str, list[str]], is_wrong: bool
) -> dict[str, Any]:
    """What the event of an end tells so that figures can be counted from it; `versions` are those of the machine."""
    row = turn.session.get_one(RecordRow, item.record_id)
    received_at = turn.session.get_one(DocumentRow, row.document_id).received_at
    people = worktimes(turn.session, ReviewWorkRow.item_id == item.id, turn.idle_cut).get(item.id, ())
    return {
        "seconds": round(seconds_of(people), 3),
        "waited": (turn.at - received_at).total_seconds(),
        "late": item.deadline < turn.at,
        "is_wrong": is_wrong,
        "versions": outcome.versions,
        **fields,
        **party_of(record),
    }


def _final_row(
    turn: Turn,
    item: ReviewItemRow,
    state: State,
    is_wrong: bool,
    record: Record | None = None,
    findings: tuple[Finding, ...] = (),
    reason: str | None = None,
) -> FinalRecordRow:
    return FinalRecordRow(
        item_id=item.id,
        record_id=item.record_id,
        client_id=item.client_id,
        decision=state.value,
        reason=reason,
        decided_at=turn.at,
        decided_by=turn.actor.user,
        first_by=item.first_by,
        is_wrong=is_wrong,
        business_key=rows.key_digest(business_key(record)) if record else None,
        record=record.model_dump_json() if record else None,
        findings=[one.model_dump(mode="json") for one in findings],
    )
