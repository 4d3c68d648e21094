"""How long a person worked on a document, from the signs of work that were noted; pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple


class Sign(StrEnum):
    """A sign that somebody works on an item."""

    OPENED = "opened"
    KEYED = "keyed"
    DECIDED = "decided"
    LEFT = "left"


class Mark(NamedTuple):
    """One sign and its time."""

    sign: Sign
    at: datetime


class WorkTime(NamedTuple):
    """What the signs of one person on one item say."""

    worked: timedelta
    """Time between signs, gaps above the cut left out."""
    until_first_key: timedelta | None
    """From opening to the first key; None while nothing was typed."""
    is_decided: bool


IDLE_CUT = timedelta(seconds=90)
"""A longer time without a sign is not work: the phone rang."""


def worktime(marks: Iterable[Mark], idle_cut: timedelta = IDLE_CUT) -> WorkTime:
    """The work of one person on one item, whatever the order of the marks.

    A gap counts when it is no longer than `idle_cut` and begins with a sign of work: after "decided" or "left" nobody
    works until it is opened again.
    """
    ordered = sorted(marks, key=lambda mark: mark.at)
    gaps = (
        later.at - earlier.at
        for earlier, later in pairwise(ordered)
        if earlier.sign in (Sign.OPENED, Sign.KEYED) and later.at - earlier.at <= idle_cut
    )
    opened = next((mark.at for mark in ordered if mark.sign is Sign.OPENED), None)
    keyed = next((mark.at for mark in ordered if mark.sign is Sign.KEYED and opened and mark.at >= opened), None)
    return WorkTime(
        worked=sum(gaps, timedelta()),
        until_first_key=keyed - opened if opened and keyed else None,
        is_decided=any(mark.sign is Sign.DECIDED for mark in ordered),
    )
