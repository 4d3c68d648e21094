from collections.abc import Callable, Sequence

import numpy as np
import pytest

from pipeline.ports import GrayImage
from pipeline.reading.picture import Picture
from pipeline.reading.pixels import PixelReader, confidence
from schemas import Box, TextSource, Word

GERMAN = "Rechnung für die Lieferung der Waren mit Datum und Betrag der Steuer bitte zahlen".split()


def words(texts: Sequence[str], certain: float, left: float = 100) -> tuple[Word, ...]:
    box = Box(x0=left, y0=200, x1=left + 50, y1=220)
    return tuple(Word(text=text, box=box, confidence=certain, source=TextSource.OCR) for text in texts)


class ScriptedEngine:
    """Answers by a rule and remembers what it was asked."""

    name = "scripted"

    def __init__(self, answer: Callable[[GrayImage, tuple[str, ...]], tuple[Word, ...]]) -> None:
        self.answer = answer
        self.asked: list[tuple[tuple[int, ...], tuple[str, ...]]] = []

    def read_words(self, image: GrayImage, _dpi: float, languages: tuple[str, ...]) -> tuple[Word, ...]:
        self.asked.append((image.shape, languages))
        return self.answer(image, languages)


def test_a_clean_page_is_read_once(draw):
    """One pass of OCR with the first language is enough for a certain page; boxes come out in points."""
    engine = ScriptedEngine(lambda _image, _languages: words(["Facture"], 0.95))
    page = PixelReader(engine, ("fra", "eng", "deu")).read(Picture(draw(), 200), 3, "scan")
    assert [languages for _, languages in engine.asked] == [("fra",)]
    assert (page.number, page.source, page.dpi) == (3, TextSource.OCR, 200)
    assert page.steps == ("text-layer:scan",)
    assert page.words[0].box.x0 == pytest.approx(36)
    assert page.width == pytest.approx(1654 * 72 / 200)


def test_a_blank_page_is_not_read():
    """OCR is not asked about an empty page."""
    engine = ScriptedEngine(lambda _image, _languages: words(["ghost"], 0.9))
    page = PixelReader(engine, ("fra",)).read(Picture(np.full((2339, 1654), 250, np.uint8), 200), 1)
    assert engine.asked == []
    assert page.words == ()
    assert page.steps == ("blank",)


def test_boxes_do_not_depend_on_the_size_that_was_read(draw):
    """A picture that was enlarged for OCR gives boxes in points of the page."""
    engine = ScriptedEngine(lambda _image, _languages: words(["Facture"], 0.95))
    page = PixelReader(engine, ("fra",)).read(Picture(draw(), 100), 1)
    assert page.words[0].box.x0 == pytest.approx(100 / 2 * 72 / 100)


def test_doubtful_german_is_read_again_in_german(draw):
    """Words of another language, read without certainty, are read again in it, and the next page begins with it."""
    engine = ScriptedEngine(lambda _image, languages: words(GERMAN, 0.9 if "deu" in languages else 0.6))
    reader = PixelReader(engine, ("fra", "eng", "deu"))
    first = reader.read(Picture(draw(), 200), 1)
    reader.read(Picture(draw(), 200), 2)
    assert [languages for _, languages in engine.asked] == [("fra",), ("deu",), ("deu",)]
    assert confidence(first.words) == pytest.approx(0.9)


def test_certain_words_are_not_read_again(draw):
    """A German page that was read with certainty is left as it is."""
    engine = ScriptedEngine(lambda _image, _languages: words(GERMAN, 0.95))
    PixelReader(engine, ("fra", "eng", "deu")).read(Picture(draw(), 200), 1)
    assert len(engine.asked) == 1


def test_the_better_of_two_readings_is_kept(draw):
    """When the other language reads worse, the first reading stays."""
    engine = ScriptedEngine(lambda _image, languages: words(GERMAN, 0.3 if "deu" in languages else 0.7))
    page = PixelReader(engine, ("fra", "eng", "deu")).read(Picture(draw(), 200), 1)
    assert confidence(page.words) == pytest.approx(0.7)


def test_a_page_on_its_head_is_turned(draw):
    """A page read badly, whose densest band reads better upside down, is turned and read again."""
    page = np.ascontiguousarray(np.rot90(draw(), 2))

    def answer(image: GrayImage, languages: tuple[str, ...]) -> tuple[Word, ...]:
        # The drawn text begins at the left margin: upright, the left half of the picture has more ink.
        middle = image.shape[1] // 2
        upright = (image[:, :middle] < 128).sum() > (image[:, middle:] < 128).sum()
        return words(["Facture"], 0.95 if upright else 0.2)

    engine = ScriptedEngine(answer)
    read = PixelReader(engine, ("fra",)).read(Picture(page, 200), 1)
    assert read.steps == ("turn:180",)
    assert confidence(read.words) == pytest.approx(0.95)


def test_confidence_weighs_words_by_length():
    """Long words count for more than marks; no words mean no confidence."""
    assert confidence((*words(["abcdefghi"], 1.0), *words(["."], 0.0))) == pytest.approx(0.9)
    assert confidence(()) == 0.0
