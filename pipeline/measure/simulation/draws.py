"""What is drawn by chance: arrivals and durations. Everything follows from the seed."""

import calendar
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from schemas.scenario import Arrivals, Duration, Exponential, Fixed, Lognormal, Measured, Sampled

DAY, HOUR = 86_400.0, 3_600.0
_BLOCK = 4_096

Floats = NDArray[np.float64]


def arrivals(profile: Arrivals, start: date, days: int, chance: Generator) -> Floats:
    """Times of arrival in seconds after midnight of `start`, in order.

    A Poisson process with a rate that is constant within each hour: the number of each hour is drawn, then its times
    are spread evenly over the hour. That is exact, and draws nothing in vain as thinning does.
    """
    rates = hourly(profile, start, days)
    hours = np.repeat(np.arange(rates.size), chance.poisson(rates))
    return np.sort((hours + chance.random(hours.size)) * HOUR)


def hourly(profile: Arrivals, start: date, days: int) -> Floats:
    """Expected arrivals of each hour."""
    hours = np.array(profile.hours) / sum(profile.hours)
    daily = [profile.per_day * _factor(profile, start + timedelta(days=day)) for day in range(days)]
    return np.outer(daily, hours).ravel()


def durations(spread: Duration, chance: Generator) -> Iterator[float]:
    """Seconds, one after the other, without end."""
    draw = _drawer(spread, chance)
    return chain.from_iterable(draw(_BLOCK).tolist() for _ in iter(int, 1))


def mean_seconds(spread: Duration) -> float:
    """The mean of a duration."""
    match spread:
        case Fixed(seconds=seconds):
            return seconds
        case Sampled(seconds=several):
            return sum(several) / len(several)
        case Measured(otherwise=assumed):
            return mean_seconds(assumed)
        case _:
            return spread.mean


def _factor(profile: Arrivals, day: date) -> float:
    factor = profile.weekdays[day.weekday()]
    end = profile.month_end
    if end and calendar.monthrange(day.year, day.month)[1] - day.day < end.days:
        factor *= end.factor
    for surge in profile.surges:
        if surge.start <= day < surge.start + timedelta(days=surge.days):
            factor *= surge.factor
    return factor


def _drawer(spread: Duration, chance: Generator) -> Callable[[int], Floats]:
    match spread:
        case Fixed(seconds=seconds):
            return lambda count: np.full(count, seconds)
        case Exponential(mean=mean):
            return lambda count: chance.exponential(mean, count)
        case Lognormal(mean=mean, spread=relative):
            variance = np.log1p(relative**2)
            middle, width = np.log(mean) - variance / 2, np.sqrt(variance)
            return lambda count: chance.lognormal(middle, width, count)
        case Sampled(seconds=several):
            return lambda count: chance.choice(several, count)
        case Measured(otherwise=assumed):
            return _drawer(assumed, chance)
