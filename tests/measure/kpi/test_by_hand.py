"""The key figures beside the same work by hand."""

import pytest

from pipeline.measure.kpi import catalogue
from pipeline.measure.kpi.by_hand import beside_by_hand, show_beside
from pipeline.measure.kpi.model import Figure, Measured
from pipeline.measure.presets import load_presets


def measured(**figures):
    """All key figures that the comparison takes, those that are not given without any figure."""
    named = {kpi.name: kpi for kpi in catalogue.KPIS}
    return [Measured(kpi=named[name], figures=tuple(figures.get(name.replace("-", "_"), ()))) for name in named]


@pytest.fixture
def rows():
    """Of 100 files, of which 20 were seen for a minute each; 2 of 1,000 sampled fields were wrong."""
    found = measured(
        documents=[Figure(slice="all", value=100, n=100), Figure(slice="a day", value=50, n=100)],
        operator_seconds=[Figure(slice="review", value=60, n=20)],
        cost=[Figure(value=0.25, n=100, currency="EUR")],
        field_accuracy_samples=[Figure(value=0.998, n=1000, count=998, low=0.993, high=0.9998)],
    )
    return beside_by_hand(found)


def test_the_work_on_what_was_seen_is_spread_over_all_files(rows):
    """20 invoices of a minute each are 12 seconds an invoice; by hand it is 6 to 12 minutes."""
    assert rows[0].here.value == 12
    assert (rows[0].by_hand.low, rows[0].by_hand.value, rows[0].by_hand.high) == (360, 480, 720)


def test_cost_by_hand_is_time_at_a_published_price(rows):
    """The cheapest is ten an hour at the low price, the dearest five at the high one."""
    hour = load_presets().hour_western
    assert rows[1].here.value == 0.25
    assert rows[1].by_hand.low == pytest.approx(hour.low / 10)
    assert rows[1].by_hand.high == pytest.approx(hour.high / 5)


def test_wrong_fields_are_those_of_samples_with_their_interval(rows):
    """Never the machine's own confidence; the interval turns round with the share."""
    wrong = rows[3].here
    assert (wrong.value, wrong.count, wrong.n) == (pytest.approx(0.002), 2, 1000)
    assert wrong.low < wrong.value < wrong.high == pytest.approx(0.007)


def test_what_was_not_measured_is_a_dash_and_not_nought():
    """Nobody has looked at a sample, and nobody has worked: that says nothing."""
    found = measured(documents=[Figure(slice="all", value=3, n=3), Figure(slice="a day", value=3, n=3)])
    shown = show_beside(beside_by_hand(found), "en")
    assert [one.here for one in shown[:5]] == ["–"] * 5


def test_without_a_document_there_is_nothing_to_compare():
    """An empty period shows no table."""
    assert beside_by_hand(measured()) == ()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_row_names_its_source_and_trust(rows, language):
    """A figure of somebody else's without its source is worth nothing."""
    for one in show_beside(rows, language):
        assert one.title
        assert one.by_hand
        assert one.source.endswith(")")
