"""The second reading of a whole page."""

import numpy as np
import pytest

from pipeline.reading.picture import Picture
from pipeline.verify.read_again import SURE, read_again
from schemas import Box, Page, TextSource, Word
from tests.verify.conftest import Sees, box_at, page_of

PICTURE = Picture(np.full((1684, 1190), 255, dtype=np.uint8), 144.0)
"""An A4 page at 144 dpi: a point is two pixels."""
LINE = box_at(x0=100, y0=100, width=200, height=20)


def page_read(*words: Word) -> Page:
    return page_of(*words, source=TextSource.OCR)


def in_pixels(box: Box) -> Box:
    return box.scaled(2)


def word(text: str, confidence: float = 0.99, box: Box = LINE) -> Word:
    return Word(text=text, box=box, confidence=confidence, source=TextSource.OCR)


def test_the_lines_of_a_page_are_read_by_the_second_reader() -> None:
    """Their words come with boxes in points, and the page says who read it."""
    reader = Sees("Total 45,00", lines=[in_pixels(LINE)])
    page = read_again(page_read(), PICTURE, reader)
    assert page.source is TextSource.SECOND_READER
    assert [word.text for word in page.words] == ["Total", "45,00"]
    assert page.words[0].box.x0 == pytest.approx(LINE.x0, abs=1)
    assert page.words[-1].box.x1 == pytest.approx(LINE.x1, abs=1)
    assert {word.source for word in page.words} == {TextSource.SECOND_READER}
    assert [strip.shape for strip in reader.shown] == [(40, 400)]


def test_plain_words_that_the_first_reader_is_sure_of_are_kept() -> None:
    """Reading them again costs time, and no value that money depends on is among them."""
    reader = Sees("anything", lines=[in_pixels(LINE)])
    page = read_again(page_read(word("Désignation")), PICTURE, reader)
    assert [(word.text, word.source) for word in page.words] == [("Désignation", TextSource.OCR)]
    assert not reader.shown


@pytest.mark.parametrize(
    ("seen", "confidence", "box"),
    [
        ("45,00", 0.99, LINE),  # figures are read again all the same
        ("Désignation", SURE - 0.01, LINE),
        ("Désignation", 0.99, box_at(x0=100, y0=100, width=100, height=20)),  # half of the line was not read
    ],
)
def test_what_is_not_sure_is_read_again(seen: str, confidence: float, box: Box) -> None:
    """The words of the second reader take its place."""
    reader = Sees("again", lines=[in_pixels(LINE)])
    page = read_again(page_read(word(seen, confidence, box)), PICTURE, reader)
    assert [word.text for word in page.words] == ["again"]


def test_everything_is_read_again_when_it_is_asked_for() -> None:
    """Sure or not."""
    reader = Sees("again", lines=[in_pixels(LINE)])
    page = read_again(page_read(word("Désignation")), PICTURE, reader, everything=True)
    assert [word.text for word in page.words] == ["again"]


def test_lines_keep_their_order_whoever_read_them() -> None:
    """Reading order is that of the lines that were found."""
    lower = box_at(x0=100, y0=140, width=200, height=20)
    reader = Sees("again", lines=[in_pixels(LINE), in_pixels(lower)])
    page = read_again(page_read(word("Désignation", box=lower)), PICTURE, reader)
    assert [word.text for word in page.words] == ["again", "Désignation"]


def test_a_page_without_lines_has_no_words() -> None:
    """The first reader's remain in its own view of the page."""
    assert read_again(page_read(word("Désignation")), PICTURE, Sees("")).words == ()
