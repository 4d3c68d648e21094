"""What a poster would do now, without doing any of it: nothing is taken, and no target is asked."""

from typing import Any

from sqlalchemy import select

from pipeline.errors import BackofficeError
from pipeline.posting.agree import check_coding
from pipeline.posting.enqueue import is_coding_accepted, record_of
from pipeline.posting.jobs import JobView, coding_of
from pipeline.posting.poster import Code
from pipeline.posting.postings import Postings
from pipeline.posting.states import JobState
from pipeline.settings import PostingSettings
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from schemas import Coding, Failure
from schemas.base import Value


class Planned(Value):
    """A job that waits: where it would go, with which accounts, and what speaks against it or what it waits for."""

    job: JobView
    target: str | None
    waits_for: str
    coding: Coding | None = None
    failure: Failure | None = None


def plan(
    database: Database, postings: Postings, code: Code, settings: PostingSettings, client_id: str | None, limit: int
) -> tuple[Planned, ...]:
    """The jobs that wait, in the order in which they were cleared."""
    clients = None if client_id is None else (client_id,)
    listed = postings.all(clients, (JobState.WAITING,), limit=limit)
    return tuple(
        Planned(
            job=one.job,
            target=one.job.target if one.job.in_doubt else postings.target_of(one.job.client_id),
            waits_for=one.waits_for or "",
            **_coded(database, one.job.job_id, code, settings.least_confidence),
        )
        for one in reversed(listed)
    )


def _coded(database: Database, job_id: int, code: Code, least: float) -> dict[str, Any]:
    with database.reading() as session:
        row = session.scalars(select(PostingJobRow).where(PostingJobRow.id == job_id)).one()
        record, kept, accepted = (
            record_of(session, row),
            coding_of(row) if row.coded_by else None,
            is_coding_accepted(session, row),
        )
        place = (row.client_id, row.document_id, row.part)
    coding = kept
    try:
        coding = kept or code(record, *place)
        check_coding(coding, record, None if accepted else least)
    except BackofficeError as error:
        return {"coding": coding, "failure": error.failure()}
    return {"coding": coding}
