"""Compares our ledger with what a target holds, both ways."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from sqlalchemy import select

from pipeline.ports import Target
from pipeline.posting.agree import differences
from pipeline.posting.enqueue import record_of
from pipeline.posting.jobs import coding_of, key_of
from pipeline.posting.states import JobState
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from schemas import Receipt, Voucher
from schemas.base import Value


class Kind(StrEnum):
    """What does not fit."""

    MISSING = "missing"
    """It counts as posted here, and the target does not have it."""
    DIFFERS = "differs"
    """The target has it with other values."""
    DOUBLE = "double"
    """The target has it more than once."""
    UNKNOWN = "unknown"
    """The target has it under a reference of ours that no job has."""
    UNCONFIRMED = "unconfirmed"
    """The target has it, and here it does not count as posted: it will be found, or is with a person."""
    DRAFT = "draft"
    """A draft was left behind in the target."""
    ELSEWHERE = "elsewhere"
    """Somebody keyed it without us; no fault."""


class Fault(Value):
    """One thing that does not fit, with our job and the target's voucher where there are any."""

    kind: Kind
    message: str
    job_id: int | None = None
    voucher: Voucher | None = None


class Comparison(Value):
    """What was compared, and what does not fit."""

    client_id: str
    target: str
    posted: int
    """Jobs that count as posted there."""
    vouchers: int
    """What the target holds, drafts included, without what belongs to other clients of ours."""
    faults: tuple[Fault, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Faults by kind."""
        return Counter(fault.kind.value for fault in self.faults)

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong; what was keyed elsewhere is not."""
        return all(fault.kind is Kind.ELSEWHERE for fault in self.faults)


def reconcile(database: Database, target: Target, name: str, client_id: str) -> Comparison:
    """Compare the jobs of a client that were posted to `name` with all that the target holds. Raises TargetDown.

    Our ledger is read first, and looked into again for what it did not know: so what is posted meanwhile is no fault.
    """
    jobs = _posted(database, name, client_id)
    there: dict[str, list[Voucher]] = defaultdict(list)
    drafts: list[Voucher] = []
    others: list[Voucher] = []
    count = 0
    not_ours = _of_others(database, client_id)
    for voucher in target.vouchers():
        if voucher.reference in not_ours:
            continue
        count += 1
        if not voucher.is_posted:
            drafts.append(voucher)
        elif voucher.reference:
            there[voucher.reference].append(voucher)
        else:
            others.append(voucher)
    found_by_hand = {receipt.voucher.target_id for _, receipt, _ in jobs.values()}
    faults = [
        *_ours(database, jobs, there, others),
        *_theirs(database, client_id, {ref: found for ref, found in there.items() if ref not in jobs}),
        *(_fault(Kind.DRAFT, f"Draft {one.target_id} was left behind.", voucher=one) for one in drafts),
        *(
            _fault(Kind.ELSEWHERE, f"Voucher {one.target_id} was keyed without us.", voucher=one)
            for one in others
            if one.target_id not in found_by_hand
        ),
    ]
    return Comparison(client_id=client_id, target=name, posted=len(jobs), vouchers=count, faults=tuple(faults))


_Jobs = Mapping[str, tuple[int, Receipt, str]]
"""Posted jobs by reference: number, receipt, and how they are called."""


def _posted(database: Database, name: str, client_id: str) -> _Jobs:
    query = select(PostingJobRow).where(PostingJobRow.client_id == client_id, PostingJobRow.target == name)
    query = query.where(PostingJobRow.state == JobState.POSTED.value).order_by(PostingJobRow.id)
    with database.reading() as session:
        return {
            row.reference or "": (row.id, Receipt.model_validate_json(row.receipt or ""), row.printed_number or "")
            for row in session.scalars(query)
        }


def _of_others(database: Database, client_id: str) -> set[str]:
    """The references of all other clients: several may share a target."""
    query = select(PostingJobRow.reference).where(PostingJobRow.client_id != client_id)
    with database.reading() as session:
        return {reference for reference in session.scalars(query) if reference}


def _ours(
    database: Database, jobs: _Jobs, there: Mapping[str, list[Voucher]], others: Iterable[Voucher]
) -> Iterator[Fault]:
    """Each posted job against its vouchers: by our reference, or by the target's number where it was keyed by hand."""
    by_number = {one.target_id: one for one in others}
    for reference, (job_id, receipt, number) in jobs.items():
        found = there.get(reference) or [by_number[one] for one in (receipt.voucher.target_id,) if one in by_number]
        if not found:
            yield _fault(Kind.MISSING, f"Job {job_id} ({number}) is not there any more.", job_id)
            continue
        if len(found) > 1:
            numbers = ", ".join(one.target_id for one in found)
            yield _fault(Kind.DOUBLE, f"Job {job_id} ({number}) is there {len(found)} times: {numbers}.", job_id)
        with database.reading() as session:
            row = session.get_one(PostingJobRow, job_id)
            key, record, coding = key_of(row), record_of(session, row), coding_of(row)
        for voucher in found:
            if differing := differences(voucher, key, record, coding):
                said = f"Voucher {voucher.target_id} of job {job_id}: {', '.join(differing)}."
                yield _fault(Kind.DIFFERS, said, job_id, voucher)


def _theirs(database: Database, client_id: str, left: Mapping[str, list[Voucher]]) -> Iterator[Fault]:
    """What the target has under a reference that no posted job had when we began."""
    for reference, found in left.items():
        query = select(PostingJobRow.id, PostingJobRow.state)
        query = query.where(PostingJobRow.client_id == client_id, PostingJobRow.reference == reference)
        with database.reading() as session:
            job = session.execute(query).one_or_none()
        for voucher in found:
            if job is None:
                yield _fault(Kind.UNKNOWN, f"Voucher {voucher.target_id} has no job here.", voucher=voucher)
            elif job.state != JobState.POSTED:
                said = f"Voucher {voucher.target_id} is there, and job {job.id} is {job.state}."
                yield _fault(Kind.UNCONFIRMED, said, job.id, voucher)
        if len(found) > 1:
            numbers = ", ".join(one.target_id for one in found)
            yield _fault(Kind.DOUBLE, f"One invoice is there {len(found)} times: {numbers}.", job.id if job else None)


def _fault(kind: Kind, message: str, job_id: int | None = None, voucher: Voucher | None = None) -> Fault:
    return Fault(kind=kind, message=message, job_id=job_id, voucher=voucher)
