"""Confidences are held against what came out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measure.calibration import BINS, calibrate

said = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1)


def test_confidences_that_tell_the_truth_have_no_calibration_error() -> None:
    """Four in five of those said with 0.8 are right."""
    result = calibrate([(0.8, True)] * 4 + [(0.8, False)])
    assert result is not None
    assert result.ece == pytest.approx(0.0)
    assert result.ece_adaptive == pytest.approx(0.0)
    assert result.brier == pytest.approx((4 * 0.2**2 + 0.8**2) / 5)
    assert [(one.low, one.high, one.right.count, one.right.of) for one in result.bins] == [(12 / 15, 13 / 15, 4, 5)]


def test_confidences_that_boast_are_found_out() -> None:
    """All sure, half right: the error is a half."""
    result = calibrate([(1.0, True), (1.0, False)])
    assert result is not None
    assert (result.ece, result.ece_adaptive, result.brier) == (0.5, 0.5, 0.5)


def test_bins_weigh_by_their_size() -> None:
    """Three values said with 0.9, one of them right; one said with 0.1 and wrong."""
    result = calibrate([(0.9, True), (0.9, False), (0.9, False), (0.1, False)], missed=7)
    assert result is not None
    assert result.ece == pytest.approx(0.75 * (0.9 - 1 / 3) + 0.25 * 0.1)
    assert (result.n, result.missed) == (4, 7)


def test_adaptive_bins_see_what_equal_width_hides() -> None:
    """Within one wide bin, those said with 0.99 are all right and those with 0.94 never."""
    result = calibrate([(0.99, True)] * 50 + [(0.94, False)] * 50)
    assert result is not None
    assert result.ece == pytest.approx(0.465)
    assert result.ece_adaptive == pytest.approx(0.5 * 0.01 + 0.5 * 0.94)
    assert [(one.low, one.right.of) for one in result.adaptive_bins] == [(0.94, 50), (0.99, 50)]


def test_nothing_said_has_no_calibration() -> None:
    """No figure is invented where nothing was measured."""
    assert calibrate([], missed=3) is None


@given(said)
def test_every_confidence_is_in_one_bin_of_each_kind(values: list[tuple[float, bool]]) -> None:
    """The bins share out all values, hold their mean confidence, and the errors stay between 0 and 1."""
    result = calibrate(values)
    assert result is not None
    for bins in (result.bins, result.adaptive_bins):
        assert sum(one.right.of for one in bins) == len(values)
        assert len(bins) <= BINS
        assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in bins)
    assert 0 <= result.brier <= 1
    assert 0 <= result.ece <= 1 + 1e-9
    assert 0 <= result.ece_adaptive <= 1 + 1e-9


@given(st.integers())
@settings(max_examples=20)
def test_an_honest_machine_has_an_error_near_zero(seed: int) -> None:
    """Outcomes drawn with exactly the confidence said: what is left is chance, well below 0.05 of 3,000 values."""
    chance = random.Random(seed)
    values = [(confidence, chance.random() < confidence) for confidence in (chance.random() for _ in range(3000))]
    result = calibrate(values)
    assert result is not None
    assert result.ece < 0.05
    assert result.ece_adaptive < 0.05
