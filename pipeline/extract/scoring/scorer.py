"""Gives candidates their scores: the probability to be right that the trained model sees, where it has one."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.data import read_model, unusable_model
from pipeline.extract.header import KEPT
from pipeline.extract.scoring.features import FEATURES, features_of
from pipeline.extract.scoring.forest import Forest
from pipeline.extract.scoring.surroundings import Surroundings
from schemas import Candidate, FieldName

MODEL = "scorer.json"
LEAST_SCORE = 0.3
"""A candidate with a lower hand-set score is shown as a rival but never chosen."""

Proposals = Mapping[FieldName, tuple[Candidate, ...]]
_COLUMN = {feature: column for column, feature in enumerate(FEATURES)}


@dataclass(frozen=True)
class FieldScorer:
    """The scorer of one field: a forest weighs each candidate, then they share what is certain among them.

    Of the candidates of a document one is right, or none: the odds of each, sharpened, against those of the others and
    of none. So a candidate that stands out on a layout of an unknown kind wins though the forest is timid about it.
    """

    forest: Forest
    sharpness: float
    none: float
    """Log odds of none of them."""
    least: float
    """Below this the field is rather left empty: where F1 is best on layouts not trained on."""

    def chances(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of each candidate of one document to be the right one."""
        return shares(self.forest.log_odds(rows), self.sharpness, self.none)


def shares(log_odds: NDArray[np.float64], sharpness: float, none: float) -> NDArray[np.float64]:
    """What part of certainty each of several rivals has, when at most one is right."""
    weights = np.append(sharpness * log_odds, none)
    weights = np.exp(weights - weights.max())
    parts: NDArray[np.float64] = weights[:-1] / weights.sum()
    return parts


@dataclass(frozen=True)
class Scorer:
    """Scorers by field; a field without one keeps its hand-set scores."""

    fields: Mapping[FieldName, FieldScorer]
    version: str = ""
    features: tuple[str, ...] = tuple(FEATURES)
    """The features that the forests were trained on; later versions may know more."""

    def least_of(self, name: FieldName) -> float:
        """The score that a candidate must have to be chosen."""
        return self.fields[name].least if name in self.fields else LEAST_SCORE

    def rescore(self, proposals: Proposals, around: Surroundings) -> Proposals:
        """The candidates of all fields, with their probabilities as scores, best first.

        Where a field has no scorer, its few best by hand remain.
        """
        return {name: self._rescored(name, proposals, around) for name in proposals}

    def _rescored(self, name: FieldName, proposals: Proposals, around: Surroundings) -> tuple[Candidate, ...]:
        options, scorer = proposals[name], self.fields.get(name)
        if scorer is None or not options:
            return options[:KEPT]
        columns = [_COLUMN[feature] for feature in self.features]
        chances = scorer.chances(features_of(name, proposals, around)[:, columns])
        scored = [
            option.model_copy(update={"score": round(float(chance), 4)})
            for option, chance in zip(options, chances, strict=True)
        ]
        return tuple(sorted(scored, key=lambda option: -option.score)[:KEPT])


_in_place: ContextVar["Scorer | None"] = ContextVar("scorer", default=None)


def current_scorer() -> Scorer:
    """The scorer to use: the one in place, else the one that comes with this version."""
    return _in_place.get() or load_scorer()


@contextmanager
def scoring_with(scorer: Scorer) -> Iterator[None]:
    """Put another scorer in place for a while, such as one that has not seen a layout."""
    token = _in_place.set(scorer)
    try:
        yield
    finally:
        _in_place.reset(token)


@cache
def load_scorer(folder: Path | None = None) -> Scorer:
    """The scorer that comes with this version, or the one that `backoffice train` wrote into a folder; read once.

    Raises EnvironmentFault when the folder has none that this version can use.
    """
    text = read_model(folder, MODEL)
    try:
        return scorer_of(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise unusable_model(folder, MODEL, error) from error


def scorer_of(model: Mapping[str, Any]) -> Scorer:
    """A scorer from its model file. Raises ValueError when it was trained on features that are no more."""
    if not set(model["features"]) <= set(FEATURES):
        raise ValueError("the model was trained on other features; run `make train`")
    fields = {
        FieldName(name): FieldScorer(Forest.of(part["trees"]), part["sharpness"], part["none"], part["least"])
        for name, part in model["fields"].items()
    }
    return Scorer(fields, model["version"], tuple(model["features"]))
