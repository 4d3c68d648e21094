"""What a person points at on a page: the word under a click, the words that a rectangle holds; pure."""

import re
from collections.abc import Iterator, Sequence

from stdnum import iban

from pipeline.extract.parsing import decimal_mark_of, month_first_of
from pipeline.review.keyed import Unreadable, text_of, value_of
from schemas import FIELD_TERMS, FieldName, Page, ValueKind, Word
from schemas.base import Value
from schemas.edits import Notation
from schemas.page import Box

CLICK = 3.0
"""Points; a smaller rectangle is a click."""
NEAR = 1.0
"""Line heights between words that may be one value."""
LONGEST = 12
"""Words of one value: an IBAN has up to nine groups."""
MOSTLY = 0.5
"""The share of a word that a rectangle must hold."""
_GROUPED = re.compile(r"[+\-−(]?\s?(?:[€$£]\s?)?\d{1,3}(?:\s\d{3})+(?:[.,]\d{1,3})?\)?(?:\s?(?:[€$£]|EUR))?")
_WORD_COLUMNS = ("identifier", "item_id", "description", "unit", "tax_category", "category")


class Taken(Value):
    """The text at a place of a page, and the box around it."""

    text: str
    box: Box


def take(page: Page, box: Box, name: FieldName | None, notation: Notation) -> Taken | None:
    """What stands in a rectangle (points); None where the page has no words there.

    A click takes the word under it, and with it the neighbours that make one value of the field: the groups of an
    amount, of a date in words, of an IBAN.
    """
    if max(box.width, box.height) >= CLICK:
        words = _inside(page.words, box)
        return _joined(words) if words else None
    at = next((index for index, word in enumerate(page.words) if _covers(word.box, box.x_mid, box.y_mid)), None)
    if at is None:
        return None
    runs = _runs(page.words, at) if name is not None else ()
    return next((_joined(run) for run in runs if name and _is_value(run, name, notation)), _joined([page.words[at]]))


def field_of(target: str) -> FieldName | None:
    """The field whose form a value must have at a place of the form: "iban", "lines.2.quantity"; None for any text."""
    if target in set(FieldName):
        return FieldName(target)
    is_number = "." in target and target.rpartition(".")[2] not in _WORD_COLUMNS
    return FieldName.NET_TOTAL if is_number else None


def in_notation(text: str, name: FieldName | None, page: Page, notation: Notation) -> str:
    """What a page says, as the person writes it: "1,234" of an English invoice is 1234 to a French reader too."""
    if name is None:
        return text
    texts = [word.text for word in page.words]
    mark = decimal_mark_of(texts) or notation.decimal_mark
    printed = Notation(decimal_mark=mark, month_first=month_first_of(texts))
    try:
        return text_of(value_of(name, text, printed), notation)
    except Unreadable:
        return text


def _inside(words: Sequence[Word], box: Box) -> list[Word]:
    return [word for word in words if _overlap(word.box, box) >= MOSTLY * word.box.width * word.box.height > 0]


def _overlap(one: Box, other: Box) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0.0, width) * max(0.0, height)


def _covers(box: Box, x: float, y: float) -> bool:
    return box.x0 - 1 <= x <= box.x1 + 1 and box.y0 - 1 <= y <= box.y1 + 1


def _runs(words: Sequence[Word], at: int) -> Iterator[list[Word]]:
    """The runs of words of one line around the one at that place, longest first; a single word is no run."""
    line = sorted((word for word in words if _same_line(word, words[at])), key=lambda word: word.box.x0)
    here = next(index for index, word in enumerate(line) if word is words[at])
    first, last = here, here
    while first > 0 and here - first < LONGEST and _is_near(line[first - 1], line[first]):
        first -= 1
    while last < len(line) - 1 and last - here < LONGEST and _is_near(line[last], line[last + 1]):
        last += 1
    pairs = [(start, end) for start in range(first, here + 1) for end in range(here, last + 1) if start < end]
    for start, end in sorted(pairs, key=lambda pair: pair[0] - pair[1]):
        yield line[start : end + 1]


def _same_line(one: Word, other: Word) -> bool:
    return abs(one.box.y_mid - other.box.y_mid) < 0.5 * max(one.box.height, other.box.height)


def _is_near(left: Word, right: Word) -> bool:
    return right.box.x0 - left.box.x1 < NEAR * max(left.box.height, right.box.height)


def _is_value(words: Sequence[Word], name: FieldName, notation: Notation) -> bool:
    """Whether several words are one value of a field, by its form."""
    text = " ".join(word.text for word in words)
    if FIELD_TERMS[name].kind is ValueKind.AMOUNT:
        return _GROUPED.fullmatch(text) is not None
    if name is FieldName.IBAN:
        return bool(iban.is_valid(text))
    if name in (FieldName.SELLER_SIREN, FieldName.SELLER_SIRET):
        digits = text.replace(" ", "")
        return digits.isdecimal() and len(digits) == (9 if name is FieldName.SELLER_SIREN else 14)
    return FIELD_TERMS[name].kind is ValueKind.DATE and _reads(name, text, notation)


def _reads(name: FieldName, text: str, notation: Notation) -> bool:
    try:
        return value_of(name, text, notation) is not None
    except Unreadable:
        return False


def _joined(words: Sequence[Word]) -> Taken:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return Taken(text=" ".join(word.text for word in words), box=box)
