"""At most one voucher an invoice, and a receipt for each."""

from collections.abc import Iterator

from sqlalchemy import func, select

from pipeline.invariants.place import Place
from pipeline.invariants.rules import Violation
from pipeline.posting.enqueue import note_event
from pipeline.posting.reconcile import Kind, reconcile
from pipeline.posting.states import JobState
from pipeline.posting.world import targets_of
from pipeline.store.posting_tables import PostingJobRow

_CODES = {
    Kind.MISSING: "voucher-missing",
    Kind.DIFFERS: "voucher-differs",
    Kind.DOUBLE: "voucher-double",
    Kind.UNKNOWN: "voucher-unknown",
    Kind.UNCONFIRMED: "voucher-unconfirmed",
    Kind.DRAFT: "voucher-draft",
}
_KEY = (PostingJobRow.client_id, PostingJobRow.seller, PostingJobRow.number, PostingJobRow.issue_date)


def find(place: Place) -> Iterator[Violation]:
    """In our own tables, and in the accounting systems where they are asked."""
    yield from _twice(place)
    yield from _without_receipt(place)
    yield from _there(place)


def ask_again(place: Place, found: Violation, by: str) -> str | None:
    """Let a job be taken up again: whoever does asks the target first, and finds the voucher."""
    did, at = "the target is asked again", place.clock.now()
    with place.mending(found, did, by) as session:
        row = session.get_one(PostingJobRow, int(found.subject))
        row.state, row.next_at, row.sent_at = JobState.WAITING.value, at, row.sent_at or row.posted_at or at
        row.unknowns = row.failures = 0
        note_event(session, at, "posting_retried", row, by, before=JobState.POSTED.value, as_coded=False)
    return did


def _twice(place: Place) -> Iterator[Violation]:
    posted = PostingJobRow.state == JobState.POSTED.value
    query = select(func.min(PostingJobRow.id), func.max(PostingJobRow.id), *_KEY, PostingJobRow.gross)
    query = query.where(posted, PostingJobRow.seller.is_not(None)).group_by(*_KEY, PostingJobRow.gross)
    with place.database.reading() as session:
        found = session.execute(query.having(func.count() > 1)).all()
    for first, last, client, _seller, number, *_ in found:
        said = f"Jobs {first} and {last} have posted {number}."
        yield Violation(code="posted-twice", subject=str(last), message=said, client_id=client)


def _without_receipt(place: Place) -> Iterator[Violation]:
    query = select(PostingJobRow.id, PostingJobRow.client_id, PostingJobRow.document_id)
    query = query.where(PostingJobRow.state == JobState.POSTED.value, PostingJobRow.receipt.is_(None))
    with place.database.reading() as session:
        found = session.execute(query).all()
    for job, client, document in found:
        said = f"Job {job} has no receipt."
        where = {"client_id": client, "document_id": document}
        yield Violation(code="receipt-missing", subject=str(job), message=said, **where)


def _there(place: Place) -> Iterator[Violation]:
    if place.targets is None:
        return
    for client, name in targets_of(place.database, place.settings.posting.target, place.now):
        compared = reconcile(place.database, place.targets.get(name, client), name, client)
        for fault in compared.faults:
            if fault.kind in _CODES:
                subject = str(fault.job_id or (fault.voucher.target_id if fault.voucher else ""))
                said = f"{name}: {fault.message}"
                yield Violation(code=_CODES[fault.kind], subject=subject, message=said, client_id=client)
