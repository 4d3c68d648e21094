"""The outbox as people see it: what waits and why, what is posted, what needs somebody, and what he may do."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from pipeline.ports import Clock
from pipeline.posting.breaker import resting
from pipeline.posting.due import Where, where
from pipeline.posting.enqueue import give_key, note_event, record_of
from pipeline.posting.errors import JobNotFound, WrongJobState
from pipeline.posting.jobs import JobView, view
from pipeline.posting.states import UNFINISHED, JobState
from pipeline.review.errors import NotAllowed
from pipeline.settings import PostingSettings
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from schemas.people import Actor

MOST_ROWS = 200


class Ending(StrEnum):
    """How a person ends a job."""

    BY_HAND = "by-hand"
    """It is in the accounting system by other means: it is never posted again."""
    NEVER = "never"
    """It is not to be posted; another record of the same invoice may be."""
    SEEN = "seen"
    """Only the warning is dealt with: the posting stands."""


class Listed(NamedTuple):
    """A job, and in a sentence what it waits for; None where it does not wait."""

    job: JobView
    waits_for: str | None


class Resting(NamedTuple):
    """A target at which nothing is tried for a while."""

    client_id: str
    target: str
    until: datetime
    said: str


class Postings:
    """Every method is one short transaction and raises StoreError; changes raise JobNotFound and NotAllowed."""

    def __init__(self, database: Database, clock: Clock, settings: PostingSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    # --- looking

    def all(
        self,
        clients: Collection[str] | None = None,
        states: Collection[JobState] = (),
        needs_person: bool = False,
        after: int | None = None,
        limit: int = 50,
    ) -> tuple[Listed, ...]:
        """Jobs of some clients (None: of all), newest first; those before job `after`; at most 200 at once."""
        query = select(PostingJobRow).order_by(PostingJobRow.id.desc()).limit(min(limit, MOST_ROWS))
        if clients is not None:
            query = query.where(PostingJobRow.client_id.in_(sorted(clients)))
        if states:
            query = query.where(PostingJobRow.state.in_([state.value for state in states]))
        if needs_person:
            query = query.where(_needs_person())
        if after is not None:
            query = query.where(PostingJobRow.id < after)
        with self._database.reading() as session:
            places, now = self._where(session), self._clock.now()
            return tuple(_listed(session, row, places, now) for row in session.scalars(query))

    def get(self, actor: Actor, job_id: int) -> Listed:
        """One job that the person may see. Raises JobNotFound."""
        with self._database.reading() as session:
            return _listed(session, _seen(session, actor, job_id), self._where(session), self._clock.now())

    def counts(self, clients: Collection[str] | None = None) -> dict[str, int]:
        """Jobs by state, and under "needs_person" those that somebody has to look at."""
        query = select(PostingJobRow.state, func.count()).group_by(PostingJobRow.state)
        special = select(func.count()).select_from(PostingJobRow).where(_needs_person())
        if clients is not None:
            mine = PostingJobRow.client_id.in_(sorted(clients))
            query, special = query.where(mine), special.where(mine)
        with self._database.reading() as session:
            found = dict(session.execute(query).tuples().all())
            return {state.value: found.get(state.value, 0) for state in JobState} | {
                "needs_person": session.scalar(special) or 0
            }

    def target_of(self, client_id: str) -> str | None:
        """Where a client's invoices go; None: nowhere yet."""
        with self._database.reading() as session:
            return self._where(session).targets.get(client_id)

    def resting(self, clients: Collection[str] | None = None) -> tuple[Resting, ...]:
        """The targets at which nothing is tried for a while."""
        with self._database.reading() as session:
            return tuple(
                Resting(row.client_id, row.target, row.open_until, row.said)
                for row in resting(session, self._clock.now()).values()
                if row.open_until is not None and (clients is None or row.client_id in clients)
            )

    # --- acting

    def retry(self, actor: Actor, job_id: int, as_coded: bool = False, again: bool = False) -> JobView:
        """Let a dead job be tried again, or one that waits at once; the target is asked first, as always.

        What is in doubt is not asked for before its time: the target may still be at work on it.
        `as_coded`: the accounts that are kept with it are right. `again`: also one that counts as posted, because the
        target has lost it. Raises WrongJobState, also for a job whose invoice another job posts. Event:
        "posting_retried".
        """
        with self._acting(actor, job_id) as (session, at, row):
            _must(row, (JobState.DEAD, JobState.WAITING, *((JobState.POSTED,) if again else ())))
            if as_coded and not row.coding:
                raise WrongJobState(f"Job {job_id} has no accounts yet.", remedy="Try it again without accepting them.")
            if row.reference is None and (failure := give_key(session, row, record_of(session, row))):
                raise WrongJobState(failure.message, code=failure.code, remedy=failure.remedy)
            data: dict[str, Any] = {"before": row.state, "as_coded": as_coded}
            doubt = timedelta(seconds=self._settings.doubt_seconds)
            soonest = max(at, min(row.next_at, at + doubt)) if row.sent_at else at
            row.state, row.next_at = JobState.WAITING.value, soonest
            row.unknowns = row.failures = 0
            row.coded_by = actor.user if as_coded else None
            note_event(session, at, "posting_retried", row, actor.user, **data)
            return view(row)

    def close(self, actor: Actor, job_id: int, ending: Ending, note: str) -> JobView:
        """End a job that is not posted, or a warning on one that is; the note says why.

        Raises WrongJobState, also without a note, and for a job that may be posted by now. Event: "posting_closed".
        """
        if not note.strip():
            raise WrongJobState("There is no reason.", remedy="Say in a note why it is closed.")
        with self._acting(actor, job_id) as (session, at, row):
            if ending is Ending.SEEN:
                if row.warning is None:
                    raise WrongJobState(f"Job {job_id} has no warning.")
                row.warning = None
            else:
                _must(row, (JobState.DEAD, JobState.WAITING))
                if ending is Ending.NEVER and row.sent_at is not None:
                    said = f"Job {job_id} may be in {row.target} already."
                    raise WrongJobState(said, remedy="Look there. If it is, close it as posted by hand.")
                row.state = JobState.CLOSED.value
                row.reference = None if ending is Ending.NEVER else row.reference
            row.note = note.strip()
            note_event(session, at, "posting_closed", row, actor.user, ending=ending.value, note=row.note)
            return view(row)

    # --- inside

    def _where(self, session: Session) -> Where:
        return where(session, self._settings.target, self._clock.now())

    @contextmanager
    def _acting(self, actor: Actor, job_id: int) -> Iterator[tuple[Session, datetime, PostingJobRow]]:
        with self._database.writing() as session:
            row = _seen(session, actor, job_id)
            if not actor.may("approve_second", row.client_id):
                raise NotAllowed(f"{actor.user} may not do this for client {row.client_id}.")
            yield session, self._clock.now(), row


