"""What the outbox hands out: jobs to post, and jobs to look at."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from pipeline.posting.states import JobState
from pipeline.store.posting_tables import PostingJobRow
from schemas import Coding, Failure, PostingKey, Receipt, Record
from schemas.base import Value


class Taken(NamedTuple):
    """A job in a poster's hands. Every step hands `token` back, and counts only while it is the newest one."""

    job_id: int
    token: int
    owner: str
    key: PostingKey
    document_id: str
    part: int
    file_name: str
    sha256: str
    record: Record
    target: str
    """Where it is asked for: where it was sent, while it is in doubt; else where it goes now."""
    wanted: str | None
    """Where the client's invoices go now."""
    in_doubt: bool
    is_trial: bool
    """Its target was down, and this job tries for all."""
    coding: Coding | None
    """As a person has accepted it."""
    is_accepted: bool
    """A person has looked at the coding."""
    sent_as: Coding | None
    """As it was coded when it was last sent, or when a person was asked."""


class JobView(Value):
    """A job as people and programs see it."""

    job_id: int
    client_id: str
    document_id: str
    part: int
    state: JobState
    seller_name: str | None
    number: str | None
    issue_date: date | None
    gross: Decimal | None
    currency: str | None
    reference: str | None
    collides_with: int | None
    target: str | None
    """Where it was sent last."""
    queued_at: datetime
    next_at: datetime
    posted_at: datetime | None
    attempts: int
    unknowns: int
    failures: int
    in_doubt: bool
    owner: str | None
    failure: Failure | None
    warning: Failure | None
    evidence: tuple[str, ...]
    """Pictures of the last failure, relative to the home."""
    coding: Coding | None
    coded_by: str | None
    receipt: Receipt | None
    note: str | None

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to look at it."""
        return self.state is JobState.DEAD or self.warning is not None


def view(row: PostingJobRow) -> JobView:
    """A row as a value."""
    return JobView(
        job_id=row.id,
        client_id=row.client_id,
        document_id=row.document_id,
        part=row.part,
        state=JobState(row.state),
        seller_name=row.seller_name,
        number=row.printed_number,
        issue_date=row.issue_date,
        gross=row.gross,
        currency=row.currency,
        reference=row.reference,
        collides_with=row.collides_with,
        target=row.target,
        queued_at=row.queued_at,
        next_at=row.next_at,
        posted_at=row.posted_at,
        attempts=row.token,
        unknowns=row.unknowns,
        failures=row.failures,
        in_doubt=row.sent_at is not None,
        owner=row.owner,
        failure=Failure.model_validate(row.failure) if row.failure else None,
        warning=Failure.model_validate(row.warning) if row.warning else None,
        evidence=tuple(row.evidence),
        coding=coding_of(row),
        coded_by=row.coded_by,
        receipt=Receipt.model_validate_json(row.receipt) if row.receipt else None,
        note=row.note,
    )


def key_of(row: PostingJobRow) -> PostingKey:
    """The key that a job was given, whatever a later version would make of its record."""
    values = {name: getattr(row, name) for name in ("client_id", "seller", "number", "issue_date", "gross")}
    return PostingKey.model_validate(values)


def coding_of(row: PostingJobRow) -> Coding | None:
    """The coding that is kept with a job."""
    return Coding.model_validate_json(row.coding) if row.coding else None
