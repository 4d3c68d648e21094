"""Whether what a reader sees in a place is the value that is said to stand there."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from pipeline.extract.parsing import find_dates, parse_amount
from pipeline.extract.spans import is_iban
from schemas import FIELD_TERMS, FieldName, ValueKind

SAME_NAME, OTHER_NAME = 88.0, 70.0
"""Similarity of names in percent (rapidfuzz): the same from the first on, another below the second."""
LONG, MOST_CUT = 13, 2
"""Characters of an identifier that is known by less than all of them, and how many may lie outside of its box."""
_NUMBER = re.compile(r"[\d.,'’ \u00a0\u2009\u202f]*\d")
_WITH_DIGIT = re.compile(r"\S*\d\S*")
_LOOKALIKES = str.maketrans("OQIL|SBZoil", "00111582011")


def agrees(name: FieldName, value: Any, raw: str, seen: str) -> bool | None:
    """True when `seen` is the value (printed as `raw`), False when it is another one, None when it does not tell."""
    if not any(char.isalnum() for char in seen):
        return None
    told = _COMPARISONS[FIELD_TERMS[name].kind](value, raw, seen)
    if told is None and name is FieldName.IBAN and (_is_misread_iban(value, seen) or _is_cut(seen, value)):
        return True
    if told is None and name is FieldName.INVOICE_NUMBER and _is_mistaken(value, seen):
        return False
    return told


def _is_mistaken(value: str, seen: str) -> bool:
    """Whether the value has a letter where a figure of the same looks is seen ("FTO00145"): it may be the figure."""
    read, wanted = compact(seen), compact(value)
    pairs = zip(read, wanted, strict=False)
    is_alike = read.translate(_LOOKALIKES) == wanted.translate(_LOOKALIKES)
    return is_alike and any(there.isdigit() and here.isalpha() for there, here in pairs)


def _is_misread_iban(value: str, seen: str) -> bool:
    """Whether letters and figures that look alike are all that differs, and the check digits speak for the value."""
    runs = [run for run in _runs(seen) if run.translate(_LOOKALIKES) == compact(value).translate(_LOOKALIKES)]
    return bool(runs) and is_iban(value) and not any(is_iban(run) for run in runs)


def compact(text: str) -> str:
    """Letters and figures alone, in upper case."""
    return re.sub(r"[\W_]", "", text).upper()


def _amount(value: Decimal, raw: str, seen: str) -> bool | None:
    """Signs aside, for credit notes print both ways; other text beside the number does not matter."""
    found = _numbers(seen)
    if abs(value) in found:
        return True
    read = _digits(seen)
    if not read:
        return None
    if read in {_digits(raw), _digits(f"{abs(value):.2f}")}:
        # a misread or lost mark; but where that leaves another number, it may be the page that says another one
        return True if not found or _decimals(seen) == _decimals(raw) else None
    return None if abs(value) in _numbers(_WITH_DIGIT.sub(_as_digits, seen)) else False


def _numbers(text: str) -> set[Decimal]:
    parsed = (parse_amount(part) for part in (text, *_NUMBER.findall(text)))
    return {abs(number) for number in parsed if number is not None}


def _as_digits(match: re.Match[str]) -> str:
    return match[0].translate(_LOOKALIKES)


def _date(value: date, raw: str, seen: str) -> bool | None:
    found = {day for month_first in (False, True) for day, _, _ in find_dates(seen, month_first)}
    if found:
        return value in found
    in_figures = not any(char.isalpha() for char in raw)
    return True if in_figures and _digits(seen) == _digits(raw) != "" else None


def _identifier(value: str, raw: str, seen: str) -> bool | None:
    """Spaces and marks aside; a label may be glued to it, other figures may not."""
    wanted, read = compact(value), compact(seen)
    if not wanted:
        return None
    alone = re.compile(rf"\D*{re.escape(wanted)}\D*")
    if read == compact(raw) or any(alone.fullmatch(run) for run in _runs(seen)):
        return True
    if _is_cut(seen, value):
        return None
    alike = wanted.translate(_LOOKALIKES) in read.translate(_LOOKALIKES)
    return None if alike or len(read) < len(wanted) / 2 else False


def _is_cut(seen: str, value: str) -> bool:
    """Whether a long identifier lost a character or two at an end: its box was cut too close, or it never had them."""
    read, wanted = compact(seen), compact(value)
    missing = len(wanted) - len(read)
    return len(wanted) >= LONG and 0 < missing <= MOST_CUT and (wanted.startswith(read) or wanted.endswith(read))


def _runs(text: str) -> Iterator[str]:
    """All runs of a text's words, put together."""
    words = [compact(word) for word in text.split()]
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            yield "".join(words[first:last])


def _text(value: str, raw: str, seen: str) -> bool | None:
    wanted, read = _plain(value), _plain(seen)
    alike = max(fuzz.ratio(wanted, read), fuzz.ratio(_plain(raw), read), fuzz.token_set_ratio(wanted, read))
    return True if alike >= SAME_NAME else False if alike < OTHER_NAME else None


_COMPARISONS: dict[ValueKind, Callable[[Any, str, str], bool | None]] = {
    ValueKind.AMOUNT: _amount,
    ValueKind.DATE: _date,
    ValueKind.IDENTIFIER: _identifier,
    ValueKind.CODE: _identifier,
    ValueKind.TEXT: _text,
}


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _decimals(text: str) -> int:
    """How many figures stand behind the last mark."""
    return len(_digits(re.split(r"[.,]", text)[-1]))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^\w]+", " ", "".join(char for char in decomposed if not unicodedata.combining(char))).strip()
