"""What arrives and how long it takes, by chance."""

from datetime import date
from itertools import islice

import numpy as np
import pytest
from numpy.random import default_rng

from pipeline.measure.simulation.draws import arrivals, durations, hourly, mean_seconds
from schemas.scenario import Arrivals, Duration, Exponential, Fixed, Lognormal, MonthEnd, Sampled, Surge

MONDAY = date(2026, 11, 2)


def test_a_day_has_its_curve_its_weekday_its_month_end_and_its_surge() -> None:
    """Factors multiply; the hours of a day sum to what the day expects."""
    surge = Surge(start=date(2026, 11, 27), days=4, factor=2)
    profile = Arrivals(per_day=100, month_end=MonthEnd(days=1, factor=1.5), surges=(surge,))
    daily = hourly(profile, MONDAY, 42).reshape(42, 24).sum(axis=1)
    on = {day: daily[(date(2026, 11, day) - MONDAY).days] for day in (2, 7, 27, 30)}
    assert on == pytest.approx({2: 100, 7: 5, 27: 200, 30: 300})  # an ordinary Monday, a Saturday, Black Friday, both
    assert daily[(date(2026, 12, 1) - MONDAY).days] == pytest.approx(100)


def test_arrivals_are_a_poisson_process_with_that_rate() -> None:
    """In order; the number of each hour has its mean and a variance as large (200 weeks, four standard errors)."""
    profile = Arrivals(per_day=48, hours=(0.0,) * 12 + (1.0,) * 12, weekdays=(1.0,) * 7)
    times = arrivals(profile, MONDAY, 1400, default_rng(1))
    counts = np.bincount((times // 3600).astype(int), minlength=1400 * 24).reshape(1400, 24)
    assert (np.diff(times) >= 0).all()
    assert counts[:, :12].sum() == 0
    assert counts[:, 12:].mean() == pytest.approx(4, abs=0.07)
    assert counts[:, 12:].var() == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize(
    "spread", [Fixed(seconds=7), Exponential(mean=7), Lognormal(mean=7, spread=0.8), Sampled(seconds=(2, 7, 12))]
)
def test_durations_have_their_mean(spread: Duration) -> None:
    """Positive, over 100,000 draws within five standard errors of the widest."""
    drawn = np.array(list(islice(durations(spread, default_rng(3)), 100_000)))
    assert (drawn > 0).all()
    assert drawn.mean() == pytest.approx(mean_seconds(spread), abs=0.11)


def test_a_lognormal_has_its_spread() -> None:
    """The standard deviation over the mean."""
    drawn = np.array(list(islice(durations(Lognormal(mean=100, spread=0.5), default_rng(4)), 200_000)))
    assert drawn.std() / drawn.mean() == pytest.approx(0.5, abs=0.01)
