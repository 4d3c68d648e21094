"""The next weeks follow from the same weekdays, and the interval holds what it says."""

from datetime import date, timedelta

import numpy as np
import pytest

from pipeline.errors import InputError
from pipeline.measure.estimate import exactly
from pipeline.measure.forecast import Forecast, forecast
from pipeline.measure.presets import load_presets

MONDAY = date(2026, 1, 5)
PRESETS = load_presets()
WEEKDAYS = (100, 80, 80, 80, 60, 5, 0)


def history(weeks: int, seed: int | None = None) -> dict[date, int]:
    chance = np.random.default_rng(seed)
    rates = WEEKDAYS * weeks
    counts = rates if seed is None else chance.poisson(rates)
    return {MONDAY + timedelta(days=day): int(count) for day, count in enumerate(counts)}


def ahead(daily: dict[date, int], days: int = 14, stopped: float = 1.0, seconds: float = 480.0) -> Forecast:
    return forecast(daily, max(daily), days, exactly(stopped), exactly(seconds), PRESETS)


def test_a_day_is_like_the_same_weekdays_before() -> None:
    """A steady week goes on as it was, in the right order."""
    found = ahead(history(8))
    assert [day.documents.value for day in found.days] == [*WEEKDAYS, *WEEKDAYS]
    assert found.days[0].day == MONDAY + timedelta(weeks=8)
    assert found.weeks[0].documents.value == sum(WEEKDAYS)


def test_the_interval_holds_nine_days_of_ten() -> None:
    """Over 200 Poisson histories of twelve weeks: 90 % of the next days, within four points."""
    held = []
    for seed in range(200):
        daily = history(13, seed)
        known = {day: count for day, count in daily.items() if day < MONDAY + timedelta(weeks=12)}
        held += [day.documents.low <= daily[day.day] <= day.documents.high for day in ahead(known, 7).days]
    assert np.mean(held) == pytest.approx(0.92, abs=0.04)


def test_people_are_hours_of_work_over_hours_of_a_day() -> None:
    """A hundred documents, 40 % stopped, eight minutes each, seven paid hours of which 85 % are work."""
    monday = ahead(history(8), stopped=0.4).days[0]
    assert monday.people.value == pytest.approx(100 * 0.4 * 480 / 3600 / 7 / 0.85)


def test_days_without_any_count_as_none() -> None:
    """A day that is missing in the counts had no documents."""
    daily = {day: count for day, count in history(8).items() if count}
    found = forecast(daily, MONDAY + timedelta(days=55), 7, exactly(1), exactly(1), PRESETS)
    assert found.days[6].documents.value == 0


def test_a_short_history_gets_poissons_interval_and_a_shorter_one_is_refused() -> None:
    """Two whole weeks are needed."""
    found = ahead(history(2))
    assert found.errors == 0
    assert found.days[0].documents.low < 100 < found.days[0].documents.high
    with pytest.raises(InputError) as caught:
        ahead(history(1))
    assert caught.value.specific_code == "too-little-history"
