"""Tesseract as a reader of strips."""

import numpy as np
import pytest

from pipeline.errors import ReaderError
from pipeline.ports import GrayImage, Strip
from pipeline.reading.tesseract import TesseractEngine
from pipeline.reading.tesseract_strips import TesseractStrips
from schemas import Box, Word
from tests.verify.conftest import drawn_line


class Answers:
    """An OCR engine that sees the given words, whatever it is shown."""

    name = "answers"

    def __init__(self, *words: Word) -> None:
        self.words = words
        self.shown: list[GrayImage] = []

    def read_words(self, image: GrayImage, *_: object) -> tuple[Word, ...]:
        self.shown.append(image)
        return self.words


def word(text: str, x0: float, y0: float, confidence: float = 0.9) -> Word:
    return Word(text=text, box=Box(x0=x0, y0=y0, x1=x0 + 30, y1=y0 + 20), confidence=confidence)


def test_all_strips_are_read_in_one_call_and_told_apart() -> None:
    """Real print, read by the real engine: amounts, a date, an IBAN, and an empty strip among them."""
    texts = ("1 234,56 EUR", "03/03/2026", "FR76 3000 6000 0112 3456 7890 189", "FA-2026-0417")
    strips = [drawn_line(text) for text in texts]
    strips.insert(2, np.full((40, 200), 255, dtype=np.uint8))
    read = TesseractStrips(TesseractEngine(psm=6), ("eng",)).read_strips(strips)
    assert [strip.text for strip in read] == [*texts[:2], "", *texts[2:]]
    assert all(strip.confidence > 0.8 for strip in read if strip.text)
    assert read[2] == Strip("", 0.0)


def test_print_on_coloured_ground_is_read_beside_print_on_white() -> None:
    """Totals stand in coloured boxes, often lighter than their ground."""
    texts = ("600,00", "120,00", "720,00", "45,00")
    grounds = ((10, 255), (250, 45), (250, 120), (30, 150))
    strips = [drawn_line(text, ink=ink, paper=paper) for text, (ink, paper) in zip(texts, grounds, strict=True)]
    read = TesseractStrips(TesseractEngine(psm=6), ("eng",)).read_strips(strips)
    assert [strip.text for strip in read] == list(texts)


def test_words_belong_to_the_strip_that_they_stand_in() -> None:
    """From left to right; a strip is as sure as the least sure of its words."""
    engine = Answers(word("right", 100, 45, 0.7), word("left", 45, 50, 0.9), word("below", 45, 130))
    upper, lower = TesseractStrips(engine, ("eng",)).read_strips([np.zeros((40, 200), np.uint8)] * 2)
    assert (upper.text, upper.confidence) == ("left right", 0.7)
    assert lower.text == "below"


def test_strips_stand_apart_on_white() -> None:
    """A narrow strip is not stretched, and none touches another."""
    engine = Answers()
    TesseractStrips(engine, ("eng",)).read_strips([np.full((30, 100), 210, np.uint8), np.full((20, 50), 210, np.uint8)])
    (sheet,) = engine.shown
    rows = np.flatnonzero((sheet == 210).any(axis=1))
    assert np.flatnonzero(np.diff(rows) > 1).size == 1
    assert np.count_nonzero(sheet == 210) == 30 * 100 + 20 * 50


def test_without_strips_nobody_is_asked() -> None:
    """A call costs a third of a second."""
    engine = Answers()
    assert TesseractStrips(engine, ("eng",)).read_strips([]) == ()
    assert not engine.shown


def test_a_strip_without_pixels_has_no_text() -> None:
    """Its place was outside of the page."""
    empty = np.zeros((0, 0), np.uint8)
    assert TesseractStrips(Answers(), ("eng",)).read_strips([empty, empty]) == (Strip("", 0.0),) * 2


def test_an_engine_that_fails_is_told() -> None:
    """Its error comes through as it is."""

    class Dies(Answers):
        def read_words(self, *_: object) -> tuple[Word, ...]:
            raise ReaderError("dead")

    with pytest.raises(ReaderError):
        TesseractStrips(Dies(), ("eng",)).read_strips([np.zeros((9, 9), np.uint8)])
