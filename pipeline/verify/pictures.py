"""The pictures of a document's pages, upright and gray, made when they are wanted."""

from functools import lru_cache

from pipeline.reading.page_picture import draw_page
from pipeline.reading.picture import Picture
from schemas import MediaType, Page, TextSource

TEXT_DPI = 200.0
"""Print that is drawn from its text needs no more for its digits to be told apart."""


class Pictures:
    """Draws the pages of one document again, in the frame of their words' boxes."""

    def __init__(self, content: bytes, media_type: MediaType, max_pixels: int) -> None:
        self._content = content
        self._media_type = media_type
        self._max_pixels = max_pixels
        self._drawn = lru_cache(maxsize=2)(self._draw)

    def of(self, page: Page) -> Picture:
        """A page as a person sees it, in gray. Raises BrokenFile, ReaderError, TooLarge."""
        return self._drawn(page.model_copy(update={"words": ()}))

    def _draw(self, page: Page) -> Picture:
        dpi = TEXT_DPI if page.source is TextSource.TEXT_LAYER else page.dpi
        return draw_page(self._content, self._media_type, page, dpi, self._max_pixels, colour=False)
