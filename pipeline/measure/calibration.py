"""How far confidences can be taken as probabilities: reliability, expected calibration error, Brier score."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.measure.scores import Share, share
from schemas.base import Value

BINS = 15
"""Bins of a reliability diagram (Guo et al., On Calibration of Modern Neural Networks, ICML 2017)."""

Confident = tuple[float, bool]
"""A confidence, and whether the value that it was said of is right."""


class Bin(Value):
    """Values of like confidence."""

    low: float
    high: float
    confidence: float
    """Mean confidence of its values."""
    right: Share


class Calibration(Value):
    """Confidences against what came out. Values that were not found have no confidence and are counted apart."""

    n: int
    missed: int
    brier: float
    """Mean squared distance of confidence and outcome (Brier, Monthly Weather Review 78, 1950)."""
    ece: float
    """Expected calibration error: mean distance of confidence and share right, weighted by the bins' sizes."""
    ece_adaptive: float
    """The same over bins of about equal size; equal confidences share a bin."""
    bins: tuple[Bin, ...]
    """Of equal width; empty ones are left out."""
    adaptive_bins: tuple[Bin, ...]


def calibrate(said: Sequence[Confident], missed: int = 0, bins: int = BINS) -> Calibration | None:
    """Hold confidences against outcomes; None when nothing was said. `missed` values were there but not found."""
    if not said:
        return None
    confidence = np.array([value for value, _ in said], dtype=np.float64)
    right = np.array([hit for _, hit in said], dtype=np.bool_)
    wide = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    even = _quantile(confidence, bins)
    equal = [_bin(index / bins, (index + 1) / bins, confidence[at], right[at]) for index, at in _members(wide)]
    adaptive = [
        _bin(float(confidence[at].min()), float(confidence[at].max()), confidence[at], right[at])
        for _, at in _members(even)
    ]
    return Calibration(
        n=len(said),
        missed=missed,
        brier=float(np.mean((confidence - right) ** 2)),
        ece=_error(equal),
        ece_adaptive=_error(adaptive),
        bins=tuple(equal),
        adaptive_bins=tuple(adaptive),
    )


def _quantile(confidence: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    edges = np.unique(np.quantile(confidence, np.linspace(0, 1, bins + 1)[1:-1]))
    return np.searchsorted(edges, confidence, side="right")


def _members(index: NDArray[np.int64]) -> Iterable[tuple[int, NDArray[np.bool_]]]:
    return ((int(number), index == number) for number in np.unique(index))


def _bin(low: float, high: float, confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Bin:
    return Bin(low=low, high=high, confidence=float(confidence.mean()), right=share(map(bool, right)))


def _error(bins: Sequence[Bin]) -> float:
    n = sum(one.right.of for one in bins)
    return sum(abs(one.confidence * one.right.of - one.right.count) for one in bins) / n
