"""What a person is shown of a page: its words, its picture as PNG, and what OCR reads in a part of it.

PDFium can abort the process: all of this runs in a child process, through `pipeline.web.pictures`.
"""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.errors import BackofficeError, EnvironmentFault, InputError
from pipeline.ports import GrayImage
from pipeline.reading.engines import second_reader
from pipeline.reading.images import ImageFile
from pipeline.reading.page_picture import draw_page
from pipeline.reading.pdf import PdfFile
from pipeline.reading.pixels import PixelReader, confidence
from pipeline.reading.preprocess import resize
from pipeline.reading.render import render_pdf_page
from pipeline.reading.strips import cut_out, dark_on_white
from pipeline.reading.tesseract import TesseractEngine
from pipeline.settings import Settings
from schemas import Box, MediaType, Page, TextSource, Word

IDENTITY = Page(number=1, width=1, height=1).transform
OCR_DPI = 300.0
SURE = 0.6
"""Words that Tesseract reads with less are left to the second reader."""
AROUND = 2.0
"""Points around a rectangle that a person drew: it may cut its letters."""
PAPER = 20
"""Pixels of white around a part of a page; Tesseract finds no letters at the very edge."""
UNIFORM_BLOCK = 6
COLOURED, COLOURED_SHARE = 40, 0.001
"""Channels that differ by more are colour; with fewer such pixels a page is gray, which is a third of the bytes."""


def read_page(path: Path, media_type: MediaType, number: int, settings: Settings) -> tuple[Page, int]:
    """A page as `read_document` reads it, so that the places of values fit, and how many pages there are.

    A page that cannot be read has no words. Raises InputError for a damaged file or a page that there is not.
    """
    content = path.read_bytes()
    file = PdfFile(content, settings) if media_type is MediaType.PDF else ImageFile(content, settings)
    if not 1 <= number <= file.page_count:
        raise InputError(f"There is no page {number}.", code="no-such-page", remedy="Turn to another page.")
    try:
        text = file.read_text(number)
        page = text.page
        if page is None:
            engine = TesseractEngine(page_seconds=settings.limits.page_seconds)
            reader = PixelReader(engine, settings.reading.languages, settings.reading.preprocess)
            page = reader.read(file.draw(number), number, text.reason)
    except EnvironmentFault:
        raise
    except BackofficeError:
        page = file.empty_page(number)
    return page, file.page_count


def draw_png(
    path: Path, media_type: MediaType, page: Page, dpi: float, settings: Settings, box: Box | None = None
) -> bytes:
    """A page, or the part of it in a box (points), upright at `dpi`, as PNG.

    Raises BrokenFile, ReaderError, TooLarge.
    """
    pixels = _drawn(path.read_bytes(), media_type, page, dpi, settings.limits.page_pixels)
    if box is not None:
        pixels = cut_out(pixels, box.scaled(dpi / 72))
    image = Image.fromarray(pixels if _is_coloured(pixels) else np.ascontiguousarray(pixels[..., 1]))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def read_box(path: Path, media_type: MediaType, page: Page, box: Box, settings: Settings) -> str:
    """What OCR reads inside a box (points) of a page; empty where there is nothing. Raises as `draw_png`."""
    dpi = OCR_DPI if page.source is TextSource.TEXT_LAYER else page.dpi
    picture = draw_page(path.read_bytes(), media_type, page, dpi, settings.limits.page_pixels, colour=False)
    wide = Box(x0=box.x0 - AROUND, y0=box.y0 - AROUND, x1=box.x1 + AROUND, y1=box.y1 + AROUND)
    part = cut_out(picture.pixels, wide.scaled(picture.dpi / 72))
    if not part.size:
        return ""
    sheet = np.pad(dark_on_white(part), PAPER, constant_values=255)
    engine = TesseractEngine(page_seconds=settings.limits.page_seconds, psm=UNIFORM_BLOCK)
    words = engine.read_words(sheet, picture.dpi, settings.reading.languages[:2])
    return _text(words) if confidence(words) >= SURE else _read_by_second(part, settings) or _text(words)


def _read_by_second(part: GrayImage, settings: Settings) -> str:
    reader = second_reader(settings.reading.second_engine)
    lines = reader.find_lines(part)
    strips = reader.read_strips([cut_out(part, line) for line in lines])
    return " ".join(strip.text for strip in strips if strip.text)


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def _drawn(content: bytes, media_type: MediaType, page: Page, dpi: float, max_pixels: int) -> NDArray[np.uint8]:
    """Warping a picture smaller would break thin strokes, so it is warped in its own size and then made smaller."""
    if media_type is MediaType.PDF and page.transform == IDENTITY:
        drawn = render_pdf_page(content, page.number, dpi, max_pixels, colour=True)
    else:
        drawn = draw_page(content, media_type, page, max(dpi, page.dpi), max_pixels)
    return drawn.pixels if drawn.dpi <= dpi else resize(drawn.pixels, dpi / drawn.dpi)


def _is_coloured(pixels: NDArray[np.uint8]) -> bool:
    some = pixels[::4, ::4].astype(np.int16)
    return bool(((some.max(axis=2) - some.min(axis=2)) > COLOURED).mean() > COLOURED_SHARE)
