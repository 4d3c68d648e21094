"""The picture of a page as a person sees it: upright, in colour, in the frame that the boxes of words are told in."""

import numpy as np

from pipeline.reading.images import decode_page
from pipeline.reading.picture import Picture
from pipeline.reading.preprocess import Geometry, warp
from pipeline.reading.render import render_pdf_page
from schemas import MediaType, Page, TextSource


def draw_page(
    content: bytes, media_type: MediaType, page: Page, dpi: float, max_pixels: int, *, colour: bool = True
) -> Picture:
    """A page of the original, drawn again at `dpi` (RGB, or gray), so that points times dpi / 72 are its pixels.

    `page` is as `read_document` gave it. Raises BrokenFile, ReaderError, TooLarge.
    """
    if media_type is MediaType.PDF:
        # A page with a text layer is drawn as wanted; one read from pixels, as it was when its transform was made.
        raw_dpi = dpi if page.source is TextSource.TEXT_LAYER else page.dpi
        raw = render_pdf_page(content, page.number, raw_dpi, max_pixels, colour=colour)
    else:
        raw = decode_page(content, page.number, max_pixels, colour=colour)
    if page.source is TextSource.TEXT_LAYER:
        return raw
    scale = dpi / page.dpi
    matrix = np.diag([scale, scale, 1.0]) @ np.array(page.transform).reshape(3, 3)
    size = (round(page.width * dpi / 72), round(page.height * dpi / 72))
    return Picture(warp(raw.pixels, Geometry(matrix, size)), dpi)
