"""Fits one boosted forest a field with LightGBM, and writes it as plain numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.scoring.features import FEATURES
from pipeline.extract.scoring.forest import Forest
from pipeline.extract.scoring.scorer import shares
from pipeline.training.tables import Table
from schemas import FieldName

FOLDS = 5
"""Layouts are dealt into so many parts; what one part's forests have not seen, they are judged by."""
SETTINGS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 12,
    "learning_rate": 0.08,
    "min_child_samples": 20,
    "reg_lambda": 5.0,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.6,
    "use_missing": False,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
"""Small trees, much shrinkage: layouts that nobody has seen matter more than the last tenth on those that were."""
TREES = 80
RISING = frozenset({"score", "lead", "label", "label_lead", "checksum", "reading"})
FALLING = frozenset({"not_label"})
"""More of a rising feature never makes a candidate less likely, more of a falling one never more."""

LEASTS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)

CLOSE = 0.002
"""Differences of F1 below this are noise."""

Trees = list[dict[str, list[float]]]


def fit_trees(features: NDArray[np.float32], right: NDArray[np.bool_], seed: int) -> Trees:
    """A forest that tells right candidates from wrong ones, as `pipeline.extract.scoring.forest` reads it."""
    import lightgbm  # noqa: PLC0415 (two seconds, for training alone)

    directions = [int(name in RISING) - int(name in FALLING) for name in FEATURES]
    data = lightgbm.Dataset(features, right.astype(int), params={"verbose": -1})
    settings = {**SETTINGS, "seed": seed, "monotone_constraints": directions}
    booster = lightgbm.train(settings, data, num_boost_round=TREES)
    return [flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]


@dataclass(frozen=True)
class Fitted:
    """A field's scorer as JSON holds it, those of the folds, and what those that had not seen a row make of it."""

    part: dict[str, Any]
    folds: tuple[dict[str, Any], ...]
    unseen: NDArray[np.float64]


def fit_field(table: Table, seed: int) -> Fitted:
    """The scorer of one field. What shares certainty is fitted on layouts that the forest had not seen."""
    forests = [fit_trees(table.features[table.folds != fold], table.right[table.folds != fold], seed)
               for fold in range(FOLDS)]  # fmt: skip
    log_odds = np.zeros(len(table.right))
    for fold, trees in enumerate(forests):
        held_out = table.folds == fold
        log_odds[held_out] = Forest.of(trees).log_odds(table.features[held_out])
    sharpness, none = _fit_sharing(table, log_odds)
    scores = _shared(table, log_odds, sharpness, none)
    shared = {"sharpness": sharpness, "none": none, "least": best_least(table, scores)}
    trees = fit_trees(table.features, table.right, seed)
    return Fitted({**shared, "trees": trees}, tuple({**shared, "trees": each} for each in forests), scores)


def _fit_sharing(table: Table, log_odds: NDArray[np.float64]) -> tuple[float, float]:
    """Sharpness and log odds of none by maximum likelihood."""
    from scipy.optimize import minimize  # noqa: PLC0415

    starts = _starts(table)
    has = np.logical_or.reduceat(table.right, starts)

    def loss(given: NDArray[np.float64]) -> float:
        sharpness, none = given
        weights = np.exp(np.clip(sharpness * log_odds, -30, 30))
        right = np.add.reduceat(np.where(table.right, weights, 0.0), starts)
        true = np.where(has, right, np.exp(none))
        return -float(np.mean(np.log(true / (np.add.reduceat(weights, starts) + np.exp(none)))))

    bounds = ((0.3, 3.0), (-6.0, 3.0))
    sharpness, none = minimize(loss, (1.0, 0.0), method="Nelder-Mead", bounds=bounds).x
    return round(float(sharpness), 4), round(float(none), 4)


def _shared(table: Table, log_odds: NDArray[np.float64], sharpness: float, none: float) -> NDArray[np.float64]:
    starts = _starts(table)
    parts = np.split(log_odds, starts[1:])
    return np.concatenate([shares(part, sharpness, none) for part in parts])


def _starts(table: Table) -> NDArray[np.int64]:
    """The first row of each showing of a document; its rows are together."""
    return np.flatnonzero(np.diff(table.documents, prepend=-1))


def best_least(table: Table, scores: NDArray[np.float64]) -> float:
    """The lowest score from which on a choice is as good for F1 as it can be."""
    tops = tops_of(table, scores)
    best = max(map(tops.f1, LEASTS))
    return next(least for least in LEASTS if tops.f1(least) >= best - CLOSE)


@dataclass(frozen=True)
class Tops:
    """The best candidate of every document: its score, whether it is right, and whether any one is."""

    scores: NDArray[np.float64]
    right: NDArray[np.bool_]
    has: NDArray[np.bool_]
    documents: NDArray[np.int32]

    def plain(self) -> "Tops":
        """Of documents shown as they are."""
        return self._of(self.documents % 2 == 0)

    def hidden(self) -> "Tops":
        """Of documents shown with some labels hidden."""
        return self._of(self.documents % 2 == 1)

    def _of(self, kept: NDArray[np.bool_]) -> "Tops":
        return Tops(self.scores[kept], self.right[kept], self.has[kept], self.documents[kept])

    def f1(self, least: float) -> float:
        """F1 of choosing the best candidate where its score is at least so high."""
        chosen = self.scores >= least
        hits = int((chosen & self.right).sum())
        misses = int((self.has & ~(chosen & self.right)).sum()) + int((chosen & ~self.right).sum())
        return 2 * hits / max(1, 2 * hits + misses)


def tops_of(table: Table, scores: NDArray[Any]) -> Tops:
    """The best candidate of every document by some scores."""
    order = np.lexsort((-scores, table.documents))
    documents = table.documents[order]
    first = order[np.concatenate(([True], documents[1:] != documents[:-1]))]
    starts = table.documents[first]
    has = np.isin(starts, table.documents[table.right])
    return Tops(scores[first], table.right[first], has, starts)


def model_of(parts: Mapping[FieldName, dict[str, Any]], version: str) -> dict[str, Any]:
    """The model file's content."""
    return {
        "version": version,
        "features": list(FEATURES),
        "fields": {name.value: part for name, part in parts.items()},
    }


def flat(root: Mapping[str, Any]) -> dict[str, list[float]]:
    """A tree as lists by node, parents before children."""
    rows = list(_rows(root, [0]))
    keys = ("column", "threshold", "left", "right", "value")
    ordered = sorted(rows, key=lambda row: row["node"])
    return {key: [row[key] for row in ordered] for key in keys}


def _rows(node: Mapping[str, Any], counter: list[int]) -> Iterator[dict[str, Any]]:
    here = counter[0]
    counter[0] += 1
    if "leaf_value" in node:
        yield {"node": here, "column": 0, "threshold": 0.0, "left": here, "right": here,
               "value": round(node["leaf_value"], 5)}  # fmt: skip
        return
    left = counter[0]
    yield from _rows(node["left_child"], counter)
    right = counter[0]
    yield from _rows(node["right_child"], counter)
    yield {"node": here, "column": node["split_feature"], "threshold": float(f"{node['threshold']:.6g}"),
           "left": left, "right": right, "value": 0.0}  # fmt: skip
