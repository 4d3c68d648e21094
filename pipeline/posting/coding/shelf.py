"""Coding plans by version and confirmed entries, in the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from pipeline.errors import StoreError
from pipeline.ports import Clock
from pipeline.posting.coding.history import History
from pipeline.posting.coding.plan import Plan
from pipeline.posting.states import JobState
from pipeline.store import trail
from pipeline.store.coding_tables import CodingEntryRow, CodingPlanRow
from pipeline.store.database import Database
from pipeline.store.outbox import Settled
from pipeline.store.posting_tables import PostingJobRow
from schemas.policy import MAIN
from schemas.posting import Entry

KEPT = 20_000
"""Confirmed entries of a client that count, newest first: some years of a busy one, and read in a tenth of a second."""


class PlanOutdated(StoreError):
    """Somebody else wrote a newer version in between."""

    code = "plan-outdated"
    retryable = False
    remedy = "Export the plan again and put your change into that."


class Version(NamedTuple):
    """One version of a client's plan."""

    number: int
    plan: Plan
    created_at: datetime
    edited_by: str


class CodingShelf:
    """The coding of one client. Every method is one short transaction and raises StoreError."""

    def __init__(self, database: Database, clock: Clock, client_id: str = MAIN) -> None:
        self._database = database
        self._clock = clock
        self._client_id = client_id

    def newest(self) -> Version | None:
        """The version that counts; None while the client has settled nothing."""
        with self._database.reading() as session:
            row = self._last(session)
            return _version(row) if row else None

    def plan(self) -> Plan:
        """What the client has settled, else the defaults."""
        newest = self.newest()
        return newest.plan if newest else Plan()

    def versions(self) -> tuple[Version, ...]:
        """All versions, oldest first."""
        query = select(CodingPlanRow).where(CodingPlanRow.client_id == self._client_id).order_by(CodingPlanRow.version)
        with self._database.reading() as session:
            return tuple(map(_version, session.scalars(query)))

    def put(self, plan: Plan, by: str, base: int | None = None) -> int:
        """Write a new version and give its number; `base` is the version it was made from. Event: "coding_plan".

        Raises PlanOutdated when `base` is given and is no longer the newest.
        """
        with self._database.writing() as session:
            last = self._last(session)
            number = last.version if last else 0
            if base is not None and base != number:
                raise PlanOutdated(f"The coding plan has version {number} by now, not {base}.")
            at = self._clock.now()
            session.add(
                CodingPlanRow(
                    client_id=self._client_id,
                    version=number + 1,
                    created_at=at,
                    edited_by=by,
                    plan=plan.model_dump_json(exclude_defaults=True),
                )
            )
            data = {"version": number + 1, "rules": len(plan.rules)}
            trail.append(session, at, "coding_plan", None, self._client_id, by, data)
            return number + 1

    def history(self) -> History:
        """What was confirmed, the newest `KEPT` entries."""
        columns = (
            CodingEntryRow.supplier,
            CodingEntryRow.text,
            CodingEntryRow.account,
            CodingEntryRow.cost_centre,
            CodingEntryRow.document,
        )
        query = select(*columns).where(CodingEntryRow.client_id == self._client_id)
        with self._database.reading() as session:
            rows = session.execute(query.order_by(CodingEntryRow.id.desc()).limit(KEPT)).all()
        return History(tuple(Entry(*row) for row in reversed(rows)))

    def revision(self) -> tuple[int, int]:
        """Changes with every plan and every confirmation."""
        entries = select(CodingEntryRow.id).where(CodingEntryRow.client_id == self._client_id)
        with self._database.reading() as session:
            newest = session.scalar(entries.order_by(CodingEntryRow.id.desc()).limit(1))
            row = self._last(session)
            return (row.version if row else 0, newest or 0)

    def confirm(self, entries: Sequence[Entry], by: str, document_id: str | None = None) -> None:
        """Keep what a person settled for descriptions of an invoice, in place of what was settled for them before.
        A job of it that was not sent yet is coded anew.

        Event: "coding_confirmed", of the archived document `document_id`.
        """
        documents, texts = {entry.document for entry in entries}, {entry.text for entry in entries}
        same = (CodingEntryRow.document.in_(documents), CodingEntryRow.text.in_(texts))
        accounts = {entry.account for entry in entries}
        with self._database.writing() as session:
            at = self._clock.now()
            _replace(session, at, self._client_id, same, entries, by)
            for document in documents:
                _code_anew(session, self._client_id, document)
            _note(session, at, self._client_id, accounts, by, document_id)

    def learn(self, entries: Iterable[Entry], by: str) -> int:
        """Keep entries of books that are not known yet, all or none; gives how many. Event: "coding_learned"."""
        at = self._clock.now()
        with self._database.writing() as session:
            mine = CodingEntryRow.client_id == self._client_id
            known = set(session.scalars(select(CodingEntryRow.document).where(mine).distinct()))
            new = [entry for entry in entries if entry.document not in known]
            session.add_all(_row(entry, self._client_id, by, at) for entry in new)
            trail.append(session, at, "coding_learned", None, self._client_id, by, {"entries": len(new)})
            return len(new)

    def _last(self, session: Session) -> CodingPlanRow | None:
        query = select(CodingPlanRow).where(CodingPlanRow.client_id == self._client_id)
        return session.scalar(query.order_by(CodingPlanRow.version.desc()).limit(1))


