"""Precision and recall, and shares with their interval. Pure arithmetic."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import computed_field, model_validator
from scipy.special import betaincinv

from schemas.base import Value

CERTAINTY = 0.95
"""Two-sided coverage of every interval."""


class Figures(Value):
    """Numbers with figures that follow from them; those are written to JSON and left out when it is read back."""

    @model_validator(mode="before")
    @classmethod
    def _what_follows_is_not_read(cls, data: Any) -> Any:
        return {key: data[key] for key in data.keys() - cls.model_computed_fields} if isinstance(data, dict) else data


class Counts(Figures):
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


class Share(Figures):
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
    """The exact two-sided interval of a binomial rate (Clopper and Pearson, Biometrika 26, 1934), by beta quantiles.

    `count` successes in `of` trials. Nothing tried says nothing: (0, 1).
    """
    tail = (1 - certainty) / 2  # scipy.stats.binomtest gives the same and takes a thousand times as long
    low = float(betaincinv(count, of - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return low, high


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
