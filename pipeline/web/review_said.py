"""Sentences of the machine in the person's language.

A rule says "The lines add up to 600.00, the total is 650.00."; the catalogue has that sentence with {} for what
changes, and what stood there is put into the translation, numbers in the person's notation.
"""

import re
from functools import cache

from pipeline.web.texts import catalogue, notation_of
from schemas import FieldName

_NAMES = frozenset(FieldName)
_AMOUNT = re.compile(r"-?\d+\.\d+")
_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def said(language: str, sentence: str) -> str:
    """A sentence in a language; the English one where nobody translated it."""
    texts = catalogue(language)
    if sentence in texts:
        return texts[sentence]
    for pattern, translation in _patterns(language):
        if found := pattern.fullmatch(sentence):
            return translation.format(*(_localised(language, part) for part in found.groups()))
    return sentence


def _localised(language: str, part: str) -> str:
    if notation_of(language).decimal_mark == ",":
        part = _AMOUNT.sub(lambda found: found[0].replace(".", ","), part)
    part = _DATE.sub(r"\3/\2/\1", part)
    return said(language, part.replace("_", " ") if part in _NAMES else part)


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences with gaps, the longest first: it says the most."""
    gapped = [(english, other) for english, other in catalogue(language).items() if "{}" in english]
    gapped.sort(key=lambda pair: -len(pair[0]))
    return tuple(
        (re.compile("(.*?)".join(map(re.escape, english.split("{}"))), re.DOTALL), other) for english, other in gapped
    )
