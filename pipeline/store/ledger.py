"""The ledger: the one interface to what came in and what became of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from pipeline import VERSIONS
from pipeline.errors import LeaseLost
from pipeline.ports import Clock
from pipeline.store import rows, summary, trail
from pipeline.store.alike import FindAlike, compared, nothing_alike
from pipeline.store.database import Database
from pipeline.store.outbox import ToPost, nothing_to_post
from pipeline.store.rows import DONE, PROCESSING, RECEIVED
from pipeline.store.settle import Asked, BusinessKey, Decide, Tell, settle
from pipeline.store.slot import Enqueue, first_come
from pipeline.store.summary import Event, Settled, Status
from pipeline.store.tables import DocumentRow, EventRow, RecordRow
from schemas import Document, Draft, Failure, Outcome
from schemas.people import SYSTEM
from schemas.policy import MAIN

HISTORY_BATCH = 200
"""Records read in one go by `Ledger.history`."""


def open_ledger(url: str, clock: Clock) -> "Ledger":
    """Open the ledger at an SQLAlchemy URL (sqlite:///FILE, postgresql://...), its tables brought up to date.

    Raises StoreError when the database cannot be reached or belongs to a newer version.
    """
    database = Database(url)
    database.migrate()
    return Ledger(database, clock)


class Ledger:
    """Documents, leases, outcomes and events. Every method is one short transaction and raises StoreError.

    Safe to share between threads; every process opens its own. It is that of all clients; `of` gives that of one.
    """

    def __init__(self, database: Database, clock: Clock, client_id: str | None = None) -> None:
        self._database = database
        self._clock = clock
        self._client_id = client_id

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database connections back."""
        self._database.close()

    @property
    def database(self) -> Database:
        """Where it is kept, for what else is kept there."""
        return self._database

    def of(self, client_id: str) -> "Ledger":
        """The ledger of one client: to it, nothing of any other is there. It ends with this one."""
        return Ledger(self._database, self._clock, client_id)

    # --- what came in

    def register(self, document: Document, source: str, folder: str | None = None) -> bool:
        """Note that an archived document came in; True when its bytes are new, False when seen before.

        `source` names this one arrival (a claim of the inbox, a call of `process`), `folder` where it lay when that
        is to be remembered. The same arrival registered twice, after a crash, counts once and gets the same answer.
        Events: "received" or "seen_again". Raises ValueError for a document of another client than the ledger's.
        """
        if document.client_id != (self._client_id or document.client_id):
            raise ValueError(f"{document.document_id} is of {document.client_id}, not of {self._client_id}")
        with self._database.writing() as session:
            if (known := _arrival(session, source)) is not None:
                return known.kind == "received"
            is_new = session.get(DocumentRow, document.document_id) is None
            if is_new:
                session.add(rows.document_row(document))
                session.flush()
            told = {"file_name", "sha256", "size", "media_type", "received_at"}
            data: dict[str, Any] = document.model_dump(mode="json", include=told)
            data |= {"folder": folder} if folder else {}
            kind = "received" if is_new else "seen_again"
            self._event(session, document.client_id, kind, document.document_id, data, arrival=source)
            return is_new

    def reject(self, file_name: str, sha256: str | None, reason: Failure, source: str, client_id: str = MAIN) -> None:
        """Note that a file of a client was not taken in; `source` as in `register`. Event: "rejected"."""
        with self._database.writing() as session:
            if _arrival(session, source) is None:
                data: dict[str, Any] = {
                    "file_name": file_name,
                    "sha256": sha256,
                    "reason": reason.model_dump(mode="json"),
                }
                self._event(session, self._client_id or client_id, "rejected", None, data, arrival=source)

    def find(self, prefix: str) -> Document | None:
        """The document whose id or SHA-256 begins with `prefix`; None when there is none.

        Raises LookupError when several do, also when several clients have the same file.
        """
        if not prefix or set(prefix) - set("0123456789abcdef"):
            return None
        begins = or_(DocumentRow.id.startswith(prefix), DocumentRow.sha256.startswith(prefix))
        with self._database.reading() as session:
            found = session.scalars(self._documents().where(begins).limit(2)).all()
            if len(found) > 1:
                raise LookupError(f"several documents begin with {prefix}")
            return rows.document(found[0]) if found else None

    def named(self, file_name: str) -> tuple[Document, ...]:
        """The documents that first came in under that file name, oldest first."""
        query = self._documents().where(DocumentRow.file_name == file_name).order_by(DocumentRow.received_at)
        with self._database.reading() as session:
            return tuple(rows.document(row) for row in session.scalars(query))

    # --- work on it

    def pending(self, limit: int | None = None) -> tuple[Document, ...]:
        """Documents that wait for the machine, oldest first: received, or with a lease that ran out."""
        query = self._documents().where(self._free()).order_by(DocumentRow.received_at, DocumentRow.id).limit(limit)
        with self._database.reading() as session:
            return tuple(rows.document(row) for row in session.scalars(query))

    def begin(self, document_id: str, owner: str, lease: timedelta) -> bool:
        """Take a document for `lease`; only one owner gets it. Event: "begun".

        False when it is done or someone else's lease holds. An owner that already has it renews the lease.
        """
        with self._database.writing() as session:
            mine = and_(DocumentRow.state == PROCESSING, DocumentRow.lease_owner == owner)
            row = session.scalar(self._documents().where(DocumentRow.id == document_id, or_(mine, self._free())))
            if row is None:
                return False
            is_renewal = row.state == PROCESSING and row.lease_owner == owner
            row.state, row.lease_owner, row.lease_until = PROCESSING, owner, self._clock.now() + lease
            if not is_renewal:
                row.attempt += 1
                self._event(session, row.client_id, "begun", row.id, {"owner": owner, "attempt": row.attempt})
            return True

    def release(self, document_id: str, owner: str, failure: Failure) -> int:
        """Give a document back after a failure that may pass; returns how often it was tried.

        Event: "released". Raises LeaseLost when `owner` does not hold it.
        """
        with self._database.writing() as session:
            row = self._held(session, document_id, owner)
            row.state, row.lease_owner, row.lease_until = RECEIVED, None, None
            data = {"owner": owner, "attempt": row.attempt, "failure": failure.model_dump(mode="json")}
            self._event(session, row.client_id, "released", document_id, data)
            return row.attempt

    def take_back(self, is_gone: Callable[[str], bool]) -> int:
        """Give back the documents whose worker is gone before its lease has run out; returns how many.

        `is_gone` gets the owner's name. Event: "released".
        """
        failure = Failure(code="worker-gone", message="The worker died before it was done.", retryable=True)
        query = self._documents().where(DocumentRow.state == PROCESSING)
        with self._database.reading() as session:
            owners = [(row.id, row.lease_owner) for row in session.scalars(query)]
        held = [(document_id, owner) for document_id, owner in owners if owner and is_gone(owner)]
        for document_id, owner in held:
            with suppress(LeaseLost):  # somebody else was quicker
                self.release(document_id, owner, failure)
        return len(held)

    def settle(
        self,
        document_id: str,
        owner: str,
        drafts: Sequence[Draft],
        decide: Decide,
        business_key: BusinessKey,
        enqueue: Enqueue = first_come,
        find_alike: FindAlike = nothing_alike,
        to_post: ToPost = nothing_to_post,
        *,
        tell: Tell = lambda _: {},
    ) -> tuple[Outcome, ...]:
        """Decide on all invoices of a document and write what became of them, all in one transaction.

        `decide` gets each draft with the ids of the client's documents that already hold its business key (this
        document's own id for an earlier invoice in the same file). No other settlement happens in between,
        so of two documents with the same key exactly one sees no duplicate; what `find_alike` finds counts among the
        draft's findings. `enqueue` says which outcomes a person looks at, and when. `to_post` writes the posting job of
        what goes straight through, also where a person checks a sample of it; `tell` says what is counted of it.
        Events: "decided" for each invoice, "review_opened" for each that waits for a person.
        Raises LeaseLost when `owner` does not hold the document or it is done; ValueError without drafts.
        """
        if not drafts:
            raise ValueError(f"{document_id}: every document needs at least one draft")
        with self._database.writing() as session:
            row = self._held(session, document_id, owner)
            asked = Asked(decide, business_key, enqueue, to_post, tell)
            beside = (compared(session, row, each, find_alike) for each in drafts)  # each sees those before it
            outcomes = tuple(settle(session, row, each, asked, self._clock.now()) for each in beside)
            row.state, row.lease_owner, row.lease_until = DONE, None, None
            return outcomes

    # --- what became of it

    def outcomes(self, document_id: str) -> tuple[Outcome, ...]:
        """What was decided on each invoice of a document, by part; empty while it is not done."""
        query = select(RecordRow.outcome).join(DocumentRow, RecordRow.document_id == DocumentRow.id)
        query = summary.of(query, DocumentRow.client_id, self._client_id)
        query = query.where(RecordRow.document_id == document_id).order_by(RecordRow.part)
        with self._database.reading() as session:
            return tuple(Outcome.model_validate_json(text) for text in session.scalars(query))

    def history(self) -> Iterator[Settled]:
        """Every outcome with its document and time, in the order they were settled, read in batches."""
        last = 0
        while True:
            query = (
                select(RecordRow, DocumentRow)
                .join(DocumentRow, RecordRow.document_id == DocumentRow.id)
                .where(RecordRow.id > last)
                .order_by(RecordRow.id)
                .limit(HISTORY_BATCH)
            )
            query = summary.of(query, DocumentRow.client_id, self._client_id)
            with self._database.reading() as session:
                batch = [(record.id, rows.settled(record, document)) for record, document in session.execute(query)]
            if not batch:
                return
            last = batch[-1][0]
            yield from (settled for _, settled in batch)

    def status(self) -> Status:
        """Counts by state, decision and reason, and what waits for a person."""
        with self._database.reading() as session:
            return summary.status(session, self._client_id)

    def events(self, document_id: str | None = None, kind: str | None = None) -> tuple[Event, ...]:
        """All events, or those of one document or of one kind, in the order they happened."""
        with self._database.reading() as session:
            return summary.events(session, document_id, kind, self._client_id)

    # --- inside a transaction

    def _documents(self) -> Select[tuple[DocumentRow]]:
        return summary.of(select(DocumentRow), DocumentRow.client_id, self._client_id)

    def _held(self, session: Session, document_id: str, owner: str) -> DocumentRow:
        row = session.scalar(self._documents().where(DocumentRow.id == document_id))
        if row is None or row.state != PROCESSING or row.lease_owner != owner:
            raise LeaseLost(f"{owner} does not hold document {document_id}")
        return row

    def _free(self) -> ColumnElement[bool]:
        expired = and_(DocumentRow.state == PROCESSING, DocumentRow.lease_until < self._clock.now())
        return or_(DocumentRow.state == RECEIVED, expired)

    def _event(
        self,
        session: Session,
        client_id: str,
        kind: str,
        document_id: str | None,
        data: dict[str, Any],
        arrival: str | None = None,
        versions: Mapping[str, str] = VERSIONS,
    ) -> None:
        at = self._clock.now()
        trail.append(session, at, kind, document_id, client_id, SYSTEM.user, data, arrival, versions=versions)


def _arrival(session: Session, source: str) -> EventRow | None:
    return session.scalar(select(EventRow).where(EventRow.arrival == source))
