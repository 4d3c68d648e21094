"""A number with how low and how high it may be; plain interval arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean, stdev
from typing import Self

from pydantic import Field as Constraint
from pydantic import model_validator
from scipy.stats import t as student

from pipeline.measure.presets import Preset
from pipeline.measure.scores import CERTAINTY, Share
from schemas.base import Value


class Estimate(Value):
    """`value`, between `low` and `high`.

    Sums add the ends too: they hold also when all parts are low together, which is wider than for independent ones.
    """

    value: float = Constraint(allow_inf_nan=False)
    low: float = Constraint(allow_inf_nan=False)
    high: float = Constraint(allow_inf_nan=False)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError("low, value and high must be in order")
        return self

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(value=self.value + other.value, low=self.low + other.low, high=self.high + other.high)

    def __mul__(self, factor: float) -> Estimate:
        """Times a number that is not negative."""
        return Estimate(value=self.value * factor, low=self.low * factor, high=self.high * factor)

    def times(self, other: Estimate) -> Estimate:
        """The product of two that are not negative."""
        return Estimate(value=self.value * other.value, low=self.low * other.low, high=self.high * other.high)


def exactly(value: float) -> Estimate:
    """A number that is known."""
    return Estimate(value=value, low=value, high=value)


def published(preset: Preset) -> Estimate:
    """A preset with its range."""
    return Estimate(value=preset.value, low=preset.low, high=preset.high)


def counted(share: Share) -> Estimate:
    """How many there are among `share.of`, with the interval of the rate."""
    return Estimate(value=share.count, low=share.low * share.of, high=share.high * share.of)


def mean_of(values: Sequence[float], certainty: float = CERTAINTY) -> Estimate:
    """The mean of at least one measured number, with Student's interval; of one alone nothing is known but itself."""
    mean = fmean(values)
    if len(values) == 1:
        return exactly(mean)
    half = float(student.ppf((1 + certainty) / 2, len(values) - 1)) * stdev(values) / len(values) ** 0.5
    return Estimate(value=mean, low=mean - half, high=mean + half)


def total(estimates: Iterable[Estimate]) -> Estimate:
    """Their sum; nothing is 0."""
    return sum(estimates, start=exactly(0.0))
