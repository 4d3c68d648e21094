"""Fits what each sign weighs for each field: logistic models with weights by common sense to start from.

Each field has weights of its own, drawn to those of all fields together: there are few wrong values of each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.signs import SIGNS
from schemas import FieldName

STRENGTH = 1.0
"""Inverse of the L2 penalty of the logistic models."""
FEWEST_WRONG = 3
"""A field with fewer wrong values in the data has no weights of its own."""

PRIORS = {
    "odds": 1.0,
    "lead": 0.5,
    "named": 0.3,
    "repeated": 0.2,
    "checked": 1.0,
    "check_fails": -3.0,
    "sums": 0.5,
    "sums_fail": -2.0,
    "follows": -0.5,
    "readers_agree": 1.0,
    "reader_differs": -3.0,
    "misread": -3.0,
    "from_text": 0.3,
    "poor_page": -2.0,
    "totals_prove": 0.5,
    "company": 0.2,
}
"""The weights by common sense, which data must move; their signs are kept, for no sign works against its sense."""
_SIGNED = tuple(PRIORS.values())


@dataclass(frozen=True)
class Row:
    """One field that was read."""

    name: FieldName
    signs: tuple[float, ...]
    right: bool


@dataclass(frozen=True)
class Weighed:
    """Weights in the order of the signs, constants by field, and what they make of each row."""

    common: NDArray[np.float64]
    own: dict[FieldName, NDArray[np.float64]]
    constants: dict[FieldName, float]
    chances: NDArray[np.float64]


def weigh(rows: Sequence[Row]) -> Weighed:
    """The weights of all fields together, and of each field of which enough is known."""
    names = sorted({row.name for row in rows})
    signs = np.array([row.signs for row in rows])
    of_field = np.array([[float(row.name == name) for name in names] for row in rows])
    right = np.array([row.right for row in rows])
    free = [0.0] * len(names)
    common = logistic(np.hstack([signs, of_field]), right, (*_SIGNED, *free), (*_SIGNED, *free))
    weights, shared = common.weights[: len(SIGNS)], common.weights[len(SIGNS) :] + common.constant
    constants = {name: float(value) for name, value in zip(names, shared, strict=True)}
    chances, own = common.chances.copy(), {}
    for name, is_it in zip(names, of_field.T > 0, strict=True):
        if (~right[is_it]).sum() >= FEWEST_WRONG:
            fitted = logistic(signs[is_it], right[is_it], weights.tolist(), _SIGNED)
            own[name], constants[name], chances[is_it] = fitted.weights, fitted.constant, fitted.chances
    return Weighed(weights, own, constants, chances)


@dataclass(frozen=True)
class Logistic:
    """A fitted logistic model."""

    weights: NDArray[np.float64]
    constant: float
    chances: NDArray[np.float64]


def logistic(
    design: NDArray[np.float64], right: NDArray[np.bool_], priors: Sequence[float], signed: Sequence[float]
) -> Logistic:
    """Logistic regression with an L2 penalty on what is away from the priors; a weight keeps the sign in `signed`."""
    from scipy.optimize import minimize  # noqa: PLC0415

    towards = np.where(right, 1.0, -1.0)
    table = np.hstack([design, np.ones((len(design), 1))])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = towards * (table @ weights)
        pull = -towards / (1 + np.exp(np.clip(margins, -30, 30)))
        away = np.append((weights - start)[:-1], 0.0) / STRENGTH
        return float(np.logaddexp(0, -margins).sum() + away @ (weights - start) / 2), table.T @ pull + away

    start = np.append(np.array(priors), 0.0)
    bounds = [(0.0 if prior > 0 else None, 0.0 if prior < 0 else None) for prior in (*signed, 0.0)]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Logistic(best[:-1], float(best[-1]), 1 / (1 + np.exp(-(table @ best))))


def rounded(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """As they are written into the model: four decimals."""
    return {name: round(float(value), 4) for name, value in pairs}
