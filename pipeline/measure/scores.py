"""Precision, recall, shares with their interval, and how honest the confidences are. Pure arithmetic."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Self

from pydantic import computed_field

from schemas.base import Value

CERTAINTY = 0.95
"""Two-sided coverage of every interval."""


class Counts(Value):
    """How values came out. A wrong value is both a false positive and a false negative."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: Self) -> Self:
        return self.model_copy(
            update={name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields}
        )

    @computed_field  # type: ignore[prop-decorator]
    @property
    def precision(self) -> float | None:
        """Right among all that was said; None when nothing was said."""
        return _ratio(self.right, self.right + self.wrong + self.spurious)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def recall(self) -> float | None:
        """Right among all that is there; None when nothing is there."""
        return _ratio(self.right, self.right + self.wrong + self.missed)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None when nothing was said and nothing is there."""
        return _ratio(2 * self.right, 2 * self.right + 2 * self.wrong + self.missed + self.spurious)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts (micro average)."""
    return sum(counts, start=Counts())


class Share(Value):
    """`count` of `of`, with the exact interval of the true rate."""

    count: int
    of: int
    low: float
    high: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rate(self) -> float | None:
        """The observed rate; None of nothing."""
        return _ratio(self.count, self.of)


def share(hits: Iterable[bool]) -> Share:
    """How many of the hits are true, with the Clopper-Pearson interval."""
    values = list(hits)
    return share_of(sum(values), len(values))


def share_of(count: int, of: int) -> Share:
    """`count` of `of`, with the Clopper-Pearson interval."""
    low, high = clopper_pearson(count, of)
    return Share(count=count, of=of, low=low, high=high)


def clopper_pearson(count: int, of: int, certainty: float = CERTAINTY) -> tuple[float, float]:
    """The exact two-sided interval of a binomial rate (Clopper and Pearson, Biometrika 26, 1934).

    `count` successes in `of` trials. Nothing tried says nothing: (0, 1).
    """
    tail = (1 - certainty) / 2
    low = 0.0 if count == 0 else _bisect(lambda rate: 1 - _binomial_cdf(count - 1, of, rate) < tail)
    high = 1.0 if count == of else _bisect(lambda rate: _binomial_cdf(count, of, rate) > tail)
    return low, high


class Bin(Value):
    """Values whose confidence lies in one tenth of the scale."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


class Calibration(Value):
    """How far confidences can be taken as probabilities."""

    n: int
    brier: float
    expected_error: float
    """Expected calibration error: mean distance of confidence and accuracy, weighted by the bins' sizes."""
    bins: tuple[Bin, ...]


def calibrate(confidences: Sequence[tuple[float, bool]], bins: int = 10) -> Calibration | None:
    """Brier score (1950) and expected calibration error over equal-width bins; None of nothing."""
    n = len(confidences)
    if not n:
        return None
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in confidences:
        grouped.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    rows = tuple(_bin(index / bins, (index + 1) / bins, grouped[index]) for index in sorted(grouped))
    return Calibration(
        n=n,
        brier=sum((confidence - right) ** 2 for confidence, right in confidences) / n,
        expected_error=sum(row.n * abs(row.confidence - row.accuracy) for row in rows) / n,
        bins=rows,
    )


def _bin(low: float, high: float, members: list[tuple[float, bool]]) -> Bin:
    n = len(members)
    confidence = sum(confidence for confidence, _ in members) / n
    return Bin(low=low, high=high, n=n, confidence=confidence, accuracy=sum(right for _, right in members) / n)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _binomial_cdf(count: int, of: int, rate: float) -> float:
    """The probability of at most `count` successes, with logarithms so that large numbers do not overflow."""
    if rate in (0.0, 1.0):
        return 1.0 if rate == 0.0 or count >= of else 0.0
    yes, no = math.log(rate), math.log1p(-rate)
    logs = (
        math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * yes + (of - k) * no
        for k in range(count + 1)
    )
    return math.fsum(math.exp(value) for value in logs)


def _bisect(goes_on: Callable[[float], bool]) -> float:
    """The rate up to which `goes_on` holds, to 2^-50."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if goes_on(middle) else (low, middle)
    return (low + high) / 2
