"""The outbox as a poster sees it: takes jobs, says what it is about to do, and what came of it.

What makes a posting happen exactly once (docs/adr/0012): a job is taken with a lease and a token that only the newest
holder has; `sent` is written before anything is sent; and whoever takes a job asks the target first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.errors import LeaseLost
from pipeline.ports import Clock
from pipeline.posting import breaker
from pipeline.posting.due import Where, next_job, next_time, where
from pipeline.posting.enqueue import is_coding_accepted, is_first_right, note_event, record_of, waited
from pipeline.posting.jobs import Taken, coding_of, key_of
from pipeline.posting.states import JobState, Next, Tries, Trouble, after
from pipeline.review.facts import discount_of
from pipeline.settings import PostingSettings
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.tables import DocumentRow
from schemas import Coding, Failure, Receipt
from schemas.people import SYSTEM

_GONE = Failure(code="poster-gone", message="The poster died while it had the job.", retryable=True)


class Outbox:
    """Every method is one short transaction and raises StoreError; what is handed in too late raises LeaseLost.

    Safe to share between threads; every process opens its own.
    """

    def __init__(
        self, database: Database, clock: Clock, settings: PostingSettings, random: Callable[[], float] | None = None
    ) -> None:
        """`random` gives numbers from 0 to 1, for the jitter of waits."""
        self._database = database
        self._clock = clock
        self._settings = settings
        self._random = random or Random().random  # noqa: S311 (spreads retries, keeps no secret)
        self._lease = timedelta(minutes=settings.lease_minutes)

    # --- taking

    def take(self, owner: str, client_id: str | None = None) -> Taken | None:
        """The next job that is due, for the length of a lease; None when there is none. Event: "posting_begun"."""
        with self._database.reading() as session:  # whoever finds nothing need not wait for a writer
            if next_job(session, self._clock.now(), self._where(session), client_id) is None:
                return None
        with self._writing() as (session, at):
            places = self._where(session)
            row = next_job(session, at, places, client_id)
            return None if row is None else self._taken(session, at, row, owner, places.targets.get(row.client_id))

    def take_back(self, is_gone: Callable[[str], bool]) -> int:
        """Free the jobs whose poster is gone, or whose lease ran out; returns how many. Event: "posting_taken_back".

        `is_gone` gets the owner's name. What may have been sent is asked for after `doubt_seconds`: the target may
        still be at work on it.
        """
        now = self._clock.now()
        query = select(PostingJobRow).where(PostingJobRow.state == JobState.POSTING.value)
        with self._database.reading() as session:
            held = [(row.id, row.token, row.owner, row.lease_until) for row in session.scalars(query)]
        free = [(job, token) for job, token, owner, until in held if not until or until < now or is_gone(owner or "")]
        count = 0
        for job_id, token in free:
            with self._writing() as (session, at):
                mine = (PostingJobRow.id == job_id, PostingJobRow.token == token)
                row = session.scalar(query.where(*mine))
                if row is not None:  # else somebody else was quicker
                    what = self._after(row, Trouble.DOWN, row.sent_at is not None)
                    self._let_go(session, at, row, what, _GONE, "posting_taken_back")
                    count += 1
        return count

    def next_time(self, client_id: str | None = None) -> datetime | None:
        """When there may be something to do again: a job or a lease is due, or a target has rested; None: never."""
        with self._database.reading() as session:
            places = self._where(session)
            leases = select(PostingJobRow.lease_until).where(PostingJobRow.state == JobState.POSTING.value)
            times = [*session.scalars(leases), next_time(session, places, client_id)]
            times += [row.open_until for row in breaker.resting(session, self._clock.now()).values()]
        return min((at for at in times if at is not None), default=None)

    # --- telling

    def sent(self, job: Taken, coding: Coding) -> None:
        """Note that the order goes out now: until the target has answered the job is in doubt. Event: "posting_sent".

        The lease begins anew. Raises LeaseLost; then nothing may be sent.
        """
        with self._writing() as (session, at):
            row = self._held(session, job)
            row.sent_at, row.lease_until, row.target = at, at + self._lease, job.target
            row.coding = coding.model_dump_json()
            note_event(session, at, "posting_sent", row, SYSTEM.user, target=job.target, token=job.token)

    def finish(self, job: Taken, receipt: Receipt) -> None:
        """Keep the receipt: it is posted. Event: "posting_done"."""
        with self._writing() as (session, at):
            row = self._held(session, job)
            row.state, row.posted_at, row.receipt = JobState.POSTED.value, at, receipt.model_dump_json()
            row.sent_at, row.owner, row.lease_until, row.failure, row.evidence = None, None, None, None, []
            row.target, row.unknowns, row.failures = job.target, 0, 0
            voucher = receipt.voucher
            told = {"target": job.target, "target_id": voucher.target_id, "found": receipt.found}
            told |= {"reference": row.reference, "gross": str(voucher.gross), "seconds": round(receipt.seconds, 3)}
            told |= {"waited": waited(session, row, at), "first_right": is_first_right(session, row)}
            told |= discount_of(job.record, at)
            note_event(session, at, "posting_done", row, SYSTEM.user, **told)
            breaker.note_answer(session, at, job.key.client_id, job.target)

    def fail(
        self,
        job: Taken,
        failure: Failure,
        trouble: Trouble,
        in_doubt: bool,
        answered: bool,
        evidence: tuple[str, ...] = (),
        coding: Coding | None = None,
    ) -> JobState:
        """Note what kept it from being posted, and return where the job stands now.

        `in_doubt`: something may have been posted. `answered`: the target itself works. `coding`: what a person is to
        look at. Events: "posting_delayed" or "posting_dead".
        """
        with self._writing() as (session, at):
            row = self._held(session, job)
            row.evidence = list(evidence)
            row.coding = coding.model_dump_json() if coding else row.coding
            what = self._after(row, trouble, in_doubt, job.is_trial)
            self._tell_breaker(session, at, job, failure, trouble, answered)
            row.sent_at = (row.sent_at or at) if in_doubt else None
            row.target = job.target
            self._let_go(session, at, row, what, failure)
            return what.state

    def give_back(self, job: Taken) -> None:
        """The target that was asked has nothing, and the client's invoices go elsewhere by now: begin anew there."""
        failure = Failure(code="target-changed", message=f"It is not in {job.target}.", retryable=True)
        with self._writing() as (session, at):
            row = self._held(session, job)
            row.sent_at = None
            breaker.note_answer(session, at, job.key.client_id, job.target)
            what = Next(JobState.WAITING, Tries(row.unknowns, row.failures), timedelta())
            self._let_go(session, at, row, what, failure)

    # --- inside

    @contextmanager
    def _writing(self) -> Iterator[tuple[Session, datetime]]:
        with self._database.writing() as session:
            yield session, self._clock.now()

    def _where(self, session: Session) -> Where:
        return where(session, self._settings.target, self._clock.now())

    def _taken(self, session: Session, at: datetime, row: PostingJobRow, owner: str, wanted: str | None) -> Taken:
        in_doubt = row.sent_at is not None
        target, document = (row.target if in_doubt else wanted) or "", session.get_one(DocumentRow, row.document_id)
        row.state, row.owner, row.lease_until = JobState.POSTING.value, owner, at + self._lease
        row.token += 1
        is_trial = breaker.begin_trial(session, row.client_id, target, row.lease_until)
        note_event(session, at, "posting_begun", row, SYSTEM.user, owner=owner, token=row.token, target=target)
        return Taken(
            job_id=row.id,
            token=row.token,
            owner=owner,
            key=key_of(row),
            document_id=row.document_id,
            part=row.part,
            file_name=document.file_name,
            sha256=document.sha256,
            record=record_of(session, row),
            target=target,
            wanted=wanted,
            in_doubt=in_doubt,
            is_trial=is_trial,
            coding=coding_of(row) if row.coded_by else None,
            is_accepted=is_coding_accepted(session, row),
            sent_as=coding_of(row),
        )

    def _held(self, session: Session, job: Taken) -> PostingJobRow:
        mine = (PostingJobRow.id == job.job_id, PostingJobRow.token == job.token)
        held = (PostingJobRow.state == JobState.POSTING.value, PostingJobRow.owner == job.owner)
        row = session.scalar(select(PostingJobRow).where(*mine, *held))
        if row is None:
            raise LeaseLost(f"{job.owner} does not hold posting job {job.job_id} any more")
        return row

    def _after(self, row: PostingJobRow, trouble: Trouble, in_doubt: bool, is_trial: bool = False) -> Next:
        tries = Tries(row.unknowns, row.failures)
        return after(trouble, tries, self._settings, in_doubt, is_trial, self._random)

    def _let_go(
        self, session: Session, at: datetime, row: PostingJobRow, what: Next, failure: Failure, kind: str = ""
    ) -> None:
        row.state, row.next_at = what.state.value, at + what.wait
        row.unknowns, row.failures = what.tries
        row.owner, row.lease_until, row.failure = None, None, failure.model_dump(mode="json")
        is_dead = what.state is JobState.DEAD
        data = {"failure": row.failure, "in_doubt": row.sent_at is not None, "token": row.token}
        if kind or not is_dead:
            said = data if is_dead else data | {"next_at": row.next_at.isoformat()}
            note_event(session, at, kind or "posting_delayed", row, SYSTEM.user, **said)
        if is_dead:
            note_event(session, at, "posting_dead", row, SYSTEM.user, **data)

    def _tell_breaker(
        self, session: Session, at: datetime, job: Taken, failure: Failure, trouble: Trouble, answered: bool
    ) -> None:
        where = (job.key.client_id, job.target)
        if answered:
            breaker.note_answer(session, at, *where)
        elif trouble is Trouble.DOWN:
            breaker.note_failure(session, at, *where, failure.message, self._settings, job.is_trial)
        elif job.is_trial:
            breaker.end_trial(session, at, *where, self._settings)
