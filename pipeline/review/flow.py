"""The states of a review item and where a decision leads; pure.

waiting ----> claimed ----> approved | corrected | rejected          (the end)
escalated --^    |--------> postponed ----> waiting | escalated      (when its time comes)
postponed --^    |--------> waiting | escalated                      (given back, or the lease ran out)
                 |--------> waiting    for a second operator who keys some fields blind
                 |--------> escalated  for a second pair of eyes
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pipeline.review.reasons import EscalateReason
from schemas import FieldName
from schemas.policy import ClientPolicy


class State(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    POSTPONED = "postponed"
    APPROVED = "approved"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    ESCALATED = "escalated"


OPEN = (State.WAITING, State.ESCALATED)
"""The states of an item that is free to be taken."""

DONE = (State.APPROVED, State.CORRECTED, State.REJECTED)
"""The states that nothing leads out of."""


class Task(StrEnum):
    """What an item asks of a person."""

    REVIEW = "review"
    """Look, correct, decide."""
    KEY = "key"
    """Key some fields without seeing what was read or keyed before."""
    SECOND = "second"
    """Look at what another person decided, and approve it or not."""


class Step(NamedTuple):
    """Where a decision leads. `task` is None at the end; `blind` are the fields to key."""

    task: Task | None
    blind: tuple[FieldName, ...] = ()
    reason: EscalateReason | None = None


THE_END = Step(None)


def free_state(task: Task) -> State:
    """The state in which an item with that task waits for somebody."""
    return State.ESCALATED if task is Task.SECOND else State.WAITING


def after_decision(
    task: Task, policy: ClientPolicy, gross: Decimal | None, is_changed: bool, is_sample: bool = False
) -> Step:
    """Where an item goes after it was approved or corrected to a record with the total `gross`.

    `is_changed` says that the person changed what lay before him, or keyed something else. A sample was posted
    already, so nobody has to approve it; only a difference is settled.
    """
    if task is Task.KEY and is_changed:
        return Step(Task.SECOND, reason=EscalateReason.KEYED_DIFFERENTLY)
    if is_sample:
        return THE_END
    if task is Task.REVIEW and policy.double_keyed:
        return Step(Task.KEY, blind=policy.double_keyed)
    if needs_four_eyes(policy, gross) and (task is not Task.SECOND or is_changed):
        return Step(Task.SECOND, reason=EscalateReason.FOUR_EYES)
    return THE_END


def needs_four_eyes(policy: ClientPolicy, gross: Decimal | None) -> bool:
    """Whether an amount is one that two people must see; an unknown one is."""
    return policy.four_eyes_amount is not None and (gross is None or abs(gross) > policy.four_eyes_amount)
