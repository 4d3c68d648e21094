"""The calibration that comes with this version: readable numbers, applied without any library."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

from pipeline.calibration.signs import SIGNS, Signs
from pipeline.extract.data import read_model, unusable_model
from schemas import FieldName

MODEL = "calibration.json"
LEAST_DOUBT = 1e-6


@dataclass(frozen=True)
class Curve:
    """Probabilities against probabilities: increasing, linear between its points."""

    said: Sequence[float]
    true: Sequence[float]

    def at(self, chance: float) -> float:
        """What a probability that was said is really worth."""
        index = bisect_left(self.said, chance)
        if index == 0:
            return self.true[0]
        if index == len(self.said):
            return self.true[-1]
        x0, x1, y0, y1 = self.said[index - 1], self.said[index], self.true[index - 1], self.true[index]
        return y0 + (y1 - y0) * (chance - x0) / (x1 - x0)


@dataclass(frozen=True)
class Calibration:
    """A logistic model over the signs for each field, an isotonic curve, and the risk of a record."""

    weights: Mapping[str, float]
    """What the signs weigh in fields that have no weights of their own."""
    own: Mapping[FieldName, Mapping[str, float]]
    """What they weigh in a field of which enough is known: sums say more of a total than of a name."""
    constants: Mapping[FieldName, float]
    usual: Mapping[FieldName, Mapping[str, float]]
    """The mean of each sign where the field is right: what is worse than this makes it weak."""
    curves: Mapping[bool, Curve]
    """For posting-critical fields (True) and for the others."""
    absent: Mapping[str, float]
    """Log odds that an optional field that was not found is not printed: constant and weights of its signs."""
    risk: tuple[float, float]
    """Constant and slope over the log odds that not all posting-critical fields are right."""
    coverage: Mapping[bool, tuple["Point", ...]]
    """The risk-coverage curves of records from pixels (True) and of all others, least risk first: at the same risk they
    are not wrong equally often."""
    version: str

    def log_odds(self, name: FieldName, signs: Signs) -> float:
        """Of a field to be right."""
        weights = self.weights_of(name)
        return self.constants.get(name, 0.0) + sum(weights[sign] * value for sign, value in signs.items())

    def weights_of(self, name: FieldName) -> Mapping[str, float]:
        """What each sign weighs for a field, in log odds."""
        return self.own.get(name, self.weights)

    def chance(self, name: FieldName, signs: Signs, critical: bool) -> float:
        """The calibrated probability of a field to be right."""
        return self.curves[critical].at(sigmoid(self.log_odds(name, signs)))

    def document_risk(self, all_right: float) -> float:
        """The probability of a wrong posting-critical field, from the product of the fields' chances."""
        constant, slope = self.risk
        return sigmoid(constant + slope * logit(1.0 - all_right))

    def point_for(self, target: float, from_pixels: bool) -> "Point | None":
        """Where on the curve of such records to stop so that at most this share of posted fields is wrong, or None.

        The last point at which the share that was seen, half a wrong field added (Jeffreys), keeps the target; its
        `bound` says how much worse it may be by chance, and quality control has to watch it. Where the documents are
        too few even for that, the last point without a single wrong field.
        """
        curve = self.coverage[from_pixels]
        kept = [point for point in curve if (point.wrong + 0.5) / (point.fields + 1) <= target]
        clean = [point for point in curve if point.wrong == 0]
        return max(kept or clean, key=lambda point: point.documents, default=None)

    def weakness(self, name: FieldName, signs: Signs) -> list[tuple[float, str]]:
        """How much each sign costs against the usual of this field where it is right, worst first, in log odds."""
        usual, weights = self.usual.get(name, {}), self.weights_of(name)
        return sorted((weights[sign] * (value - usual.get(sign, value)), sign) for sign, value in signs.items())


@dataclass(frozen=True)
class Point:
    """Documents up to a risk: how many, their posting-critical fields, and how many of those are wrong."""

    risk: float
    documents: int
    fields: int
    wrong: int
    bound: float
    """Upper limit of the share of wrong fields (Clopper-Pearson, one-sided)."""


def sigmoid(odds: float) -> float:
    """The probability of log odds."""
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))


def logit(chance: float) -> float:
    """The log odds of a probability."""
    inside = min(1.0 - LEAST_DOUBT, max(LEAST_DOUBT, chance))
    return log(inside / (1.0 - inside))


@cache
def load_calibration(folder: Path | None = None) -> Calibration:
    """The calibration that comes with this version, or the one that `backoffice train` wrote into a folder; read once.

    Raises EnvironmentFault when the folder has none that this version can use.
    """
    text = read_model(folder, MODEL)
    try:
        return calibration_of(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise unusable_model(folder, MODEL, error) from error


def calibration_of(model: Mapping[str, Any]) -> Calibration:
    """A calibration from its file. Raises ValueError when it was fitted on other signs."""
    if set(model["weights"]) != set(SIGNS):
        raise ValueError("the calibration was fitted on other signs; run `make train`")
    return Calibration(
        weights=model["weights"],
        own={FieldName(name): weights for name, weights in model["own"].items()},
        constants={FieldName(name): value for name, value in model["constants"].items()},
        usual={FieldName(name): signs for name, signs in model["usual"].items()},
        curves={name == "critical": Curve(curve["said"], curve["true"]) for name, curve in model["curves"].items()},
        absent=model["absent"],
        risk=(model["risk"]["constant"], model["risk"]["slope"]),
        coverage={
            name == "pixels": tuple(Point(**each) for each in points) for name, points in model["coverage"].items()
        },
        version=model["version"],
    )
