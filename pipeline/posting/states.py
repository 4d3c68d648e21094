"""The states of a posting job and where they lead; what follows from a failure. Pure.

waiting <---> posting ----> posted            (in the accounting system, with its receipt)
   ^             |--------> dead              (a person is needed)
   |                         |
   |-------------------------|--------> closed   (a person: posted by hand, or never to be posted)

A job that is waiting or posting keeps the later ones of the same client and seller waiting. A dead one does not: a
person has it, and one doubtful invoice must not hold up a supplier.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pipeline.settings import PostingSettings


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    POSTING = "posting"
    POSTED = "posted"
    DEAD = "dead"
    CLOSED = "closed"


UNFINISHED = (JobState.WAITING, JobState.POSTING)
"""The states in which a job keeps the later ones of its seller waiting."""


class Trouble(StrEnum):
    """What kept a job from being posted."""

    DOWN = "down"
    """Nothing was sent, and the target or a part of us was out of order."""
    REFUSED = "refused"
    """The target, or our own check, will not have it as it is."""
    UNKNOWN = "unknown"
    """Something was sent, and nobody knows what became of it."""


class Tries(NamedTuple):
    """What a job has behind it since a person last looked."""

    unknowns: int = 0
    failures: int = 0


class Next(NamedTuple):
    """What becomes of a job after a failure; `wait` until it is taken up again, where it is not dead."""

    state: JobState
    tries: Tries
    wait: timedelta


def after(
    trouble: Trouble,
    tries: Tries,
    settings: PostingSettings,
    in_doubt: bool,
    is_trial: bool = False,
    random: Callable[[], float] = lambda: 1.0,
) -> Next:
    """What follows from a failure. `random` gives a number from 0 to 1 for the jitter.

    While a target is known to be down a job only tries for all others (`is_trial`): that does not count against it.
    """
    if trouble is Trouble.REFUSED:
        return Next(JobState.DEAD, tries, timedelta())
    if trouble is Trouble.UNKNOWN:
        tries = tries._replace(unknowns=tries.unknowns + 1)
        is_over, turn = tries.unknowns >= settings.most_unknown, tries.unknowns
    else:
        tries = tries if is_trial else tries._replace(failures=tries.failures + 1)
        is_over, turn = tries.failures >= settings.most_failures, max(1, tries.failures)
    wait = backoff(turn, settings.retry_seconds, settings.longest_retry_seconds, random())
    if in_doubt:
        wait = max(wait, timedelta(seconds=settings.doubt_seconds))
    return Next(JobState.DEAD if is_over else JobState.WAITING, tries, wait)


def backoff(turn: int, first: float, longest: float, random: float = 1.0) -> timedelta:
    """The wait after the `turn`th failure, counted from 1: twice as long each time, with up to a half taken off."""
    seconds = min(longest, first * 2.0 ** min(turn - 1, 40))
    return timedelta(seconds=seconds * (0.5 + 0.5 * random))


def rest(failures: int, settings: PostingSettings, now: datetime) -> datetime | None:
    """Until when a target rests after so many failures in a row; None while it does not."""
    if failures < settings.down_after:
        return None
    turn = failures - settings.down_after + 1
    return now + backoff(turn, settings.down_seconds, settings.longest_retry_seconds)
