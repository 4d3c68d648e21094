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

from pipeline.errors import BrokenFile, ReaderError
from pipeline.reading.picture import Picture

POINTS_PER_INCH = 72.0
LOWEST_DPI = 10.0
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
            bitmap = page.render(scale=dpi / POINTS_PER_INCH, grayscale=not colour, rev_byteorder=colour)
            # The pixels are copied, since PDFium's buffer dies with the document.
            pixels: NDArray[np.uint8] = np.array(bitmap.to_numpy())
            pixels.flags.writeable = False
        except (pdfium.PdfiumError, ValueError) as error:
            raise ReaderError(f"The page cannot be drawn: {error}", code="page-not-drawn", page=number) from error
        return Picture(pixels.reshape(pixels.shape[:2]) if not colour else pixels, dpi)


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
