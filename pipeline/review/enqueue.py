"""Gives a settled invoice its place in the queue: what needs a person, and a sample of what does not; pure."""

import hashlib
from datetime import datetime

from pipeline.review.flow import Task
from pipeline.review.urgency import urgency
from pipeline.store.slot import Slot
from schemas import Outcome, Review, StraightThrough
from schemas.policy import ClientPolicy
from schemas.terms import POSTING_CRITICAL

SEED = 1
"""Another seed draws another sample."""
_SCALE = 2**64


def slot_of(policy: ClientPolicy, document_id: str, outcome: Outcome, at: datetime, seed: int = SEED) -> Slot | None:
    """The place of an outcome; None when no person looks at it. The same arguments give the same place.

    A straight-through invoice is drawn with the client's `qa_share`; its posting-critical fields are then keyed by a
    person who does not see what was read.
    """
    deadline, rank = urgency(outcome.record, at, policy)
    if isinstance(outcome.decision, Review):
        return Slot(deadline, rank)
    if isinstance(outcome.decision, StraightThrough) and is_sampled(document_id, outcome.part, policy.qa_share, seed):
        return Slot(deadline, rank, Task.KEY.value, tuple(name.value for name in POSTING_CRITICAL), is_sample=True)
    return None


def is_sampled(document_id: str, part: int, share: float, seed: int = SEED) -> bool:
    """Whether an invoice is drawn: a matter of its document's content and the seed alone, so a replay draws it again.

    A larger share draws all that a smaller one does.
    """
    digest = hashlib.sha256(f"{seed}/{document_id}/{part}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * _SCALE
