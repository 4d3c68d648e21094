"""Finds the labels that invoices print beside their values. The phrases are data, in `labels.yaml`."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from pipeline.extract.concepts import Token, understand
from pipeline.extract.data import load_data
from pipeline.extract.layout import TextLine
from schemas import Box

FUZZY_LENGTH = 5
"""Words shorter than this must match to the letter."""
FUZZY_RATIO = 85.0
"""How alike a misread word must be to a label's word, in per cent (rapidfuzz ratio)."""

NUMBER_SIGN = "n°"
"""What all spellings of the number sign become."""
_NUMBER_WORDS = frozenset("no nr num numero number nummer nro nbr núm # №".split())
_TOKEN = re.compile(r"n\s?[°ºo*](?![^\W\d_])|#|№|(?<![^\W_])[a-z](?:\.[a-z])+(?![^\W_])|[^\W_]+")


@dataclass(frozen=True, eq=False)
class Phrase:
    """One wording of one meaning."""

    meaning: str
    expects: str
    language: str
    weak: bool


@dataclass(frozen=True, eq=False)
class Label:
    """A phrase found on a page: characters `start` to `end` of a segment's text."""

    phrase: Phrase
    segment: TextLine
    start: int
    end: int
    length: int
    """How many words the phrase has: a longer one says more."""

    @property
    def meaning(self) -> str:
        """The field, or the `not_…` meaning."""
        return self.phrase.meaning

    @cached_property
    def box(self) -> Box:
        """The box around the label's words, in points; where a word is label and value at once, its share."""
        first, last = self.segment.words_between(self.start, self.end)
        words = self.segment.words[first:last]
        tail = words[-1]
        tail_start = self.segment.offsets[last - 1]
        share = min(1.0, (self.end - tail_start) / max(1, len(tail.text)))
        x1 = tail.box.x0 + share * tail.box.width
        return Box(
            x0=words[0].box.x0,
            x1=x1,
            y0=min(word.box.y0 for word in words),
            y1=max(word.box.y1 for word in words),
        )


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case without accents, of the same length as the text, so that places stay comparable."""
    if text.isascii():
        return text.lower()
    return "".join(
        (unicodedata.normalize("NFD", char.lower())[:1] or char) if char.isalpha() else char for char in text
    )


def tokens_of(text: str) -> list[Token]:
    """The words of a text as (plain word, start, end); all spellings of the number sign become "n°"."""
    found = []
    for match in _TOKEN.finditer(plain(text)):
        word = match[0].replace(".", "")
        is_number_sign = word in _NUMBER_WORDS or bool(re.fullmatch(r"n\s?[°ºo*]", word))
        found.append((NUMBER_SIGN if is_number_sign else word, match.start(), match.end()))
    return found


def find_labels(segment: TextLine) -> Iterator[Label]:
    """All labels in a segment, the longest at each place; one Label a meaning where a phrase has several."""
    text = segment.text
    tokens = [(_known_word(word), start, end) for word, start, end in tokens_of(text)]
    at = 0
    while at < len(tokens):
        for match in sorted([*_listed(tokens, at), *_understood(tokens, at, text)], key=lambda match: -match.words):
            start, (last, _, end) = tokens[at][1], tokens[at + match.words - 1]
            if _stands_free(text, start, end, last == NUMBER_SIGN):
                yield from (Label(phrase, segment, start, end, match.length) for phrase in match.phrases)
                at += match.words
                break
        else:
            at += 1


class _Match(NamedTuple):
    """Words that are a label: how many, how much they say, and which phrases they are."""

    words: int
    length: int
    phrases: tuple[Phrase, ...]


def _listed(tokens: Sequence[Token], at: int) -> Iterator[_Match]:
    """The phrases of `labels.yaml` that begin at a place, the longest first."""
    phrases, longest = _phrases()
    for size in range(min(longest, len(tokens) - at), 0, -1):
        if found := phrases.get(tuple(word for word, _, _ in tokens[at : at + size])):
            yield _Match(size, size, found)


def _understood(tokens: Sequence[Token], at: int, text: str) -> Iterator[_Match]:
    """What the words from a place on mean together."""
    if found := understand(tokens, at, text):
        expects = expectations()[found.meaning]
        phrase = Phrase(found.meaning, expects, "any", found.weak)
        yield _Match(found.words, found.concepts, (phrase,))


def _stands_free(text: str, start: int, end: int, is_number_sign: bool) -> bool:
    """Whether a phrase is no part of a longer word: "PO" names an order in "PO 7788", not in "PO-BUYER-7788".

    A number sign may touch its number: "Invoice No.123".
    """
    if not text[end - 1].isalpha() or (is_number_sign and re.match(r"\.?\d", text[end:])):
        return True
    glued = re.match(r"[-_/.]?[\w/_-]*", text[end:])
    tail = glued[0] if glued else ""
    before = text[start - 1 : start]
    return not (any(char.isdigit() for char in tail) or before in ("-", "_", "/", "@", "."))


@cache
def expectations() -> dict[str, str]:
    """The kind of value that each meaning expects."""
    return {meaning: entry["expects"] for meaning, entry in _data().items()}


def _data() -> dict[str, dict[str, Any]]:
    return load_data("labels.yaml")  # type: ignore[no-any-return]


@cache
def _phrases() -> tuple[dict[tuple[str, ...], tuple[Phrase, ...]], int]:
    """The phrases by their words, and the length of the longest."""
    table: dict[tuple[str, ...], list[Phrase]] = {}
    for meaning, entry in _data().items():
        for language, wordings in entry.items():
            if language == "expects":
                continue
            for wording in wordings:
                words = tuple(word for word, _, _ in tokens_of(wording.lstrip("*")))
                phrase = Phrase(meaning, entry["expects"], language, wording.startswith("*"))
                known = table.setdefault(words, [])
                if all(other.meaning != meaning for other in known):
                    known.append(phrase)
    return {words: tuple(found) for words, found in table.items()}, max(map(len, table))


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for words in _phrases()[0] for word in words)


@lru_cache(maxsize=20_000)
def _known_word(word: str) -> str:
    """The label word that a misread word most resembles, or the word itself."""
    vocabulary = _vocabulary()
    if word in vocabulary or len(word) < FUZZY_LENGTH or any(char.isdigit() for char in word):
        return word
    best = process.extractOne(word, vocabulary, scorer=fuzz.ratio, score_cutoff=FUZZY_RATIO)
    return best[0] if best and len(best[0]) >= FUZZY_LENGTH else word
