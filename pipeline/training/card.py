"""The model card: what the scorer and its calibration were made from, and how good they are on the unseen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pipeline.calibration.calibrate import calibrate
from pipeline.calibration.model import Calibration, calibration_of
from pipeline.measure.cases import Truth
from pipeline.training.calibrate import SOURCES, calibration_error, crossed, upper_bound
from pipeline.training.examine import Judged
from pipeline.training.fit import FOLDS, SETTINGS, TREES
from pipeline.training.readings import Case
from schemas import FieldName, FieldStatus
from schemas.terms import POSTING_CRITICAL

LIBRARIES = ("lightgbm", "scikit-learn", "numpy", "scipy")
TARGET = 0.003


def card_of(
    seed: int,
    cases: Sequence[Case],
    contests: Mapping[FieldName, Mapping[str, Any]],
    judged: Sequence[Judged],
    checked: Sequence[Judged],
    calibration: Mapping[str, Any],
) -> dict[str, Any]:
    """All figures; those of the training data are of layouts that the scorer and the calibration had not seen."""
    unseen = [pair for part, model in crossed(judged, "fold") for pair in said_and_true(part, model)]
    known = calibration_of(calibration)
    return {
        "version": calibration["version"],
        "seed": seed,
        "folds": FOLDS,
        "libraries": {name: version(name) for name in LIBRARIES},
        "settings": {**SETTINGS, "trees": TREES},
        "data": {
            "documents": len(cases),
            "kinds": _counted(case.truth.kind for case in cases),
            "layouts": len({case.group for case in cases}),
            "suppliers": len({_supplier(case.truth) for case in cases}),
            "languages": _counted(case.truth.lang for case in cases),
        },
        "fields": {name.value: dict(each) for name, each in contests.items()},
        "calibration": _errors(unseen),
        "straight_through": operating_points(known, TARGET),
        "check": {"documents": len(checked), **_errors(said_and_true(checked, known))} if checked else None,
    }


def said_and_true(judged: Sequence[Judged], model: Calibration) -> list[tuple[FieldName, float, bool]]:
    """Confidence and verdict of every field that was read."""
    return [
        (name, record.fields[name].confidence, right)
        for each in judged
        for record in [calibrate(each.record, model)]
        for name, right in each.right.items()
        if record.fields[name].status is FieldStatus.READ
    ]


def operating_points(model: Calibration, target: float) -> dict[str, Any]:
    """Where each curve meets the target: the share of documents, and how many fields prove it."""
    return {name: _operating_point(model, target, pixels) for name, pixels in SOURCES.items()}


def _operating_point(model: Calibration, target: float, pixels: bool) -> dict[str, Any]:
    total = max((point.documents for point in model.coverage[pixels]), default=0)
    point = model.point_for(target, pixels)
    if point is None or not total:
        return {"target": target, "coverage": 0.0}
    return {
        "target": target,
        "risk": point.risk,
        "coverage": round(point.documents / total, 4),
        "fields": point.fields,
        "wrong": point.wrong,
        "bound": upper_bound(point.wrong, point.fields),
    }


def markdown(card: Mapping[str, Any]) -> str:
    """The card for people."""
    data, points = card["data"], card["straight_through"]
    rows = "\n".join(
        f"| {name} | {each['documents']} | {each['hand']:.4f} | {each['trained']:.4f} | {each['hand_hidden']:.4f} "
        f"| {each['trained_hidden']:.4f} | {'trained' if each['ships'] else 'hand-set'} |"
        for name, each in card["fields"].items()
    )
    return f"""# Scorer and calibration {card["version"]}

{data["documents"]} documents, {data["layouts"]} layouts, {data["suppliers"]} suppliers; kinds {_listed(data["kinds"])};
languages {_listed(data["languages"])}. Seed {card["seed"]}; {_listed(card["libraries"])}.

All figures are of layouts, hence suppliers, that the model in question had not seen ({card["folds"]} folds by layout).

F1 of the choice by field, hand-set score against trained one, on documents as they are and with a third of their label
wordings hidden. A field keeps its hand-set score where the trained one does not win both.

| field | showings | hand-set | trained | hand-set, hidden | trained, hidden | in use |
|---|---|---|---|---|---|---|
{rows}

Calibration error (ECE): posting-critical fields {card["calibration"]["critical"]["ece"]:.4f}
(n = {card["calibration"]["critical"]["n"]}), all fields {card["calibration"]["all"]["ece"]:.4f}
(n = {card["calibration"]["all"]["n"]}).

Straight through at a target of {points["text"]["target"]:.1%} wrong posted fields (half of the native documents have a
third of their wordings hidden): {"; ".join(f"{name} {_said(point)}" for name, point in points.items())}.
"""


def _said(point: Mapping[str, Any]) -> str:
    fields = f"{point.get('wrong', 0)} wrong of {point.get('fields', 0)} fields"
    return f"{point['coverage']:.1%} of the documents ({fields})"


def _errors(said: Sequence[tuple[FieldName, float, bool]]) -> dict[str, Any]:
    critical = [(chance, right) for name, chance, right in said if name in POSTING_CRITICAL]
    everything = [(chance, right) for _, chance, right in said]
    return {
        key: {"n": len(pairs), "wrong": sum(not right for _, right in pairs), "ece": round(calibration_error(pairs), 5)}
        for key, pairs in (("critical", critical), ("all", everything))
    }


def _supplier(truth: Truth) -> str:
    return truth.supplier or truth.fields.get(FieldName.SELLER_NAME) or truth.file


def _counted(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
