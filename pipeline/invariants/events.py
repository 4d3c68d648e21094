"""Every state has its event, the chains of events verify, and the sums of the key figures follow from them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.errors import StoreError
from pipeline.house.anchors import read_anchors
from pipeline.house.audit import verify
from pipeline.invariants.place import Place
from pipeline.invariants.rules import Violation
from pipeline.posting.states import JobState
from pipeline.review.flow import State
from pipeline.store import tallies
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.rows import DONE, PROCESSING, RECEIVED
from pipeline.store.tables import DocumentRow, EventRow, RecordRow, ReviewItemRow

_BATCH = 500
_READING: Mapping[str, tuple[str, ...]] = {
    RECEIVED: ("received", "released"),
    PROCESSING: ("begun",),
    DONE: ("decided",),
}
_POSTING: Mapping[str, tuple[str, ...]] = {
    JobState.WAITING: ("posting_queued", "posting_delayed", "posting_taken_back", "posting_retried", "posting_mended"),
    JobState.POSTING: ("posting_begun", "posting_sent"),
    JobState.POSTED: ("posting_done",),
    JobState.DEAD: ("posting_dead",),
    JobState.CLOSED: ("posting_closed",),
}
_REVIEW: Mapping[str, tuple[str, ...]] = {
    State.APPROVED: ("review_approved",),
    State.CORRECTED: ("review_corrected",),
    State.REJECTED: ("review_rejected",),
    State.CLAIMED: ("review_claimed",),
    State.POSTPONED: ("review_postponed",),
}
"""Which events lead into a state; the other states of an item are those it begins in."""


def find(place: Place) -> Iterator[Violation]:
    """Of the chains, of the states, of the sums."""
    yield from _chains(place)
    yield from _documents(place)
    yield from _jobs(place)
    yield from _items(place)
    yield from _sums(place)


def rebuild(place: Place, found: Violation, by: str) -> str | None:
    """Make the sums anew from the events."""
    did = "made anew"
    with place.mending(found, did, by) as session:
        tallies.rebuild(session.connection())
    return did


def _chains(place: Place) -> Iterator[Violation]:
    try:
        anchors = read_anchors(place.anchors)
    except StoreError as error:
        yield Violation(code="anchors-damaged", subject=str(place.anchors), message=error.message)
        anchors = ()
    for fault in verify(place.database, anchors).faults:
        subject = f"{fault.client_id}/{fault.number}"
        yield Violation(code="chain-broken", subject=subject, message=str(fault), client_id=fault.client_id)


def _documents(place: Place) -> Iterator[Violation]:
    """The state of each, and an event for each of its invoices."""
    kinds = [kind for own in _READING.values() for kind in own]
    for session, batch in _batches(place, DocumentRow):
        events = _events(session, [row.id for row in batch], kinds)
        last = {event.document_id: event.kind for event in events}
        decided = {(event.document_id, event.data["part"]) for event in events if event.kind == "decided"}
        for row in batch:
            if last.get(row.id) not in _READING.get(row.state, ()):
                yield _wrong(row, row.id, row.id, row.state, last.get(row.id))
        wanted = select(RecordRow.document_id, RecordRow.part).where(
            RecordRow.document_id.in_([row.id for row in batch])
        )
        clients = {row.id: row for row in batch}
        for document, part in session.execute(wanted).tuples():
            if (document, part) not in decided:
                yield _wrong(clients[document], f"{document}/{part}", document, "decided", None)


def _jobs(place: Place) -> Iterator[Violation]:
    kinds = [kind for own in _POSTING.values() for kind in own]
    for session, batch in _batches(place, PostingJobRow):
        events = _events(session, [row.document_id for row in batch], kinds)
        last = {event.data["job"]: event.kind for event in events if event.data.get("ending") != "seen"}
        for row in batch:
            if last.get(row.id) not in _POSTING[row.state]:
                yield _wrong(row, f"job {row.id}", row.document_id, row.state, last.get(row.id))


def _items(place: Place) -> Iterator[Violation]:
    for session, batch in _batches(place, ReviewItemRow):
        query = select(RecordRow.id, RecordRow.document_id).where(RecordRow.id.in_([row.record_id for row in batch]))
        documents = dict(session.execute(query).tuples().all())
        events = _events(session, list(documents.values()), [kind for own in _REVIEW.values() for kind in own])
        last = {event.data["item"]: event.kind for event in events}
        for row in batch:
            if row.state in _REVIEW and last.get(row.id) not in _REVIEW[row.state]:
                yield _wrong(row, f"item {row.id}", documents[row.record_id], row.state, last.get(row.id))


def _sums(place: Place) -> Iterator[Violation]:
    with place.database.reading() as session:
        differing = tallies.differences(session.connection())
    if differing:
        said = f"{len(differing)} sums differ, first {' '.join(map(str, differing[0].key))}."
        yield Violation(code="tallies-differ", subject="tallies", message=said)


def _batches(place: Place, table: Any) -> Iterator[tuple[Session, Sequence[Any]]]:
    """Rows in the order of their ids, each batch in a transaction with whatever is asked of it."""
    last = None
    while True:
        query = select(table).order_by(table.id).limit(_BATCH)
        with place.database.reading() as session:
            batch = session.scalars(query if last is None else query.where(table.id > last)).all()
            if not batch:
                return
            last = batch[-1].id
            yield session, batch


def _events(session: Session, documents: Sequence[str], kinds: Sequence[str]) -> Sequence[Any]:
    query = select(EventRow.document_id, EventRow.kind, EventRow.data)
    wanted = (EventRow.document_id.in_(documents), EventRow.kind.in_(kinds))
    return session.execute(query.where(*wanted).order_by(EventRow.id)).all()


def _wrong(row: Any, subject: str, document: str, state: str, kind: str | None) -> Violation:
    said = f"{subject} is {state}, and its last event is {kind or 'none'}."
    where = {"client_id": row.client_id, "document_id": document}
    return Violation(code="state-without-event", subject=subject, message=said, **where)
