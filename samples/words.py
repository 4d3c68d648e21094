"""The word lists of the generator, read once from `samples/data/*.yaml`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

T = TypeVar("T")

_DATA = Path(__file__).parent / "data"


@cache
def words(name: str) -> dict[str, Any]:
    """The content of `data/{name}.yaml`."""
    loaded: dict[str, Any] = yaml.safe_load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def wordings(name: str, split: str) -> dict[str, Any]:
    """Like `words`; for the suppliers of a held-out split, the entries of `data/{name}_{split}.yaml` come first.

    Entries that are divided by language or country are replaced one by one, others as a whole.
    """
    known = words(name)
    if split == "train":
        return known
    merged = dict(known)
    for key, entry in words(f"{name}_{split}").items():
        divided = isinstance(entry, dict) and set(entry) <= set(known.get(key, {}))
        merged[key] = {**known[key], **entry} if divided else entry
    return merged


@cache
def catalogue() -> dict[str, Any]:
    """All trades with their names and items."""
    return {**words("items"), **words("items_more"), **words("items_blind")}


def chance(rng: Random, probability: float) -> bool:
    """True with the given probability."""
    return rng.random() < probability


def weighted(rng: Random, weights: dict[T, float]) -> T:
    """One of the keys, drawn by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def some(rng: Random, values: Sequence[T], probability: float) -> tuple[T, ...]:
    """Each value with the given probability, in order."""
    return tuple(value for value in values if chance(rng, probability))
