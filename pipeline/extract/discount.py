"""Finds what a seller takes off for early payment: in the payment terms of an e-invoice (BT-20), or printed.

A percentage and a number of days must stand by the word; what French law makes every invoice say, that there is no
such discount or what is due for a late payment, is none.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from schemas.discount import Discount

_PERCENT = r"(?P<percent>\d{1,2}(?:[.,]\d{1,3})?) ?(?:%|pour ?cent|prozent|percent)"
_DAYS = r"(?P<days>\d{1,3}) ?(?:jours?|j\b|tagen?|days?)(?! ?(?:net|fin de mois))"  # those are the ordinary terms
_WORD = r"(?:escompte|skonto|discount|early payment|prompt payment)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"#SKONTO#TAGE=(?P<days>\d{1,3})#PROZENT=(?P<percent>\d{1,2}(?:\.\d{1,3})?)#",  # XRechnung, BR-DE-18
        rf"{_WORD}\W.{{0,40}}?{_PERCENT}.{{0,60}}?{_DAYS}",
        rf"{_PERCENT}.{{0,25}}?{_WORD}.{{0,60}}?{_DAYS}",
        rf"{_WORD}\W.{{0,60}}?{_DAYS}.{{0,40}}?{_PERCENT}",
        rf"{_DAYS}.{{0,40}}?{_PERCENT}.{{0,15}}?{_WORD}",
        r"\b(?P<percent>\d(?:\.\d)?)/(?P<days>\d{1,2}),? net \d{2,3}\b",  # 2/10 net 30
    )
)
_NONE = re.compile(
    rf"\b(?:pas|aucun|sans|n[ée]ant|nul|no|kein|ohne)\b.{{0,20}}{_WORD}|{_WORD}.{{0,60}}\b(?:n[ée]ant|aucun|nul)\b",
    re.IGNORECASE,
)
_LATE = re.compile(r"retard|p[ée]nalit|late payment|verzug|int[ée]r[êe]t", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[^\d])[.;](?=\s|$)|(?<=\d)\.(?=\s+[A-ZÀ-Ý])|\n")
MOST = 300


def find_discount(texts: Iterable[str]) -> Discount | None:
    """The first discount that the texts promise, sentence by sentence; None when none does."""
    for text in texts:
        for sentence in _SENTENCES.split(text):
            if (found := _promised(" ".join(sentence.split())[:MOST])) is not None:
                return found
    return None


def _promised(sentence: str) -> Discount | None:
    if _NONE.search(sentence):
        return None
    for form in _FORMS:
        match = form.search(sentence)
        if match and not _LATE.search(match[0]):
            return _discount(match, sentence)
    return None


def _discount(match: re.Match[str], sentence: str) -> Discount | None:
    try:
        percent, days = Decimal(match["percent"].replace(",", ".")), int(match["days"])
    except InvalidOperation:
        return None
    is_likely = 0 < percent <= 20 and 1 <= days <= 120
    return Discount(percent=percent, days=days, said=sentence) if is_likely else None
