"""Times are rounded so that there are few of them and none is far off."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.measures import rounded

TIMES = st.floats(0.01, 1e7)


@given(TIMES)
def test_a_time_is_off_by_five_per_cent_at_most(seconds):
    """Whatever its size is, from a hundredth of a second to months."""
    assert abs(int(rounded(seconds)) / 1000 - seconds) <= 0.05 * seconds + 1e-9


@given(TIMES, TIMES)
def test_texts_sort_as_the_times_do(one, other):
    """So that a database can put them in order."""
    assert (rounded(one) <= rounded(other)) or one > other


def test_a_decade_has_few_values():
    """A percentile is worked out from sums by value; each of them is a row."""
    assert len({rounded(number / 100) for number in range(100, 1000)}) == 36  # both ends count


def test_what_is_no_time_is_nothing():
    """Clocks go back; a wait is never below nought."""
    assert int(rounded(-1.0)) == int(rounded(0.0)) == int(rounded(0.0004)) == 0
