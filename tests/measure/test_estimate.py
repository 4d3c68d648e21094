"""Numbers keep how low and how high they may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.measure.estimate import Estimate, counted, exactly, mean_of, total
from pipeline.measure.scores import share_of

NUMBERS = st.floats(min_value=0, max_value=1e6)
ESTIMATES = (
    st.lists(NUMBERS, min_size=3, max_size=3).map(sorted).map(lambda x: Estimate(low=x[0], value=x[1], high=x[2]))
)


@given(ESTIMATES, ESTIMATES, st.floats(min_value=0, max_value=100))
def test_the_result_lies_between_its_ends(one: Estimate, other: Estimate, factor: float) -> None:
    """Whatever is added and multiplied."""
    for result in (one + other, one * factor, one.times(other), total([one, other, one])):
        assert result.low <= result.value <= result.high


def test_ends_out_of_order_are_refused() -> None:
    """Nobody computes on with an interval that is none."""
    with pytest.raises(ValidationError):
        Estimate(value=1, low=2, high=3)


def test_the_mean_has_students_interval() -> None:
    """Of 1, 2, 3 with 95 %: 2 and 4.303 standard errors of 0.577 on either side."""
    mean = mean_of([1.0, 2.0, 3.0])
    assert mean.value == 2
    assert mean.high - mean.value == pytest.approx(4.302653 / 3**0.5, rel=1e-6)
    assert mean_of([5.0]) == exactly(5.0)


def test_a_count_takes_the_interval_of_its_rate() -> None:
    """None of 300 may still be 3.7 of them."""
    assert counted(share_of(0, 300)).high == pytest.approx(3.67, abs=0.01)
    assert counted(share_of(0, 300)).value == 0
