"""The text of pages without what spelling and print add to it, and phrases found in it in spite of slips."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from rapidfuzz import fuzz

from schemas import Page, TextSource

REACH = 150
"""Characters before and after a phrase that still speak of the same."""

_FORGIVING = 9
"""Shorter phrases are close to too many other words to forgive a slip."""
_SLIPS_OF_TYPE, _SLIPS_OF_OCR = 92.0, 84.0
"""How alike a phrase must be, in per cent (InDel): a text layer loses spaces, OCR a letter too."""
_INITIALS = re.compile(r"\b([a-z])\.(?=[a-z]\b|\s|$)")
_MARKS = re.compile(r"[^a-z0-9%€.,]+|[.,](?!\d)|(?<!\d)[.,]")


@dataclass(frozen=True)
class PlainText:
    """Lower case without accents and marks, words set apart and surrounded by one space each."""

    text: str
    is_ocr: bool = False

    def places(self, phrases: Iterable[str]) -> Iterator[int]:
        """Where words begin with one of the phrases; long phrases may be spelled with a slip."""
        for phrase in phrases:
            yield from (match.start() for match in re.finditer(re.escape(f" {phrase}"), self.text))
            if len(phrase) >= _FORGIVING:
                least = _SLIPS_OF_OCR if self.is_ocr else _SLIPS_OF_TYPE
                found = fuzz.partial_ratio_alignment(phrase, self.text, score_cutoff=least)
                if found is not None and found.score >= least:
                    yield found.dest_start

    def says(self, phrases: Iterable[str], near: str = "") -> bool:
        """Whether one of the phrases stands there, within reach of what matches `near`."""
        return any(
            not near or re.search(near, self.text[max(0, place - REACH) : place + REACH])
            for place in self.places(phrases)
        )

    def shows(self, pattern: str) -> bool:
        """Whether a regular expression matches somewhere."""
        return re.search(pattern, self.text) is not None


def plain_text(pages: Sequence[Page], notes: Sequence[str] = ()) -> PlainText:
    """The words of the pages, in their order, and further texts."""
    words = [word.text for page in pages for word in page.words]
    is_ocr = any(page.source is not TextSource.TEXT_LAYER for page in pages)
    return PlainText(simplified(" ".join([*words, *notes])), is_ocr)


def is_readable(pages: Sequence[Page], least_words: int, least_confidence: float) -> bool:
    """Whether there are enough words, and read well enough, to say that something does not stand there."""
    words = [word for page in pages for word in page.words]
    return len(words) >= least_words and fmean(word.confidence for word in words) >= least_confidence


def simplified(text: str) -> str:
    """Lower case, no accents, no marks but % € and those inside of numbers, single spaces, one at either end."""
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).casefold()
    bare = "".join(char for char in letters if not unicodedata.combining(char))
    words = _MARKS.sub(" ", _INITIALS.sub(r"\1", bare))
    return f" {' '.join(words.split())} "
