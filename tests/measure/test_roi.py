"""Return on investment: each pricing model, where it pays, and what moves it."""

import pytest

from pipeline.measure.estimate import exactly
from pipeline.measure.presets import load_presets
from pipeline.measure.roi import (
    BY_HAND,
    BY_HOUR,
    FLAT,
    PIPELINE,
    VOLUMES,
    Plan,
    by_result,
    by_the_hour,
    flat,
    in_house,
    pipeline_cost,
    pipeline_running,
    returns,
    set_up,
)
from pipeline.measure.roi_shown import roi_pictures, roi_tables

PRESETS = load_presets()
TEAM = 5 * 14_000 / 12


def test_by_the_hour_is_paid_time_at_a_price() -> None:
    """480 s an invoice, of which 85 % of the paid time is spent: 1.57 hours for ten, at 13 or 60 EUR."""
    hours = 10 * 480 / 3600 / 0.85
    assert by_the_hour(PRESETS, 10).value == pytest.approx(hours * 13)
    assert in_house(PRESETS, 10).value == pytest.approx(hours * 60)


def test_by_result_is_a_price_an_invoice_and_flat_is_whole_teams() -> None:
    """A flat team costs the same for one invoice and for all it can do, and twice as much for one more."""
    assert by_result(PRESETS, 1000).value == pytest.approx(1000 * 7000 / TEAM)
    assert [flat(PRESETS, volume).value for volume in (1, TEAM, TEAM + 1)] == [7000, 7000, 14_000]


def test_the_pipeline_is_people_machines_and_what_is_fixed() -> None:
    """Each part by hand: 40 % stopped, 60 s each, 2 s of CPU, the robot, server, upkeep and set-up over ten months."""
    plan = Plan(stopped=exactly(0.4), review_seconds=exactly(60), machine_seconds=exactly(2), months=10)
    people = 1000 * 0.4 * 60 / 3600 / 0.85 * 60
    machine = 1000 * (2 + 5.9) / 3600 * 0.05
    assert pipeline_cost(plan, PRESETS, 1000).value == pytest.approx(people + machine + 60 + 8 * 60 + 120 * 60 / 10)


def test_the_break_even_is_where_the_costs_meet() -> None:
    """One per cent below it the other way is still cheaper."""
    plan = Plan(review_seconds=exactly(60))
    found = returns(plan, PRESETS).break_even[BY_HAND].invoices_month
    assert found is not None
    assert pipeline_cost(plan, PRESETS, found).value <= in_house(PRESETS, found).value
    assert pipeline_cost(plan, PRESETS, found / 1.01).value > in_house(PRESETS, found / 1.01).value


def test_a_flat_team_can_be_cheaper_again_at_a_larger_volume() -> None:
    """Both ends are told; against dear reviewers a team wins when it has enough to do."""
    result = returns(Plan(), PRESETS).break_even[FLAT]
    assert result.invoices_month == 1
    assert result.up_to is not None
    assert pipeline_cost(Plan(), PRESETS, result.up_to).value > flat(PRESETS, result.up_to).value


def test_what_never_pays_is_said_plainly() -> None:
    """Reviewers at a Western hour, as slow as by hand, cost more than offshore hands for everything."""
    result = returns(Plan(), PRESETS).break_even[BY_HOUR]
    assert (result.invoices_month, result.months_until_paid) == (None, None)
    assert any("never" in row for table in roi_tables(returns(Plan(), PRESETS)) for row in table.rows)


def test_the_set_up_is_earned_by_what_is_saved() -> None:
    """Its price over the savings of a month, running cost alone."""
    plan = Plan(review_seconds=exactly(60))
    saved = in_house(PRESETS, 10_000).value - pipeline_running(plan, PRESETS, 10_000).value
    expected = set_up(PRESETS).value / saved
    assert returns(plan, PRESETS).break_even[BY_HAND].months_until_paid == pytest.approx(expected)


def test_the_tornado_moves_one_assumption_at_a_time_widest_first() -> None:
    """The share that is stopped, alone at its ends, gives the ends of its bar."""
    found = returns(Plan(), PRESETS)
    widths = [one.width for one in found.swings]
    assert widths == sorted(widths, reverse=True)
    [swing] = [one for one in found.swings if one.name == "share that is stopped"]
    low = pipeline_cost(Plan(stopped=exactly(0.384)), PRESETS, 10_000).value / 10_000
    assert swing.at_low == pytest.approx(low)


def test_the_cost_curve_of_the_pipeline_falls_and_flattens() -> None:
    """What is fixed is spread over more; by the hour nothing is."""
    found = returns(Plan(), PRESETS)
    mine = [one.euros_an_invoice.value for one in found.ways[PIPELINE]]
    hand = [one.euros_an_invoice.value for one in found.ways[BY_HAND]]
    assert mine == sorted(mine, reverse=True)
    assert hand == pytest.approx([hand[0]] * len(VOLUMES))


def test_the_pictures_tell_their_numbers_in_words() -> None:
    """For those who do not see them."""
    volume, tornado = (str(picture) for picture, _ in roi_pictures(returns(Plan(), PRESETS)))
    assert "in house: 9.41 EUR at 250 a month" in volume
    assert "seconds of a review:" in tornado
