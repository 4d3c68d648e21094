"""Sentences of rules in French, with what stood in them."""

import pytest

from pipeline.web.review_said import said
from pipeline.web.texts import catalogue


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "Net 1775.26 + VAT 355.05 is 2130.31, but the total says 2230.31.",
            "HT 1775,26 + TVA 355,05 font 2130,31, mais le total TTC indique 2230,31.",
        ),
        ("The issue date 2025-01-25 is more than a year ago.", "La date de facture 25/01/2025 a plus d'un an."),
        (
            "The invoice number 'A{0}' is only 97.3% sure: it is hard to read.",
            "« A{0} » n'est sûr qu'à 97,3% : il est difficile à lire.",
        ),
        (
            "Lines 2015.22 minus allowances 40.30 is 1974.92, but the net total says 2015.22.",
            "Lignes 2015,22 moins remises 40,30 font 1974,92, mais le total HT indique 2015,22.",
        ),
        ("follows from net_total and tax_total", "déduit de total HT et total de la TVA"),
        ("Nobody translated this.", "Nobody translated this."),
    ],
)
def test_a_sentence_with_figures_is_said_in_french(english, french):
    """Figures and dates in the notation of the language; a part that has a translation is translated too."""
    assert said("fr", english).replace("\N{NO-BREAK SPACE}", " ") == french
    assert said("en", english) == english


def test_every_translation_with_gaps_can_be_filled():
    """It has no more gaps than its text."""
    gapped = {one: other for one, other in catalogue("fr").items() if "{}" in one}
    assert len(gapped) > 40
    for english, french in gapped.items():
        assert french.format(*"abcdefgh"[: english.count("{}")]), english
