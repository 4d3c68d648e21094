"""Anchors: where each chain of events stood, in a file outside of the database.

Who can change the database can also make its chains anew; what he cannot change is what was written down elsewhere. The
file only grows. A copy of it on another machine, or printed, is a proof against who holds this one.
"""

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select

from pipeline.durable import append, make_folder, write_durably
from pipeline.errors import StoreError
from pipeline.ports import Clock
from pipeline.store import trail
from pipeline.store.database import Database
from pipeline.store.tables import ClientRow
from schemas.base import Value
from schemas.people import HOUSE

FILE_NAME = "anchors.jsonl"


class Anchor(Value):
    """The head of a client's chain at a time: the number of its last event and that event's hash."""

    at: datetime
    client_id: str
    number: int
    hash: str


def anchor(database: Database, path: Path, clock: Clock) -> tuple[Anchor, ...]:
    """Append the heads that moved since the last time, and return them; on the disk when it returns.

    Raises StoreError.
    """
    known = {one.client_id: (one.number, one.hash) for one in read_anchors(path)}
    with database.reading() as session:
        chains = (HOUSE, *session.scalars(select(ClientRow.id).order_by(ClientRow.id)))
        heads = {client_id: trail.head(session, client_id) for client_id in chains}
    at = clock.now()
    moved = tuple(
        Anchor(at=at, client_id=client_id, number=head.number, hash=head.hash)
        for client_id, head in heads.items()
        if head.number and known.get(client_id) != head
    )
    if moved:
        _append(path, "".join(f"{one.model_dump_json()}\n" for one in moved).encode())
    return moved


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """All anchors of a file, oldest first; none when there is no file. Raises StoreError for one that is damaged.

    A last line without its end was being written when the machine stopped: nobody has relied on it.
    """
    try:
        lines = _whole_lines(path.read_bytes()).splitlines()
        return tuple(Anchor.model_validate_json(line) for line in lines if line.strip())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        remedy = "Put a copy of the file in its place."
        raise StoreError(f"The anchors in {path} cannot be read: {error}", code="bad-anchors", remedy=remedy) from error


def _append(path: Path, lines: bytes) -> None:
    try:
        make_folder(path.parent)
        if path.exists() and (kept := _whole_lines(content := path.read_bytes())) != content:
            write_durably(path, kept)
        append(path, lines)
    except OSError as error:
        raise StoreError(f"{path} did not take the anchors: {error}") from error


def _whole_lines(content: bytes) -> bytes:
    return content[: content.rfind(b"\n") + 1]
