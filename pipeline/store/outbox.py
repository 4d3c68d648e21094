"""What is told to the outbox when a record is cleared, in the transaction that clears it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from schemas import Coding, Entry, Record
from schemas.edits import CodeText


class Settled(NamedTuple):
    """The accounts that a person saw and left or chose, and what follows from them."""

    chosen: tuple[CodeText, ...]
    """As they are kept for whoever looks next."""
    proposed: tuple[CodeText, ...]
    """What was known without this person."""
    coding: Coding
    """What is to be posted."""
    entries: tuple[Entry, ...]
    """What it teaches."""


class Cleared(NamedTuple):
    """A record that is to be posted: as the machine read it, or, with `final_id`, as people made it.

    `record` is None when a person rejected it.
    """

    client_id: str
    document_id: str
    part: int
    record_id: int
    record: Record | None
    actor: str
    final_id: int | None = None
    settled: Settled | None = None
    """The accounts, where a person settled them."""
    settled_by: str = ""
    """Who did; with four eyes or a second keying not always who ended it."""


ToPost = Callable[[Session, datetime, Cleared], None]
"""Writes the posting job of a cleared record; the transaction is the caller's."""


def nothing_to_post(_session: Session, _at: datetime, _cleared: Cleared) -> None:
    """No job is written: for an installation, or a test, that only reads."""
