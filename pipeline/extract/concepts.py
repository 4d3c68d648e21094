"""Understands labels that no list has word for word, by what their words mean, which `concepts.yaml` tells."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline.extract.data import load_data

Token = tuple[str, int, int]
"""A plain word with its start and end in the text."""


class Understood(NamedTuple):
    """What a run of words means: how many words and how many concepts they are, and the meaning of all of them."""

    words: int
    concepts: int
    meaning: str
    weak: bool


_BREAKS = re.compile(r"[:|;=()\[\]\n]|\s/\s|\s[-–—•·]\s|,\s")
"""What ends a label; "Date / Datum" are two."""
_ABBREVIATES = re.compile(r"\s?[./]")


def understand(tokens: Sequence[Token], at: int, text: str) -> Understood | None:
    """The longest run of words from a place on whose concepts together name a field; None when there is none.

    Words between that mean nothing ("de", "of the") are no concepts, and no run begins or ends with them.
    """
    found: list[str] = []
    best: Understood | None = None
    for place in range(at, len(tokens)):
        word, start, end = tokens[place]
        if place > at and _BREAKS.search(text[tokens[place - 1][2] : start]):
            break
        if word in _fillers():
            if not found:
                break
            continue
        concepts = ("number",) if word == "n" and text[end : end + 1] == "." else concepts_of(word)
        if not concepts or (len(word) == 1 and not _ABBREVIATES.match(text[end:])):
            break
        found += concepts
        if meaning := _meanings().get(frozenset(found)):
            best = Understood(place - at + 1, len(found), meaning.lstrip("*"), meaning.startswith("*"))
    return best


@lru_cache(maxsize=20_000)
def concepts_of(word: str) -> tuple[str, ...]:
    """What a word means: one concept, two for a compound such as "rechnungsdatum", none for an unknown word."""
    known = _words()
    if word in known:
        return (known[word],)
    for ending in _data()["endings"].split():
        stem = word.removesuffix(ending)
        if stem != word and stem in known:
            return (known[stem], known.get(ending, "number"))
    return ()


def _data() -> dict[str, Any]:
    return load_data("concepts.yaml")  # type: ignore[no-any-return]


@cache
def _words() -> dict[str, str]:
    return {word: name for name, words in _data()["concepts"].items() if name != "words" for word in words.split()}


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_data()["concepts"]["words"].split())


@cache
def _meanings() -> dict[frozenset[str], str]:
    """The meaning of each bag of concepts, with its star where it is weak."""
    return {
        frozenset(bag.lstrip("*").split()): ("*" if bag.startswith("*") else "") + meaning
        for meaning, bags in _data()["meanings"].items()
        for bag in bags
    }
