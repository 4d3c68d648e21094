"""The pictures of a document's pages."""

import io

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import BrokenFile
from pipeline.verify.pictures import TEXT_DPI, Pictures
from schemas import MediaType, Page, TextSource, Word
from tests.verify.conftest import box_at, page_of

MOST = 10_000_000


def test_a_page_with_a_text_layer_is_drawn_from_it(native_pdf: bytes) -> None:
    """At the resolution that its print needs, in gray, with its ink where its words are."""
    picture = Pictures(native_pdf, MediaType.PDF, MOST).of(page_of())
    assert picture.dpi == TEXT_DPI
    assert picture.pixels.ndim == 2
    assert (picture.width, picture.height) == pytest.approx((595, 842), abs=1)
    first_line = box_at(x0=72, y0=72, width=140, height=12).scaled(TEXT_DPI / 72)
    inked = picture.pixels[round(first_line.y0) : round(first_line.y1), round(first_line.x0) : round(first_line.x1)]
    assert inked.min() < 100


def test_a_page_that_was_read_from_pixels_is_drawn_in_the_frame_of_its_words() -> None:
    """Upright, as its transform tells: here the scan stood on its head."""
    pixels = np.full((300, 200), 255, dtype=np.uint8)
    pixels[280:290, 150:190] = 0
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    turned = (-1.0, 0.0, 199.0, 0.0, -1.0, 299.0, 0.0, 0.0, 1.0)
    page = Page(number=1, width=200, height=300, source=TextSource.OCR, dpi=72, transform=turned)
    picture = Pictures(out.getvalue(), MediaType.PNG, MOST).of(page)
    assert picture.pixels[15, 30] < 50
    assert picture.pixels[285, 170] > 200


def test_a_page_is_drawn_once(native_pdf: bytes) -> None:
    """Whatever words were read on it."""
    pictures = Pictures(native_pdf, MediaType.PDF, MOST)
    word = Word(text="Facture", box=box_at())
    assert pictures.of(page_of()).pixels is pictures.of(page_of(word)).pixels


def test_a_large_page_is_drawn_at_a_lower_resolution(native_pdf: bytes) -> None:
    """And the picture says at which."""
    picture = Pictures(native_pdf, MediaType.PDF, 100_000).of(page_of())
    assert picture.pixels.size == pytest.approx(100_000, rel=0.01)
    assert picture.dpi < 50
    assert (picture.width, picture.height) == pytest.approx((595, 842), abs=2)


def test_a_broken_document_is_told() -> None:
    """It was read once, but files change."""
    with pytest.raises(BrokenFile):
        Pictures(b"%PDF-1.4 nothing", MediaType.PDF, MOST).of(page_of())
