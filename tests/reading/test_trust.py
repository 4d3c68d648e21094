from dataclasses import replace

import pytest

from pipeline.reading.trust import distrust
from pipeline.reading.visible import TextPage
from schemas import Box, Word

TEXT = "Facture numéro FA-2026-0417 du trois mars pour la livraison de farine, total 720,00 EUR à régler"
BOX = Box(x0=0, y0=0, x1=1, y1=1)


def page_of(text: str) -> TextPage:
    words = tuple(Word(text=word, box=BOX) for word in text.split())
    return TextPage(1, 595, 842, words, text, hidden=(), hidden_count=0, sideways=0, image_share=0.0)


def test_plain_text_is_believed():
    """Readable text without anything odd about it is believed, over a small picture too."""
    assert distrust(page_of(TEXT)) is None
    assert distrust(replace(page_of(TEXT), image_share=0.1)) is None


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (page_of("Page 1"), "no-text"),
        (replace(page_of(TEXT), image_share=0.95), "scan"),
        (replace(page_of(TEXT * 5), image_share=0.95, hidden_count=900), "hidden-text"),
        (replace(page_of(TEXT), sideways=80), "sideways"),
        (page_of(TEXT + "(cid:3)(cid:17)\ue000\ue001\ufffd"), "rubbish"),
        (page_of("Idfwxuh qxphur GdWxP prqwdqw WrWdO whqhqw OlyUdl vrq sdlhphqW FdOFxO rqw mrxuv"), "not-words"),
    ],
)
def test_each_doubt_has_its_code(page: TextPage, reason: str):
    """A text layer that a person would not recognise is not believed, and the code says why."""
    assert distrust(page) == reason


def test_text_over_a_background_picture_is_believed():
    """A full page of visible text on a letterhead that is one large image is no scan."""
    assert distrust(replace(page_of(TEXT * 5), image_share=1.0)) is None


def test_few_words_do_not_make_a_text_unreadable():
    """A page of figures has hardly any words and is still believed."""
    assert distrust(page_of("12 45,00 540,00 3 20,00 60,00 600,00 120,00 720,00")) is None
