"""The audit trail: the one way an event is written. Each client's events are a chain (docs/adr/0011).

An event's hash is the SHA-256 of its canonical JSON, the hash of the event before it included; so nothing in a chain
can be changed, taken out or moved without changing every hash after it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline import VERSIONS
from pipeline.store import tallies
from pipeline.store.columns import plain_text
from pipeline.store.tables import EventRow

START = "0" * 64
"""What the first event of a chain has for the hash before it."""


class Link(NamedTuple):
    """Where a chain stands: the number of its last event, counted from 1, and its hash."""

    number: int
    hash: str


def append(
    session: Session,
    at: datetime,
    kind: str,
    document_id: str | None,
    client_id: str,
    actor: str,
    data: Mapping[str, Any],
    arrival: str | None = None,
    *,
    versions: Mapping[str, str] = VERSIONS,
) -> None:
    """Write an event at the end of its client's chain, in a writing transaction of `Database`.

    `actor` is the user's name. `data` are JSON values; a change tells its "before" and "after", and the reason as
    "why". `versions` are those of code and models that did it. Nobody else appends meanwhile, for a writing transaction
    excludes all others from its start; a writer that did not keep to that would meet a unique index. What the event
    adds to the tallies is written with it.
    """
    last = head(session, client_id)
    row = EventRow(
        client_id=client_id,
        number=last.number + 1,
        at=at,
        kind=kind,
        document_id=document_id,
        actor=plain_text(actor),
        arrival=None if arrival is None else plain_text(arrival),
        data=dict(data),
        versions=dict(versions),
        previous=last.hash,
    )
    row.hash = digest(content(row))
    session.add(row)
    session.flush()
    tallies.count(session, row)


def head(session: Session, client_id: str) -> Link:
    """The end of a client's chain."""
    query = select(EventRow.number, EventRow.hash).where(EventRow.client_id == client_id)
    last = session.execute(query.order_by(EventRow.number.desc()).limit(1)).one_or_none()
    return Link(*last) if last else Link(0, START)


def content(event: Any) -> dict[str, Any]:
    """What is hashed of an event, a row or anything with its attributes, as JSON values."""
    return {
        "client_id": event.client_id,
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": event.kind,
        "document_id": event.document_id,
        "actor": event.actor,
        "arrival": event.arrival,
        "data": event.data,
        "versions": event.versions,
        "previous": event.previous,
    }


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form: keys sorted, no spaces, ASCII with escapes; 64 hexadecimal digits."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
