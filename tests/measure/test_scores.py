"""The arithmetic behind the figures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.measure.scores import Counts, clopper_pearson, share, total

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


@given(st.integers(1, 3000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
@settings(max_examples=20)
def test_the_interval_is_that_of_scipy(case: tuple[int, int]) -> None:
    """The slow way gives the same."""
    expected = binomtest(*case).proportion_ci(method="exact")
    assert clopper_pearson(*case) == pytest.approx((expected.low, expected.high), abs=1e-8)


def test_no_error_among_few_proves_little() -> None:
    """None wrong of 30 still allows more than ten per cent: the interval says so."""
    result = share([False] * 30)
    assert (result.count, result.of, result.rate) == (0, 30, 0.0)
    assert result.high == pytest.approx(0.1157, abs=1e-3)


@given(counts)
def test_counts_survive_json(result: Counts) -> None:
    """What follows from the counts is written down, and left out when they are read back."""
    assert Counts.model_validate_json(result.model_dump_json()) == result
