"""PDF pages become pictures, with pypdfium2.

PDFium can abort the process and is not thread-safe: in production this runs in a child process that may die.
"""

import contextlib
import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from pipeline.errors import BrokenFile, ReaderError
from pipeline.reading.picture import Picture

POINTS_PER_INCH = 72.0
LOWEST_DPI = 10.0
SCANNED = 0.5
"""The share of a page that one picture on it covers when the page is a scan."""
IN_A_DRAWING = 2
"""A scan's picture is looked for on the page and in drawings on it; drawings of drawings may have no end."""
KEPT_PICTURES = 4
"""The pages that the first reader was given are soon asked for again, for the second reader's looks."""


def page_sizes(content: bytes) -> list[tuple[float, float]]:
    """Width and height in points of every page that PDFium sees, as shown. Raises BrokenFile."""
    with _opened(content) as document:
        try:
            return [document.get_page_size(index) for index in range(len(document))]
        except pdfium.PdfiumError as error:
            raise BrokenFile(f"A page of the PDF is damaged: {error}", code="broken-pdf") from error


@lru_cache(maxsize=KEPT_PICTURES)
def render_pdf_page(content: bytes, number: int, dpi: float, max_pixels: int, *, colour: bool) -> Picture:
    """Page `number` (from 1) as it is shown: crop box and page rotation applied, form fields drawn.

    The resolution is lowered so that the picture has at most `max_pixels`. The picture is shared, and so read-only.
    Raises BrokenFile, ReaderError.
    """
    with _opened(content) as document:
        document.init_forms()
        try:
            page = document[number - 1]
            width, height = page.get_size()
            dpi = affordable_dpi(width, height, dpi, max_pixels)
            pixels = _drawn(page, dpi / POINTS_PER_INCH, colour=colour)
            pixels.flags.writeable = False
        except (pdfium.PdfiumError, ValueError) as error:
            raise ReaderError(f"The page cannot be drawn: {error}", code="page-not-drawn", page=number) from error
        return Picture(pixels, dpi)


def _drawn(page: pdfium.PdfPage, scale: float, *, colour: bool) -> NDArray[np.uint8]:
    """The pixels in RGB or gray, copied, since PDFium's buffer dies with the document."""
    if colour or not _is_scanned(page):
        pixels: NDArray[np.uint8] = np.array(page.render(scale, grayscale=not colour, rev_byteorder=colour).to_numpy())
        return pixels if colour else pixels.reshape(pixels.shape[:2])
    # PDFium draws a large picture in gray four times as slowly as in colour
    return np.array(Image.fromarray(page.render(scale, rev_byteorder=True).to_numpy()).convert("L"))


def _is_scanned(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    pictures = page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=IN_A_DRAWING)
    boxes = (picture.get_bounds() for picture in pictures)
    try:
        return any((right - left) * (top - bottom) > SCANNED * width * height for left, bottom, right, top in boxes)
    except pdfium.PdfiumError:  # it is drawn all the same
        return False


def affordable_dpi(width: float, height: float, dpi: float, max_pixels: int) -> float:
    """At most `dpi`, and so low that a page of `width` x `height` points stays within `max_pixels`."""
    inches = max(width, 1.0) * max(height, 1.0) / POINTS_PER_INCH**2
    return max(min(dpi, math.sqrt(max_pixels / inches)), LOWEST_DPI)


@contextlib.contextmanager
def _opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise _told_apart(error) from error
    try:
        yield document
    finally:
        document.close()


def _told_apart(error: pdfium.PdfiumError) -> BrokenFile:
    if "password" in str(error).lower():
        return BrokenFile(
            "The PDF is protected by a password.",
            code="encrypted-pdf",
            remedy="Ask the sender for the document without a password.",
        )
    return BrokenFile(f"PDFium cannot open the PDF: {error}", code="broken-pdf")
