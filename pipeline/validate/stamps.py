"""Stamps: a page that says by itself that it is a copy, paid, void or a sample must not be posted unseen."""

from collections.abc import Sequence
from statistics import median

from pipeline.extract.layout import TextLine, lines_of
from pipeline.validate.finding import error
from pipeline.validate.plain_text import simplified
from schemas import Finding, Page

RULE = "stamped"
LARGER = 1.2
"""A stamp is larger than the usual word of its page by this factor; smaller text may be a column or a menu."""
_STAMPS = {
    "copy": "duplicata copie copy duplicate duplikat kopie zweitschrift duplicado copia duplicato duplicaat",
    "paid": "paye payee acquitte acquittee regle paid bezahlt pagado pagada pagato pagata saldato betaald voldaan",
    "void": "annule annulee cancelled canceled void storniert anulado anulada annullato annullata geannuleerd",
    "sample": "specimen muster entwurf brouillon draft borrador bozza concept",
}
_MEANING = {word: meaning for meaning, words in _STAMPS.items() for word in words.split()}
_SAYS = {
    "copy": "a copy: the original may have come already",
    "paid": "paid",
    "void": "cancelled",
    "sample": "a draft or a sample",
}


def check_stamps(pages: Sequence[Page]) -> tuple[Finding, ...]:
    """An error finding for each kind of stamp: a word alone on its row, or apart, in large letters."""
    found = {meaning: text for page in pages for meaning, text in _stamps_on(page)}
    return tuple(
        error(RULE, f"The page is stamped '{text}': it says that it is {_SAYS[meaning]}.")
        for meaning, text in found.items()
    )


def _stamps_on(page: Page) -> list[tuple[str, str]]:
    lines = lines_of(page)
    usual = median(line.height for line in lines) if lines else 0.0
    segments = (segment for line in lines for segment in line.segments)
    return [
        (meaning, segment.text)
        for segment in segments
        if (meaning := _meaning(segment)) and segment.height >= LARGER * usual
    ]


def _meaning(segment: TextLine) -> str | None:
    """What a stamp of a single word says, whatever its case and accents."""
    return _MEANING.get(simplified(segment.text).strip())
