"""What is told to the outbox when a record is cleared, in the transaction that clears it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from schemas import Record


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


ToPost = Callable[[Session, datetime, Cleared], None]
"""Writes the posting job of a cleared record; the transaction is the caller's."""


def nothing_to_post(_session: Session, _at: datetime, _cleared: Cleared) -> None:
    """No job is written: for an installation, or a test, that only reads."""
