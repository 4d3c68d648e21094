"""The arithmetic behind the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measure.scores import Counts, calibrate, clopper_pearson, share, total

counts = st.builds(
    Counts,
    right=st.integers(0, 50),
    wrong=st.integers(0, 50),
    missed=st.integers(0, 50),
    spurious=st.integers(0, 50),
)


def test_a_wrong_value_costs_precision_and_recall() -> None:
    """Six right, two wrong, one missed, one made up."""
    result = Counts(right=6, wrong=2, missed=1, spurious=1)
    assert result.precision == pytest.approx(6 / 9)
    assert result.recall == pytest.approx(6 / 9)
    assert result.f1 == pytest.approx(2 / 3)


def test_nothing_said_and_nothing_there_has_no_score() -> None:
    """No figure is invented where nothing was measured."""
    assert (Counts().precision, Counts().recall, Counts().f1) == (None, None, None)


@given(counts)
def test_f1_lies_between_precision_and_recall(result: Counts) -> None:
    """The harmonic mean lies between its parts."""
    if result.precision is not None and result.recall is not None and result.f1 is not None:
        low, high = sorted((result.precision, result.recall))
        assert low - 1e-12 <= result.f1 <= high + 1e-12


@given(st.lists(counts))
def test_the_total_has_all_values(parts: list[Counts]) -> None:
    """Nothing is lost in a sum."""
    whole = total(parts)
    assert whole.right == sum(part.right for part in parts)
    assert whole.spurious == sum(part.spurious for part in parts)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.3084971),  # 1 - 0.025 ** (1 / 10)
        (10, 10, 0.6915029, 1.0),
        (1, 10, 0.0025286, 0.4450161),  # R: binom.test(1, 10)
        (5, 100, 0.0164319, 0.1128349),  # R: binom.test(5, 100)
        (3, 2000, 0.0003094, 0.0043771),
    ],
)
def test_the_interval_is_the_exact_one(count: int, of: int, low: float, high: float) -> None:
    """Against values of R's binom.test and the closed form for no success."""
    assert clopper_pearson(count, of) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_observed_rate(case: tuple[int, int]) -> None:
    """Whatever was observed is possible."""
    count, of = case
    low, high = clopper_pearson(count, of)
    assert 0 <= low <= count / of <= high <= 1


def test_no_error_among_few_proves_little() -> None:
    """None wrong of 30 still allows more than ten per cent: the interval says so."""
    result = share([False] * 30)
    assert (result.count, result.of, result.rate) == (0, 30, 0.0)
    assert result.high == pytest.approx(0.1157, abs=1e-3)


def test_confidences_that_tell_the_truth_have_no_calibration_error() -> None:
    """Four in five of those said with 0.8 are right."""
    result = calibrate([(0.8, True)] * 4 + [(0.8, False)])
    assert result is not None
    assert result.expected_error == pytest.approx(0.0)
    assert result.brier == pytest.approx((4 * 0.2**2 + 0.8**2) / 5)
    assert [(row.low, row.n) for row in result.bins] == [(0.8, 5)]


def test_confidences_that_boast_are_found_out() -> None:
    """All sure, half right: the error is a half."""
    result = calibrate([(1.0, True), (1.0, False)])
    assert result is not None
    assert result.expected_error == pytest.approx(0.5)


def test_nothing_said_has_no_calibration() -> None:
    """No figure is invented where nothing was measured."""
    assert calibrate([]) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_every_confidence_is_in_one_bin(values: list[tuple[float, bool]]) -> None:
    """The bins share out all values, and both errors stay between 0 and 1."""
    result = calibrate(values)
    assert result is not None
    assert sum(row.n for row in result.bins) == len(values)
    assert 0 <= result.brier <= 1
    assert 0 <= result.expected_error <= 1 + 1e-9
