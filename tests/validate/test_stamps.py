"""Stamps on a page."""

import pytest

from pipeline.validate.stamps import check_stamps
from schemas import Box, Page, Severity, Word


def page(text: str, height: float = 24.0) -> Page:
    """A page of usual rows with a text in letters of another height."""
    rows = ["Facture 4711 du 3 mars", "Vis 10 pièces", "Total 120,00 EUR", "Merci"]
    words = [
        Word(text=word, box=Box(x0=60 + 70 * at, y0=100 + 30 * row, x1=120 + 70 * at, y1=110 + 30 * row))
        for row, line in enumerate(rows)
        for at, word in enumerate(line.split())
    ]
    words += [
        Word(text=word, box=Box(x0=60 + 90 * at, y0=500, x1=140 + 90 * at, y1=500 + height))
        for at, word in enumerate(text.split())
    ]
    return Page(number=1, width=595, height=842, words=tuple(words))


@pytest.mark.parametrize(
    ("stamp", "says"),
    [("DUPLICATA", "a copy"), ("Payé", "paid"), ("*BEZAHLT*", "paid"), ("ANULADA", "cancelled"), ("Entwurf", "draft")],
)
def test_a_stamp_is_an_error(stamp: str, says: str) -> None:
    """A large word by itself that says copy, paid, void or draft, in any of the six languages, needs a person."""
    (finding,) = check_stamps((page(stamp),))
    assert (finding.rule, finding.severity) == ("stamped", Severity.ERROR)
    assert stamp in finding.message
    assert says in finding.message


@pytest.mark.parametrize(("text", "height"), [("payé", 10.0), ("Copie conforme au bon", 24.0), ("FACTURE", 24.0)])
def test_other_words_are_no_stamp(text: str, height: float) -> None:
    """A word of running text, a sentence and a title are left alone."""
    assert check_stamps((page(text, height),)) == ()
