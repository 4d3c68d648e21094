"""What follows from a failure, and how long the waits are."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.posting.states import JobState, Tries, Trouble, after, backoff, rest
from pipeline.settings import PostingSettings

SETTINGS = PostingSettings()
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_waits_double_up_to_the_longest():
    """From the first one on; jitter takes off a half at most."""
    assert [backoff(turn, 10, 60).total_seconds() for turn in (1, 2, 3, 4, 5)] == [10, 20, 40, 60, 60]
    assert backoff(1, 10, 60, random=0.0) == timedelta(seconds=5)
    assert backoff(10_000, 10, 900) == timedelta(seconds=900)


@pytest.mark.parametrize(
    ("trouble", "tries", "state"),
    [
        (Trouble.REFUSED, Tries(), JobState.DEAD),
        (Trouble.DOWN, Tries(failures=8), JobState.WAITING),
        (Trouble.DOWN, Tries(failures=9), JobState.DEAD),
        (Trouble.UNKNOWN, Tries(unknowns=3), JobState.WAITING),
        (Trouble.UNKNOWN, Tries(unknowns=4), JobState.DEAD),
        (Trouble.UNKNOWN, Tries(failures=9), JobState.WAITING),
    ],
)
def test_a_person_is_asked_after_the_last_try(trouble, tries, state):
    """A refusal is no matter of trying again; both kinds of failure are counted apart."""
    assert after(trouble, tries, SETTINGS, in_doubt=False).state is state


def test_what_is_in_doubt_waits_at_least_so_long():
    """However short the backoff is."""
    assert after(Trouble.UNKNOWN, Tries(), SETTINGS, in_doubt=True, random=lambda: 0.0).wait == timedelta(seconds=30)
    assert after(Trouble.DOWN, Tries(), SETTINGS, in_doubt=False).wait == timedelta(seconds=10)


def test_a_trial_does_not_count_against_its_job():
    """It was only the first to find the target still down."""
    assert after(Trouble.DOWN, Tries(failures=9), SETTINGS, in_doubt=False, is_trial=True).tries == Tries(failures=9)


def test_a_target_rests_longer_each_time():
    """Not before it failed `down_after` times in a row."""
    assert [rest(failures, SETTINGS, NOW) for failures in (1, 2)] == [None, None]
    waits = [rest(failures, SETTINGS, NOW) - NOW for failures in (3, 4, 5)]
    assert waits == [timedelta(seconds=seconds) for seconds in (60, 120, 240)]