def settle(
    session: Session, at: datetime, client_id: str, document: str, settled: Settled, by: str, document_id: str
) -> None:
    """Keep the accounts that a person settled for a whole invoice, in place of all that was settled for it before; in
    the caller's transaction. `document` names the invoice in the history. Event: "coding_confirmed"."""
    _replace(session, at, client_id, (CodingEntryRow.document == document,), settled.entries, by)
    _note(session, at, client_id, {one.account for one in settled.chosen}, by, document_id)


def is_settled(session: Session, client_id: str, document: str) -> bool:
    """Whether a person has settled accounts for an invoice."""
    query = select(CodingEntryRow.id).where(CodingEntryRow.client_id == client_id, CodingEntryRow.document == document)
    return session.scalar(query.limit(1)) is not None


def _replace(
    session: Session,
    at: datetime,
    client_id: str,
    which: Sequence[ColumnElement[bool]],
    entries: Sequence[Entry],
    by: str,
) -> None:
    before = session.scalars(select(CodingEntryRow.id).where(CodingEntryRow.client_id == client_id, *which)).all()
    session.add_all(_row(entry, client_id, by, at) for entry in entries)
    session.flush()  # before the others go, so that the newest id grows and with it the revision
    session.execute(delete(CodingEntryRow).where(CodingEntryRow.id.in_(before)))


def _code_anew(session: Session, client_id: str, document: str) -> None:
    """A job that was not sent yet forgets the accounts it was cleared with: these are newer."""
    document_id, _, part = document.partition("/")
    if part.isdigit():
        mine = (PostingJobRow.client_id == client_id, PostingJobRow.document_id == document_id)
        unsent = (PostingJobRow.part == int(part), PostingJobRow.sent_at.is_(None))
        waits = PostingJobRow.state.in_((JobState.WAITING.value, JobState.DEAD.value))
        change = update(PostingJobRow).where(*mine, *unsent, waits)
        session.execute(change.values(coding=None, coded_by=None))


def _note(
    session: Session, at: datetime, client_id: str, accounts: Iterable[str], by: str, document_id: str | None
) -> None:
    trail.append(session, at, "coding_confirmed", document_id, client_id, by, {"accounts": sorted(accounts)})


def _row(entry: Entry, client_id: str, by: str, at: datetime) -> CodingEntryRow:
    return CodingEntryRow(client_id=client_id, confirmed_at=at, confirmed_by=by, **entry._asdict())


def _version(row: CodingPlanRow) -> Version:
    return Version(row.version, Plan.model_validate_json(row.plan), row.created_at, row.edited_by)
