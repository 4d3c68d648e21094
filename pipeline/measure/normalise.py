"""Brings a value as written and a value as read to one form, so that only real differences count."""

import re
from datetime import date
from decimal import Decimal

from rapidfuzz import fuzz

from schemas import FIELD_TERMS, FieldName, ValueKind
from schemas.field import FieldValue, typed

SAME_NAME = 90.0
"""From this token similarity on, of 100, two names are of one party."""

_PUNCTUATION = re.compile(r"[\W_]+")


def normalise(name: FieldName, value: object) -> FieldValue | None:
    """A value in the form in which values of its field are compared.

    Amounts become Decimal, dates `date`, identifiers and codes upper-case letters and digits, other text
    is case-folded. Empty text is None. Raises ValueError for what is no date and `InvalidOperation` for
    what is no number.
    """
    if value is None or value == "":
        return None
    given = typed(name, value)
    if isinstance(given, Decimal | date):
        return given
    if FIELD_TERMS[name].kind is ValueKind.TEXT:
        return " ".join(str(given).casefold().split())
    return identifier(str(given))


def identifier(text: str) -> str:
    """Text without spaces and punctuation, in upper case."""
    return _PUNCTUATION.sub("", text).upper()


def same(name: FieldName, left: FieldValue, right: FieldValue) -> bool:
    """Whether two normalised values of a field agree: names from `SAME_NAME` on, all else when equal."""
    if FIELD_TERMS[name].kind is ValueKind.TEXT:
        return similarity(str(left), str(right)) >= SAME_NAME
    return left == right


def similarity(left: str, right: str) -> float:
    """Token-set similarity of two texts from 0 to 100, blind to case and word order."""
    return fuzz.token_set_ratio(left.casefold(), right.casefold())
