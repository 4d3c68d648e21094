"""Whether a text layer may be believed, or the page has to be read from its pixels."""

import re

from pipeline.reading.characters import count_rubbish
from pipeline.reading.visible import TextPage

FEWEST_CHARACTERS = 20
SCAN_SHARE = 0.5
"""Images over this share of the page make it a scan, unless it has the text of a whole page beside them."""
SCAN_CHARACTERS = 300
HIDDEN_SHARE = 0.2
SIDEWAYS_SHARE = 0.5
RUBBISH_SHARE = 0.03
WORDLIKE_SHARE = 0.6
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_VOWEL = re.compile(r"[aeiouyàâäáãåæéèêëíìîïóòôöõøœúùûüýÿ]", re.IGNORECASE)
_UNUSUAL = re.compile(r"[bcdfghjklmnpqrstvwxz]{6,}", re.IGNORECASE)


def distrust(page: TextPage) -> str | None:
    """Why the text layer of a page is not to be believed, as a stable code, or None when it is."""
    seen = len("".join(page.text.split()))
    reasons = {
        "no-text": seen < FEWEST_CHARACTERS,
        "hidden-text": page.hidden_count > HIDDEN_SHARE * (seen + page.hidden_count) and page.image_share > 0,
        "scan": page.image_share > SCAN_SHARE and seen < SCAN_CHARACTERS,
        "sideways": page.sideways > SIDEWAYS_SHARE * seen,
        "rubbish": count_rubbish(page.text) > RUBBISH_SHARE * seen,
        "not-words": _wordlike_share([word.text for word in page.words]) < WORDLIKE_SHARE,
    }
    return next((code for code, applies in reasons.items() if applies), None)


def _wordlike_share(texts: list[str]) -> float:
    """The share of runs of letters that could be words of a European language; 1 when there are few runs.

    A font that is encoded by its glyph numbers gives runs without vowels, with cases mixed inside a word.
    """
    runs = [run for text in texts for run in _LETTERS.findall(text)]
    if len(runs) < 5:
        return 1.0
    return sum(_is_wordlike(run) for run in runs) / len(runs)


def _is_wordlike(run: str) -> bool:
    if run.isupper() and len(run) <= 5:
        return True
    even_case = run.islower() or run.isupper() or run.istitle() or run[1:].islower()
    return bool(even_case and _VOWEL.search(run) and not _UNUSUAL.search(run))
