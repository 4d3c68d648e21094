"""What will arrive in the next weeks, and how many people that takes. Plain functions on counts by day.

The forecast is seasonal-naive: a day is expected to be like the mean of the same weekday in the last six weeks. It
knows no holidays and no month ends; the interval, from how wrong the same rule was on the past, contains them as far as
they were there. With fewer than `ENOUGH` past errors the interval is that of a Poisson count.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil, sqrt

import numpy as np
from scipy.stats import poisson

from pipeline.errors import InputError
from pipeline.measure.estimate import Estimate, published, total
from pipeline.measure.presets import Presets
from schemas.base import Value

WEEKS_BACK = 6
LEAST_WEEKS = 2
ENOUGH = 30
COVERAGE = 0.9
"""Nine days of ten lie in their interval."""
WEEK = 7


class Day(Value):
    """What is expected of one day: documents, and people for them."""

    day: date
    documents: Estimate
    people: Estimate
    """Full days of work; not rounded."""


class Week(Value):
    """Seven days together. The ends are those of all days at once, which is wider than a week's own interval."""

    begins: date
    documents: Estimate
    people_on_busiest_day: int
    """Whole people for the upper end of the day that needs most."""
    working_days: Estimate
    """Days of work in all."""


class Forecast(Value):
    """The next weeks."""

    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    errors: int
    """Past days on which the rule was tried; fewer than `ENOUGH`: the interval is Poisson's."""


def forecast(
    daily: Mapping[date, int], last: date, days: int, stopped: Estimate, seconds: Estimate, presets: Presets
) -> Forecast:
    """Forecast `days` days after `last`, the last whole day that was counted; days that are not named had none.

    `stopped` is the share that needs a person, `seconds` what that person takes for one. Raises InputError (code
    "too-little-history") for fewer than two whole weeks.
    """
    counts = _filled(daily, last)
    errors = _errors(counts)
    a_person = presets.hours_a_day.value * 3600
    paid = published(presets.productive_share)
    work = stopped.times(seconds) * (1 / a_person)
    each = work.times(Estimate(value=1 / paid.value, low=1 / paid.high, high=1 / paid.low))
    found = []
    for ahead in range(1, days + 1):
        documents = _expected(_mean(counts, len(counts) + (ahead - 1) % WEEK), errors)
        found.append(Day(day=last + timedelta(days=ahead), documents=documents, people=documents.times(each)))
    weeks = tuple(_week(found[at : at + WEEK]) for at in range(0, days, WEEK))
    return Forecast(days=tuple(found), weeks=weeks, errors=len(errors))


def _filled(daily: Mapping[date, int], last: date) -> list[int]:
    """Counts of every day from the first one that had any."""
    first = min((day for day, count in daily.items() if count and day <= last), default=last)
    number = (last - first).days + 1
    if number < LEAST_WEEKS * WEEK:
        message = f"There are {number} days of history; {LEAST_WEEKS * WEEK} are needed."
        raise InputError(message, code="too-little-history", remedy="Wait, or simulate a scenario instead.")
    return [daily.get(first + timedelta(days=at), 0) for at in range(number)]


def _mean(counts: Sequence[int], at: int) -> float:
    """The mean of the same weekday in the weeks before day `at`."""
    same = [counts[at - WEEK * back] for back in range(1, WEEKS_BACK + 1) if 0 <= at - WEEK * back < len(counts)]
    return sum(same) / len(same)


def _errors(counts: Sequence[int]) -> list[float]:
    """How wrong the rule was on the past, in units of about the square root of what it expected."""
    tried = range(LEAST_WEEKS * WEEK, len(counts))
    return [(counts[at] - mean) / sqrt(mean + 1) for at in tried for mean in (_mean(counts, at),)]


def _expected(mean: float, errors: Sequence[float]) -> Estimate:
    tail = (1 - COVERAGE) / 2
    if len(errors) < ENOUGH:
        low, high = (float(poisson.ppf(part, mean)) if mean else 0.0 for part in (tail, 1 - tail))
    else:
        low, high = (mean + float(one) * sqrt(mean + 1) for one in np.quantile(errors, (tail, 1 - tail)))
    return Estimate(value=mean, low=max(0.0, min(low, mean)), high=max(high, mean))


def _week(days: Sequence[Day]) -> Week:
    return Week(
        begins=days[0].day,
        documents=total(day.documents for day in days),
        people_on_busiest_day=max(ceil(day.people.high) for day in days),
        working_days=total(day.people for day in days),
    )
