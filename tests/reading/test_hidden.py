"""Hidden words in the frame of the page as it was read."""

import pytest

from pipeline.reading.hidden import with_hidden
from schemas import Box, Page, TextSource, Word

WORD = Word(text="666.00", box=Box(x0=100, y0=50, x1=140, y1=60))


def test_a_page_of_text_keeps_the_places() -> None:
    """A page read from its text layer is shown in the frame that its hidden words are in."""
    page = with_hidden(Page(number=1, width=595, height=842), (WORD,))
    assert page.hidden == (WORD,)


def test_a_page_that_was_turned_turns_them_too() -> None:
    """A scan that was turned upright has its hidden words where their pixels came to lie."""
    dpi = 144.0
    # a quarter turn to the right of a picture 1000 pixels high: x' = 1000 - y, y' = x
    turned = Page(
        number=1, width=500, height=400, source=TextSource.OCR, dpi=dpi, transform=(0, -1, 1000, 1, 0, 0, 0, 0, 1)
    )
    box = with_hidden(turned, (WORD,)).hidden[0].box
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((440, 100, 450, 140))


def test_a_page_that_hides_nothing_stays_as_it_is() -> None:
    """Without hidden words the page is the same value."""
    page = Page(number=1, width=595, height=842)
    assert with_hidden(page, ()) is page