def _needs_person() -> ColumnElement[bool]:
    # the column holds NULL, not JSON's null, where there is no warning
    return or_(PostingJobRow.state == JobState.DEAD.value, PostingJobRow.warning.is_not(None))


def _seen(session: Session, actor: Actor, job_id: int) -> PostingJobRow:
    row = session.get(PostingJobRow, job_id)
    if row is None or not actor.may("see", row.client_id):
        raise JobNotFound(f"There is no posting job {job_id}.")
    return row


def _must(row: PostingJobRow, states: Sequence[JobState]) -> None:
    if row.state not in states:
        raise WrongJobState(f"Job {row.id} is {row.state}.")


def _listed(session: Session, row: PostingJobRow, places: Where, now: datetime) -> Listed:
    return Listed(view(row), _waits_for(session, row, places, now) if row.state == JobState.WAITING else None)


def _waits_for(session: Session, row: PostingJobRow, places: Where, now: datetime) -> str:
    target = row.target if row.sent_at else places.targets.get(row.client_id)
    if target is None:
        return "No accounting system is set for this client."
    same = (PostingJobRow.client_id == row.client_id, PostingJobRow.seller == row.seller, PostingJobRow.id < row.id)
    unfinished = PostingJobRow.state.in_([state.value for state in UNFINISHED])
    if (first := session.scalar(select(func.min(PostingJobRow.id)).where(*same, unfinished))) is not None:
        return f"Job {first} of the same supplier comes first."
    if (row.client_id, target) in places.resting:
        return f"{target} is out of order."
    return "It is tried again later." if row.next_at > now else "It is next."
