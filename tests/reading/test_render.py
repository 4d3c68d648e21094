from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import BrokenFile
from pipeline.reading.render import affordable_dpi, page_sizes, render_pdf_page

SQUARE = "0 0 1 rg 72 700 72 72 re f"


def test_a_page_is_drawn_at_the_resolution_asked_for(make_pdf):
    """A blue square one inch wide stands where it belongs, in gray and in RGB."""
    content = make_pdf(SQUARE)
    gray = render_pdf_page(content, 1, 144, 10**8, colour=False)
    assert gray.dpi == 144
    assert gray.pixels.shape == (1684, 1190)
    assert gray.pixels[2 * (842 - 736), 2 * 108] < 100
    colour = render_pdf_page(content, 1, 144, 10**8, colour=True)
    assert colour.pixels[2 * (842 - 736), 2 * 108].tolist() == [0, 0, 255]
    assert colour.pixels[5, 5].tolist() == [255, 255, 255]


@pytest.mark.parametrize(("mode", "paper", "gray"), [("L", 200, 200), ("RGB", (255, 0, 0), 76), ("1", 1, 255)])
def test_a_scan_is_drawn_in_gray(mode, paper, gray):
    """A page that is one picture gives that picture's light, whatever its colours."""
    file = BytesIO()
    picture = Image.new(mode, (300, 400), paper)
    picture.paste(0 if mode != "RGB" else (0, 0, 0), (100, 100, 200, 200))
    picture.save(file, "PDF", resolution=72)
    pixels = render_pdf_page(file.getvalue(), 1, 72, 10**8, colour=False).pixels
    assert pixels.shape == (400, 300)
    assert int(pixels[50, 50]) == pytest.approx(gray, abs=2)
    assert int(pixels[150, 150]) <= 2


def test_the_page_is_drawn_as_it_is_shown(make_pdf):
    """Crop box and rotation are obeyed."""
    content = make_pdf(SQUARE, page={"CropBox": [72, 600, 372, 772], "Rotate": 90})
    assert page_sizes(content) == [(172, 300)]
    pixels = render_pdf_page(content, 1, 72, 10**8, colour=False).pixels
    assert pixels.shape == (300, 172)
    assert pixels[36, 172 - 36] < 100
    assert pixels[200, 50] == 255


def test_a_large_page_is_drawn_more_coarsely(make_pdf):
    """A poster keeps within the limit on pixels."""
    picture = render_pdf_page(make_pdf(SQUARE, media=(0, 0, 7000, 7000)), 1, 300, 1_000_000, colour=False)
    assert picture.pixels.size <= 1_010_000
    assert picture.width == pytest.approx(7000, rel=0.01)
    assert affordable_dpi(595, 842, 300, 10**8) == 300


def test_pixels_outlive_the_document(make_pdf):
    """The picture does not lie in memory that PDFium has given back."""
    content = make_pdf(SQUARE)
    first = render_pdf_page(content, 1, 72, 10**8, colour=False).pixels
    before = first.copy()
    for _ in range(3):
        render_pdf_page(content, 1, 72, 10**8, colour=False)
    assert np.array_equal(first, before)


def test_a_page_is_drawn_once(make_pdf):
    """Whoever asks for the same picture again is given the one that was drawn, which nobody can write on."""
    content = make_pdf(SQUARE)
    first = render_pdf_page(content, 1, 72, 10**8, colour=False)
    assert render_pdf_page(content, 1, 72, 10**8, colour=False) is first
    assert not first.pixels.flags.writeable


def test_a_damaged_pdf_is_broken():
    """Something that PDFium cannot open is a broken file."""
    with pytest.raises(BrokenFile):
        page_sizes(b"%PDF-1.7\nnothing")
