"""The place of an invoice in the review queue, given when it is settled."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas import Outcome, Review
from schemas.policy import ClientPolicy

PATIENCE = timedelta(hours=48)
"""By when a person decides where nobody says otherwise."""


class Slot(NamedTuple):
    """By when it is to be decided, its place (earliest rank first), and what is asked of the person."""

    deadline: datetime
    rank: datetime
    task: str = "review"
    blind: tuple[str, ...] = ()
    is_sample: bool = False


Enqueue = Callable[[ClientPolicy, str, Outcome, datetime], Slot | None]
"""Gives an outcome its place: the client's policy, document's id, outcome, time. None: no person looks at it."""


def first_come(_policy: ClientPolicy, _document_id: str, outcome: Outcome, at: datetime) -> Slot | None:
    """What needs a person waits in the order it came in."""
    return Slot(at + PATIENCE, at + PATIENCE) if isinstance(outcome.decision, Review) else None
