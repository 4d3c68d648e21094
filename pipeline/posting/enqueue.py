"""Writes the posting job of a cleared record, in the transaction that clears it. Implements `ToPost`.

An invoice has one job, for its key is unique. A second record with the same key, which only a person can have cleared,
gets a job without a key that names the first one and waits for a person: it is never sent.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.posting.coding.check import DOUBTFUL
from pipeline.posting.coding.code import document_name
from pipeline.posting.coding.shelf import is_settled, settle
from pipeline.posting.key import posting_key
from pipeline.posting.states import JobState
from pipeline.review.facts import differ
from pipeline.store import trail
from pipeline.store.outbox import Cleared
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.review_tables import FinalRecordRow
from pipeline.store.tables import DocumentRow, RecordRow
from schemas import Coding, Failure, FieldName, Outcome, Record
from schemas.terms import POSTING_CRITICAL

COLLISION, NO_KEY, CHECKED = "posting-collision", "posting-key-missing", "posting-differs"
"""Codes of jobs that need a person from the start, and of those that a blind check found wrong."""


def put_job(session: Session, at: datetime, cleared: Cleared) -> None:
    """Write the job of a record that was cleared; or, where it has one, what a check of it found.

    Accounts that a person settled are kept with the job as they are, and teach. Events: "posting_queued",
    "posting_dead", "coding_confirmed", and for a check "posting_mended", "posting_closed", "posting_warned".
    """
    if cleared.settled:
        name = document_name(cleared.document_id, cleared.part)
        settle(session, at, cleared.client_id, name, cleared.settled, cleared.settled_by, cleared.document_id)
    job = session.scalar(select(PostingJobRow).where(PostingJobRow.record_id == cleared.record_id))
    if job is not None:
        _checked(session, at, job, cleared)
    elif cleared.record is not None:
        _queue(session, at, cleared, cleared.record)


def record_of(session: Session, job: PostingJobRow) -> Record:
    """The record of a job, as the machine or a person cleared it."""
    if job.final_id is not None:
        return Record.model_validate_json(session.get_one(FinalRecordRow, job.final_id).record or "")
    outcome = Outcome.model_validate_json(session.get_one(RecordRow, job.record_id).outcome)
    if outcome.record is None:
        raise ValueError(f"job {job.id} has no record")
    return outcome.record


def is_coding_accepted(session: Session, job: PostingJobRow) -> bool:
    """Whether a person settled the coding, or cleared the record knowing that the coding is doubtful."""
    if job.coded_by is not None or is_settled(session, job.client_id, document_name(job.document_id, job.part)):
        return True
    final = session.get(FinalRecordRow, job.final_id) if job.final_id is not None else None
    return final is not None and any(one["rule"] == DOUBTFUL for one in final.findings)


def is_first_right(session: Session, job: PostingJobRow) -> bool:
    """Whether it needs one attempt alone, and is as the machine read it: no person corrected record or coding."""
    final = session.get(FinalRecordRow, job.final_id) if job.final_id is not None else None
    return job.token == 1 and job.coded_by is None and (final is None or final.decision == "approved")


def waited(session: Session, job: PostingJobRow, at: datetime) -> float:
    """Seconds since its document came in."""
    return (at - session.get_one(DocumentRow, job.document_id).received_at).total_seconds()


def note_event(session: Session, at: datetime, kind: str, job: PostingJobRow, actor: str, **data: Any) -> None:
    """Write to the audit trail, in this transaction."""
    said = {"job": job.id, "part": job.part, **data}
    trail.append(session, at, kind, job.document_id, job.client_id, actor, said)


def give_key(session: Session, job: PostingJobRow, record: Record) -> Failure | None:
    """Give a job the key of its record; what keeps it from having one."""
    key = posting_key(job.client_id, record)
    job.reference, job.collides_with = None, None
    job.seller_name, job.currency = record.value(FieldName.SELLER_NAME), record.value(FieldName.CURRENCY)
    job.printed_number = record.value(FieldName.INVOICE_NUMBER)
    if key is None:
        job.seller = job.number = None
        job.issue_date, job.gross = record.value(FieldName.ISSUE_DATE), record.value(FieldName.GROSS_TOTAL)
        return _NO_KEY
    job.seller, job.number, job.issue_date, job.gross = key.seller, key.number, key.issue_date, key.gross
    other = select(PostingJobRow).where(PostingJobRow.reference == key.reference, PostingJobRow.id != job.id)
    if (holder := session.scalar(other)) is not None:
        job.collides_with = holder.id
        return _collision(holder)
    job.reference = key.reference
    return None


def _queue(session: Session, at: datetime, cleared: Cleared, record: Record) -> None:
    job = PostingJobRow(
        record_id=cleared.record_id,
        final_id=cleared.final_id,
        document_id=cleared.document_id,
        part=cleared.part,
        client_id=cleared.client_id,
        state=JobState.WAITING.value,
        queued_at=at,
        next_at=at,
        evidence=[],
        **_coded(cleared),
    )
    session.add(job)
    session.flush()
    failure = give_key(session, job, record)
    note_event(session, at, "posting_queued", job, cleared.actor, reference=job.reference)
    if failure:
        _kill(session, at, job, failure, cleared.actor)


def _checked(session: Session, at: datetime, job: PostingJobRow, cleared: Cleared) -> None:
    """A sample of what went straight through was looked at: what was not sent yet is mended, the rest is told."""
    differing = _differing(record_of(session, job), cleared.record)
    if cleared.settled and _booked(job) not in (None, _places(cleared.settled.coding)):
        differing.append("accounts")
    if not differing:
        return
    may_change = job.state in (JobState.WAITING, JobState.DEAD) and job.sent_at is None
    if not may_change:
        job.warning = _checked_wrong(differing).model_dump(mode="json")
        posted = {"posted_at": job.posted_at.isoformat()} if job.posted_at else {}
        right = is_first_right(session, job) if job.posted_at else False
        note_event(session, at, "posting_warned", job, cleared.actor, fields=differing, first_right=right, **posted)
    elif cleared.record is None:
        job.state, job.reference, job.note = JobState.CLOSED.value, None, "rejected by a check"
        note_event(session, at, "posting_closed", job, cleared.actor, note=job.note)
    else:
        job.final_id, job.state, job.failure = cleared.final_id, JobState.WAITING.value, None
        job.coding, job.coded_by = _coded(cleared).values()
        failure = give_key(session, job, cleared.record)
        note_event(session, at, "posting_mended", job, cleared.actor, fields=differing, reference=job.reference)
        if failure:
            _kill(session, at, job, failure, cleared.actor)


def _coded(cleared: Cleared) -> dict[str, str | None]:
    """The coding that a person settled, and who; what nobody settled is coded when it is posted."""
    if cleared.settled is None:
        return {"coding": None, "coded_by": None}
    return {"coding": cleared.settled.coding.model_dump_json(), "coded_by": cleared.settled_by or cleared.actor}


def _booked(job: PostingJobRow) -> set[tuple[str, str | None]] | None:
    """The accounts that a job was sent with; None for one that was not yet."""
    return _places(Coding.model_validate_json(job.coding)) if job.coding else None


def _places(coding: Coding) -> set[tuple[str, str | None]]:
    return {(line.account, line.cost_centre) for line in coding.lines}


def _kill(session: Session, at: datetime, job: PostingJobRow, failure: Failure, actor: str) -> None:
    job.state, job.failure = JobState.DEAD.value, failure.model_dump(mode="json")
    note_event(session, at, "posting_dead", job, actor, failure=job.failure, collides_with=job.collides_with)


def _differing(before: Record, after: Record | None) -> list[str]:
    """The posting-critical fields that are not the same; all of them when it was rejected."""
    if after is None:
        return [name.value for name in POSTING_CRITICAL]
    return [name.value for name in POSTING_CRITICAL if differ(before.value(name), after.value(name))]


_NO_KEY = Failure(
    code=NO_KEY,
    message="Seller, number, date or total is unknown, so nobody could tell whether it is posted already.",
    remedy="Post it by hand, then close the job with a note.",
)


def _collision(holder: PostingJobRow) -> Failure:
    return Failure(
        code=COLLISION,
        message=f"Job {holder.id} (document {holder.document_id}) posts the same invoice: same seller, number, date "
        "and total.",
        remedy="Close this job. If the other one was closed as never to be posted, try this one again.",
    )


def _checked_wrong(fields: list[str]) -> Failure:
    return Failure(
        code=CHECKED,
        message=f"A blind check found other values than were sent: {', '.join(fields)}.",
        remedy="Correct the voucher in the accounting system, then close the warning with a note.",
    )
