import io

import numpy as np
import pytest
from PIL import Image

from pipeline.reading.page_picture import draw_page
from pipeline.reading.read import read_document
from pipeline.reading.tesseract import TesseractEngine
from pipeline.settings import ReadingSettings, Settings
from schemas import MediaType, Page

SETTINGS = Settings(reading=ReadingSettings(dpi=200))


def dark_share(page: Page, text: str, pixels: np.ndarray, dpi: float) -> float:
    """How much of a word's box is ink in a picture of the page."""
    box = next(word.box for word in page.words if text in word.text)
    left, top, right, bottom = (round(value * dpi / 72) for value in (box.x0, box.y0, box.x1, box.y1))
    return float((pixels[top:bottom, left:right] < 128).mean())


@pytest.mark.parametrize("dpi", [60, 110])
def test_boxes_fit_the_picture_of_a_page_that_was_turned(draw, dpi: float):
    """A slanted photo on its side is drawn upright, at any resolution, with every word in its box."""
    out = io.BytesIO()
    page_image = Image.fromarray(draw()).rotate(1.5, fillcolor=255, expand=False).rotate(90, expand=True)
    page_image.save(out, "PNG", dpi=(200, 200))
    page = read_document(out.getvalue(), MediaType.PNG, SETTINGS, TesseractEngine()).pages[0]
    picture = draw_page(out.getvalue(), MediaType.PNG, page, dpi, 10**8)
    assert picture.pixels.shape == (round(page.height * dpi / 72), round(page.width * dpi / 72), 3)
    assert dark_share(page, "FA-2026-0417", picture.pixels, dpi) > 0.12


def test_boxes_fit_the_picture_of_a_text_layer_page(make_pdf, lines_stream):
    """A page read from its text layer is drawn as it is shown."""
    content = make_pdf(lines_stream(), page={"CropBox": [50, 300, 550, 800]})
    page = read_document(content, MediaType.PDF, SETTINGS, TesseractEngine()).pages[0]
    picture = draw_page(content, MediaType.PDF, page, 100, 10**8)
    assert picture.pixels.shape[:2] == (695, 695)
    assert dark_share(page, "FA-2026-0417", picture.pixels, 100) > 0.12
