"""Each effect of a day in turn fails, or is the last thing that happens: after a restart all invariants hold."""

from collections.abc import Sequence

import pytest

from tests.faults.nursery import EVER_AFTER, KILL, KILL_AGAIN, ONCE

MODES = (KILL, ONCE, EVER_AFTER)
SAMPLED = 5
"""Points of each mode that every run of the tests tries; all of them are tried by those marked real."""


def points_of(mode: str, points: Sequence[str]) -> list[int]:
    """The points, counted from 1, at which something else can be seen than at another one.

    A process that dies after an effect, or before a read, is one that dies before its next effect.
    """
    dies = mode in (KILL, KILL_AGAIN)
    return [at for at, name in enumerate(points, 1) if not dies or (name.startswith("before") and "read" not in name)]


def tried(nursery, mode: str, chosen: Sequence[int]) -> list[str]:
    """What was wrong after each of these faults, in words."""
    wrong = []
    for at in chosen:
        answer = nursery.run(mode, at)
        wrong += [f"{mode} {at} ({nursery.points[at - 1]}): {said}" for said in answer["wrong"]]
        if answer["came"] is None:
            wrong.append(f"{mode} {at}: the fault never came")
    return wrong


@pytest.mark.parametrize("mode", MODES)
def test_a_day_with_a_fault_ends_as_one_without(nursery, mode):
    """At points spread over the day: nothing is lost, doubled or stuck, and each invoice has one voucher."""
    points = points_of(mode, nursery.points)
    step = len(points) // SAMPLED
    offset = MODES.index(mode) * step // len(MODES)
    assert tried(nursery, mode, points[offset::step][:SAMPLED]) == []


@pytest.mark.real
@pytest.mark.parametrize("mode", MODES)
def test_a_day_with_a_fault_at_any_point_ends_as_one_without(nursery, mode, record_property):
    """The same at every point there is."""
    points = points_of(mode, nursery.points)
    record_property("points", len(points))
    assert len(points) > 150
    assert tried(nursery, mode, points) == []


@pytest.mark.real
def test_whoever_makes_a_crash_good_may_die_too(nursery):
    """At every seventh point; then at the 1st, 2nd, 4th … effect of those who go on, until one comes through."""
    assert tried(nursery, KILL_AGAIN, points_of(KILL_AGAIN, nursery.points)[::7]) == []


def test_every_kind_of_effect_is_part_of_the_day(nursery):
    """What nothing of the day does would be tested by none of these."""
    kinds = {name.split()[1] for name in nursery.points}
    assert kinds >= {
        "database.begin", "database.commit", "database.read", "file.link", "file.make", "file.protect", "file.remove",
        "file.rename", "file.sync", "file.write", "folder.make", "folder.sync", "target.find", "target.post",
        "books.post",
    }  # fmt: skip
