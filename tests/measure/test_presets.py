"""Every published figure says where it comes from, and own figures replace it whole."""

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.measure.presets import Preset, load_presets


def test_every_shipped_figure_has_a_source_and_a_trust() -> None:
    """The published numbers that everything is compared with, as they were published."""
    presets = load_presets()
    assert presets.field_seconds.value == 3.8
    assert presets.keystroke_seconds.value == pytest.approx(60 / 250)
    assert (presets.single_error.low, presets.single_error.high) == (0.0024, 0.0035)
    assert (presets.hour_offshore.low, presets.hour_offshore.high) == (6, 20)
    assert (presets.hour_western.low, presets.hour_western.high) == (40, 80)
    assert (presets.claimed_by_hand.value, presets.claimed_by_robot.value) == (100, 15_000)
    for name, preset in presets.named().items():
        assert preset.source, name
        assert preset.trust != "own" or "assumption" in preset.source or "by twelve" in preset.source, name


def test_own_figures_replace_those_they_name(tmp_path: Path) -> None:
    """The others stay as they are."""
    own = tmp_path / "own.yaml"
    own.write_text("hour_offshore: {value: 9.5, unit: EUR an hour, source: our contract, trust: A}\n", encoding="utf-8")
    presets = load_presets(own)
    assert presets.hour_offshore == Preset(
        value=9.5, low=9.5, high=9.5, unit="EUR an hour", source="our contract", trust="A"
    )
    assert presets.hour_western == load_presets().hour_western


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("hour_offshore: {value: 9.5, unit: EUR an hour, trust: A}", "hour_offshore.source"),
        ("hour_offshore: {value: 9, low: 10, high: 11, unit: h, source: s, trust: A}", "in order"),
        ("hour_ofshore: {value: 9.5, unit: EUR an hour, source: ours, trust: A}", "hour_ofshore"),
        ("hour_offshore: 9.5", "hour_offshore"),
        ("- 1", "own.yaml"),
        ("a: [", "own.yaml"),
    ],
)
def test_a_figure_without_its_source_is_refused(tmp_path: Path, text: str, what: str) -> None:
    """As is a misspelt name, a range out of order, and what is no such file."""
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=what) as caught:
        load_presets(own)
    assert caught.value.specific_code == "bad-presets"
