"""The numbers of a calibration, and where its curve meets a target."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calibration.model import Curve, Point, logit, sigmoid


@given(st.floats(1e-5, 1 - 1e-5))
def test_odds_and_probability_are_each_others_inverse(chance):
    """Within what a float holds."""
    assert sigmoid(logit(chance)) == pytest.approx(chance, rel=1e-6)


def test_a_curve_is_linear_between_its_points_and_flat_outside():
    """So that two different chances stay different where data say so."""
    curve = Curve((0.2, 0.6), (0.1, 0.9))
    assert [curve.at(chance) for chance in (0.0, 0.2, 0.4, 0.6, 1.0)] == pytest.approx([0.1, 0.1, 0.5, 0.9, 0.9])


def test_the_curve_is_followed_as_far_as_what_was_seen_keeps_the_target(model):
    """With half an error more than was seen, so that few documents do not count as many."""
    assert model.point_for(0.0025, from_pixels=False).risk == 0.2
    assert model.point_for(0.03, from_pixels=False).risk == 0.5


def test_a_target_that_cannot_be_kept_stops_before_the_first_error(model):
    """More than that nobody knows, and less helps nobody."""
    assert model.point_for(0.001, from_pixels=False).risk == 0.01
    hopeless = replace(model, coverage={False: (Point(0.1, 5, 40, 1, 0.1),), True: ()})
    assert hopeless.point_for(0.001, from_pixels=False) is None


def test_records_from_pixels_have_a_curve_of_their_own(model):
    """At the same risk they are not wrong as often as those from a text layer."""
    assert model.point_for(0.03, from_pixels=True).risk == 0.01
