"""Fits the calibration: a logistic model over the signs, an isotonic curve, absence, and the risk of a record."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.calibrate import ABSENCE, absence_signs, raw_chance
from pipeline.calibration.model import Calibration, calibration_of, logit
from pipeline.calibration.signs import SIGNS, is_from_pixels, signs_of
from pipeline.training.examine import Judged
from pipeline.training.weights import Row, logistic, rounded, weigh
from schemas import EvidenceKind, FieldName, FieldStatus
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL

CONFIDENCE = 0.9
"""One-sided confidence of the bounds on the risk-coverage curve."""
MOST_POINTS = 150
SOURCES = {"text": False, "pixels": True}
"""What has a risk-coverage curve of its own."""
FLOOR = 0.5
"""What is added to the wrong and to the right ones of each step of the isotonic curve (Jeffreys)."""


ABSENCE_PRIORS = (-0.5, -1.0, -4.0, -2.0)
"""For the signs of `ABSENCE`."""
LEAST_SLOPE = 0.1
"""However the documents fall, a worse record keeps a higher risk."""


def fit_calibration(judged: Sequence[Judged], version: str) -> dict[str, Any]:
    """The calibration of all judged records, and risk-coverage curves of records that it was not fitted on.

    The curves have one scale of risk, that of all records: were it fitted fold by fold, records of different folds
    could not be put in order.
    """
    model = _fit(judged, version)
    scale = calibration_of(model)
    held_out = [
        (is_from_pixels(each.record), (scale.document_risk(_all_right(each, calibration)), *_counted(each)))
        for part, calibration in crossed(judged, version)
        for each in part
        if _may_be_posted(each)
    ]
    curves = {name: coverage_of(risk for kind, risk in held_out if kind == pixels) for name, pixels in SOURCES.items()}
    return {**model, "coverage": curves}


def crossed(judged: Sequence[Judged], version: str) -> Iterator[tuple[list[Judged], Calibration]]:
    """Each fold's records with a calibration fitted on the other folds."""
    for fold in sorted({each.fold for each in judged}):
        rest = [each for each in judged if each.fold != fold]
        yield [each for each in judged if each.fold == fold], calibration_of(_fit(rest, version))


def _fit(every: Sequence[Judged], version: str) -> dict[str, Any]:
    judged = [each for each in every if not _is_known_for_no_invoice(each)]
    rows = list(rows_of(judged))
    weighed = weigh(rows)
    right = np.array([row.right for row in rows])
    critical = np.array([row.name in POSTING_CRITICAL for row in rows])
    model = {
        "version": version,
        "weights": rounded(zip(SIGNS, weighed.common, strict=True)),
        "own": {name.value: rounded(zip(SIGNS, each, strict=True)) for name, each in weighed.own.items()},
        "constants": rounded((name.value, value) for name, value in weighed.constants.items()),
        "usual": _usual(rows),
        "curves": {
            "critical": _isotonic(weighed.chances[critical], right[critical]),
            "others": _isotonic(weighed.chances[~critical], right[~critical]),
        },
        "absent": _fit_absence(judged),
        "risk": {"constant": 0.0, "slope": 1.0},
        "coverage": {name: [] for name in SOURCES},
    }
    return {**model, "risk": _fit_risk(judged, calibration_of(model))}


def _is_known_for_no_invoice(judged: Judged) -> bool:
    """A statement has no net total to be right or wrong about, and where it is seen to be none nothing is posted."""
    has_net = judged.truth.fields.get(FieldName.NET_TOTAL) is not None
    return not has_net and any(finding.rule == "not-an-invoice" for finding in judged.findings)


def _usual(rows: Iterable[Row]) -> dict[str, dict[str, float]]:
    """The mean signs of each field where it is right."""
    by_name: dict[str, list[tuple[float, ...]]] = {}
    for row in rows:
        if row.right:
            by_name.setdefault(row.name.value, []).append(row.signs)
    return {name: rounded(zip(SIGNS, np.mean(signs, axis=0), strict=True)) for name, signs in sorted(by_name.items())}


def rows_of(judged: Iterable[Judged]) -> Iterator[Row]:
    """The fields that were read from a page and whose truth is known."""
    for each in judged:
        for name, right in each.right.items():
            field = each.record.fields[name]
            if field.status is FieldStatus.READ and not any(w.kind is EvidenceKind.XML for w in field.evidence):
                yield Row(name, tuple(signs_of(field, each.record).values()), right)


