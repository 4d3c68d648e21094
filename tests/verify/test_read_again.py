"""The second reading of a whole page, or of some of its lines."""

from datetime import date

import numpy as np
import pytest

from pipeline.reading.picture import Picture
from pipeline.verify.read_again import (
    COVERED,
    MOST_RIVALS,
    SURE,
    SURE_WHERE_WELL_READ,
    boxes_by_page,
    read_again,
    read_lines_again,
)
from schemas import Box, Candidate, FieldName, Page, TextSource, Word
from tests.verify.conftest import Sees, box_at, page_of, read_field

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


BADLY_READ = word("lorem ipsum dolor sit amet", 0.5, box_at(x0=100, y0=500, width=200, height=20))
"""With it a page is not well read as a whole."""
PADDING = 0.6 * LINE.height


@pytest.mark.parametrize(
    "seen",
    [
        (word("Désignation", SURE), BADLY_READ),
        (word("45,00", SURE_WHERE_WELL_READ), word("Facture", 0.99, box_at(x0=100, y0=500))),
        (word("45,00", box=box_at(x0=100, y0=100, width=COVERED * (LINE.width - PADDING) + 1, height=20)),),
    ],
)
def test_lines_that_the_first_reader_is_sure_of_are_kept(seen: tuple[Word, ...]) -> None:
    """Reading them again costs time. A line that was found has paper around it, which nobody reads."""
    reader = Sees("anything", lines=[in_pixels(LINE)])
    page = read_again(page_read(*seen), PICTURE, reader)
    assert page.words == seen[:1]
    assert not reader.shown


@pytest.mark.parametrize(
    "seen",
    [
        (word("45,00", 0.99), BADLY_READ),  # figures on a page that was badly read
        (word("Désignation", SURE - 0.01), BADLY_READ),
        (word("Désignation", SURE_WHERE_WELL_READ - 0.01), word("Facture", 0.99, box_at(x0=100, y0=500))),
        (word("45,00", box=box_at(x0=100, y0=100, width=100, height=20)),),  # half of the line was not read
    ],
)
def test_what_is_not_sure_is_read_again(seen: tuple[Word, ...]) -> None:
    """The words of the second reader take its place."""
    reader = Sees("again", lines=[in_pixels(LINE)])
    page = read_again(page_read(*seen), PICTURE, reader)
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


BELOW = box_at(x0=100, y0=140, width=200, height=20)


def test_only_the_lines_in_question_are_read_again() -> None:
    """Their words are the second reader's, the rest of the page stays as the first one saw it."""
    reader = Sees("FA-0417")
    page = read_lines_again(page_read(word("FA-O417"), word("Total", box=BELOW)), [LINE], PICTURE, reader)
    assert [(seen.text, seen.source) for seen in page.words] == [
        ("Total", TextSource.OCR),
        ("FA-0417", TextSource.SECOND_READER),
    ]
    assert page.source is TextSource.SECOND_READER
    assert len(reader.shown) == 1
    again = page.words[-1].box
    assert LINE.y0 < again.y_mid < LINE.y1
    assert LINE.x0 - LINE.height < again.x0 < again.x1 < LINE.x1 + LINE.height


def test_a_line_is_read_as_a_whole_and_its_columns_apart() -> None:
    """The label beside a value may be misread too; what stands far off in the same row is another matter."""
    label, value = box_at(x0=100, y0=100, width=50, height=20), box_at(x0=155, y0=100, width=50, height=20)
    far = box_at(x0=400, y0=100, width=50, height=20)
    words = [word("Facture", box=label), word("FA-O417", box=value), word("Page", box=far)]
    reader = Sees("N° 417")
    page = read_lines_again(page_read(*words), [value], PICTURE, reader)
    assert [seen.text for seen in page.words] == ["Page", "N°", "417"]
    assert [strip.shape[1] for strip in reader.shown] == [pytest.approx(2 * (105 + 10), abs=2)]


def test_the_places_of_a_doubtful_value_are_its_own_and_those_of_its_rivals() -> None:
    """By page; what has no place is left out, and so are rivals that hardly anything speaks for."""
    rivals = tuple(
        Candidate(name=FieldName.INVOICE_NUMBER, value=str(at), raw=str(at), page=2, box=BELOW)
        for at in range(MOST_RIVALS + 1)
    )
    number = read_field(FieldName.INVOICE_NUMBER, "417").model_copy(update={"page": 1, "box": LINE, "rivals": rivals})
    nowhere = read_field(FieldName.ISSUE_DATE, date(2026, 3, 3)).model_copy(update={"page": None, "box": None})
    assert boxes_by_page([number, nowhere]) == {1: [LINE], 2: [BELOW] * MOST_RIVALS}
