"""Boosted trees as plain arrays: trained by LightGBM, evaluated by numpy alone.

Loading LightGBM takes two seconds of CPU, a document's candidates a few milliseconds of numpy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees of equal size side by side; all arrays are trees x nodes. A leaf is its own child."""

    column: NDArray[np.int32]
    threshold: NDArray[np.float64]
    """Values up to and including it go left."""
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    depth: int

    @classmethod
    def of(cls, trees: Sequence[Mapping[str, Sequence[float]]]) -> Self:
        """From trees as JSON holds them: lists of equal length by node, the root first."""
        size = max(len(tree["value"]) for tree in trees)
        whole = {key: [_padded(tree[key], size) for tree in trees] for key in _KEYS}
        return cls(
            column=np.array(whole["column"], dtype=np.int32),
            threshold=np.array(whole["threshold"], dtype=np.float64),
            left=np.array(whole["left"], dtype=np.int32),
            right=np.array(whole["right"], dtype=np.int32),
            value=np.array(whole["value"], dtype=np.float64),
            depth=max(_depth(tree) for tree in trees),
        )

    def log_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """One number a row: the sum of the leaves that it falls into."""
        trees = np.arange(len(self.value))[None, :]
        at = np.zeros((len(rows), len(self.value)), dtype=np.int32)
        for _ in range(self.depth):
            goes_left = np.take_along_axis(rows, self.column[trees, at], axis=1) <= self.threshold[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        total: NDArray[np.float64] = self.value[trees, at].sum(axis=1)
        return total


_KEYS = ("column", "threshold", "left", "right", "value")


def _padded(values: Sequence[float], size: int) -> list[float]:
    return [*values, *[0.0] * (size - len(values))]


def _depth(tree: Mapping[str, Any], node: int = 0) -> int:
    """Steps from a node to its deepest leaf."""
    children = {int(tree["left"][node]), int(tree["right"][node])} - {node}
    return 1 + max(_depth(tree, child) for child in children) if children else 0