def _isotonic(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> dict[str, list[float]]:
    """Points of an increasing curve: one a step of the isotonic fit, at its mean, softened by its number of cases."""
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415

    if not len(right):
        return {"said": [0.0, 1.0], "true": [0.0, 1.0]}
    steps = IsotonicRegression(out_of_bounds="clip").fit_transform(chances, right)
    said, true = [], []
    for step in np.unique(steps):
        inside = steps == step
        said.append(round(float(chances[inside].mean()), 6))
        true.append(round(float((right[inside].sum() + FLOOR) / (inside.sum() + 2 * FLOOR)), 6))
    return {"said": said, "true": np.maximum.accumulate(true).tolist()}


def _fit_absence(judged: Sequence[Judged]) -> dict[str, float]:
    """Log odds that an optional field which was not found is not printed."""
    pairs = [
        (absence_signs(each.record.fields[name], each.record), each.right[name])
        for each in judged
        for name in OPTIONAL_WHEN_NOT_PRINTED
        if name in each.right and each.record.fields[name].status is FieldStatus.MISSING
    ]
    if not pairs:
        return {"constant": 0.0, **dict.fromkeys(ABSENCE, 0.0)}
    # one right and one wrong case more than were seen: none was overlooked is not that none ever will be
    design = np.array([[signs[sign] for sign in ABSENCE] for signs, _ in pairs] + [[0.0] * len(ABSENCE)] * 2)
    right = np.array([*(is_right for _, is_right in pairs), True, False])
    fitted = logistic(design, right, ABSENCE_PRIORS, ABSENCE_PRIORS)
    return {"constant": round(fitted.constant, 4), **rounded(zip(ABSENCE, fitted.weights, strict=True))}


def _fit_risk(judged: Sequence[Judged], model: Calibration) -> dict[str, float]:
    """Wrong fields come together in a document, so the product of their chances is put right on documents (Platt)."""
    odds = np.array([[logit(1 - _all_right(each, model))] for each in judged])
    wrong = np.array([_wrong(each) > 0 for each in judged])
    if wrong.all() or not wrong.any():
        return {"constant": 0.0, "slope": 1.0}
    fitted = logistic(odds, wrong, [1.0], [1.0])
    return {"constant": round(fitted.constant, 4), "slope": round(max(LEAST_SLOPE, float(fitted.weights[0])), 4)}


def _all_right(judged: Judged, model: Calibration) -> float:
    return prod(raw_chance(judged.record.fields[name], judged.record, model) for name in POSTING_CRITICAL)


def _wrong(judged: Judged) -> int:
    return sum(not judged.right[name] for name in POSTING_CRITICAL if name in judged.right)


def _may_be_posted(judged: Judged) -> bool:
    """Whether nothing but its risk can keep a record from going straight through."""
    needed = set(POSTING_CRITICAL) - OPTIONAL_WHEN_NOT_PRINTED
    return not judged.is_blocked and all(judged.record.value(name) is not None for name in needed)


def _counted(judged: Judged) -> tuple[int, int]:
    """Its known posting-critical fields, and the wrong ones among them."""
    return sum(name in judged.right for name in POSTING_CRITICAL), _wrong(judged)


def coverage_of(risks: Iterable[tuple[float, int, int]]) -> list[dict[str, float]]:
    """The risk-coverage curve: wrong fields among all up to each risk, with the upper limit of their share."""
    points = []
    fields = wrong = 0
    for documents, (risk, known, bad) in enumerate(sorted(risks), start=1):
        fields += known
        wrong += bad
        bound = upper_bound(wrong, fields)
        points.append(
            {"risk": round(risk, 6), "documents": documents, "fields": fields, "wrong": wrong, "bound": bound}
        )
    every = max(1, len(points) // MOST_POINTS)
    return points[every - 1 :: every]


def upper_bound(wrong: int, fields: int, confidence: float = CONFIDENCE) -> float:
    """One-sided Clopper-Pearson limit of a share."""
    from scipy.stats import beta  # noqa: PLC0415

    return round(float(beta.ppf(confidence, wrong + 1, fields - wrong)), 6) if wrong < fields else 1.0


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """ECE: the mean distance of confidence and share of right ones over equal-sized bins."""
    if not pairs:
        return 0.0
    parts = [part for part in np.array_split(np.array(sorted(pairs), dtype=float), bins) if len(part)]
    return sum(abs(fmean(part[:, 0]) - fmean(part[:, 1])) * len(part) for part in parts) / len(pairs)
