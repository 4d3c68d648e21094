"""How many documents may pass, and how many of those would be wrong."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measure.coverage import POINTS, risk_coverage
from pipeline.measure.scores import clopper_pearson

documents = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1)


def test_the_curve_of_four_documents() -> None:
    """The second of four is wrong: none of one, one of two, one of three, one of four."""
    curve = risk_coverage([(0.4, False), (0.1, False), (0.2, True), (0.3, False)], [(0.1, False)])
    assert curve is not None
    assert [(point.risk, point.coverage, point.wrong.rate) for point in curve.points] == [
        (0.1, 0.25, 0.0),
        (0.2, 0.5, 0.5),
        (0.3, 0.75, pytest.approx(1 / 3)),
        (0.4, 1.0, 0.25),
    ]
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert (curve.operating.coverage, curve.operating.wrong.rate, curve.operating.risk) == (0.25, 0.0, 0.1)
    assert (curve.points[1].wrong.low, curve.points[1].wrong.high) == clopper_pearson(1, 2)


def test_documents_of_one_risk_come_together() -> None:
    """Their order in the list must not make the curve look better."""
    curve = risk_coverage([(0.1, False), (0.1, True), (0.5, False)], [])
    assert curve is not None
    assert [(point.coverage, point.wrong.rate) for point in curve.points] == [(pytest.approx(2 / 3), 0.5), (1, 1 / 3)]
    assert curve.area == pytest.approx((2 * 0.5 + 1 / 3) / 3)
    assert (curve.operating.coverage, curve.operating.wrong.of) == (0.0, 0)


def test_nothing_has_no_curve() -> None:
    """No figure is invented where nothing was measured."""
    assert risk_coverage([], []) is None


@given(documents)
def test_coverage_and_risk_grow_along_the_curve(given_documents: list[tuple[float, bool]]) -> None:
    """To the last document, with every wrong one counted; what passes wrong never gets less."""
    curve = risk_coverage(given_documents, given_documents)
    assert curve is not None
    points = curve.points
    for before, after in pairwise(points):
        assert before.coverage < after.coverage
        assert before.risk < after.risk
        assert before.wrong.count <= after.wrong.count
    assert points[-1].coverage == 1.0
    assert points[-1].wrong == curve.operating.wrong
    assert points[-1].wrong.count == sum(wrong for _, wrong in given_documents)
    assert 0 <= curve.area <= 1


@given(documents)
def test_knowing_what_is_wrong_is_at_least_as_good(given_documents: list[tuple[float, bool]]) -> None:
    """With risks that put the wrong documents last, the area is the smallest there is."""
    curve = risk_coverage(given_documents, [])
    best = risk_coverage([(float(wrong), wrong) for _, wrong in given_documents], [])
    assert curve is not None
    assert best is not None
    assert best.points[0].wrong.rate in (0.0, 1.0)
    assert best.points[0].wrong.rate <= min(point.wrong.rate or 0.0 for point in curve.points)


def test_a_long_curve_is_thinned_with_both_ends_kept() -> None:
    """The page stays small; the area is that of all documents."""
    curve = risk_coverage([(index / 1000, index >= 900) for index in range(1000)], [])
    assert curve is not None
    assert len(curve.points) == POINTS
    assert (curve.points[0].risk, curve.points[-1].risk) == (0.0, 0.999)
    assert curve.area == pytest.approx(sum(max(0, k - 900) / k for k in range(1, 1001)) / 1000)
