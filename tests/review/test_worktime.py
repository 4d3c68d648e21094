"""How long people work on a document."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.worktime import IDLE_CUT, Mark, Sign, worktime

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
marks = st.lists(st.builds(Mark, st.sampled_from(Sign), st.integers(0, 3000).map(lambda s: AT + timedelta(seconds=s))))


def mark(sign: Sign, seconds: float) -> Mark:
    return Mark(sign, AT + timedelta(seconds=seconds))


def test_the_time_from_opening_to_deciding_is_work():
    """Opened, keyed, decided: all of it counts, and the first key is told."""
    found = worktime([mark(Sign.OPENED, 0), mark(Sign.KEYED, 7), mark(Sign.KEYED, 20), mark(Sign.DECIDED, 31)])
    assert found == (timedelta(seconds=31), timedelta(seconds=7), True)


def test_a_gap_above_the_cut_is_not_work():
    """The phone call between two keys is left out whole."""
    found = worktime([mark(Sign.OPENED, 0), mark(Sign.KEYED, 10), mark(Sign.KEYED, 500), mark(Sign.DECIDED, 505)])
    assert found.worked == timedelta(seconds=15)


def test_nobody_works_between_leaving_and_opening_again():
    """Also a short pause is none of the operator's time once he has left."""
    found = worktime([mark(Sign.OPENED, 0), mark(Sign.LEFT, 10), mark(Sign.OPENED, 40), mark(Sign.DECIDED, 45)])
    assert found.worked == timedelta(seconds=15)


@given(marks, st.randoms())
def test_work_is_at_most_the_span_and_does_not_depend_on_the_order(signs, random):
    """The sum of gaps is bounded by the time between the first and the last sign."""
    found = worktime(signs)
    span = max(m.at for m in signs) - min(m.at for m in signs) if signs else timedelta()
    assert timedelta() <= found.worked <= span
    by_time = {}
    for one in signs:  # marks of one moment have no order of their own
        by_time.setdefault(one.at, one)
    alone = list(by_time.values())
    mixed = random.sample(alone, len(alone))
    assert worktime(mixed) == worktime(alone)


@given(marks)
def test_a_longer_cut_never_counts_less(signs):
    """The cut is monotone."""
    assert worktime(signs, IDLE_CUT).worked <= worktime(signs, 2 * IDLE_CUT).worked
