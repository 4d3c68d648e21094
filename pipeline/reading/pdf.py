"""A PDF as a series of pages, each with a text layer that may be believed and a picture."""

import io

import pikepdf

from pipeline.errors import BackofficeError, BrokenFile, TooLarge
from pipeline.reading.picture import Picture
from pipeline.reading.render import page_sizes, render_pdf_page
from pipeline.reading.textlayer import TextLayer
from pipeline.reading.trust import distrust
from pipeline.reading.visible import PageText, part_by_ink
from pipeline.settings import Settings
from schemas import Failure, Page

INK_DPI = 100.0
"""Enough to see whether a word of small print is there at all."""


class PdfFile:
    """A PDF. Raises BrokenFile (also for one that asks for a password) and TooLarge.

    `failures` tells when the three PDF libraries do not see the same number of pages; then no text layer is
    used, as nothing says which page it belongs to.
    """

    def __init__(self, content: bytes, settings: Settings) -> None:
        self._content = content
        self._settings = settings
        self._sizes = page_sizes(content)
        self.page_count = len(self._sizes)
        if self.page_count > settings.limits.pages:
            message = f"The PDF has {self.page_count} pages; {settings.limits.pages} are allowed."
            raise TooLarge(message, code="too-many-pages")
        self._layer = _open_layer(content, settings.limits.page_seconds)
        layer_pages = self._layer.page_count if self._layer else None
        self.failures = _differing(self.page_count, layer_pages, _qpdf_pages(content))

    def read_text(self, number: int) -> PageText:
        """The page from its text layer, without what leaves no ink on it. Raises BrokenFile, ReaderError."""
        if self._layer is None or self.failures:
            return PageText(None, "unreadable")
        try:
            text = self._layer.read_page(number)
        except BackofficeError as error:
            return PageText(None, error.specific_code)
        reason = distrust(text)
        if reason is not None:
            return PageText(None, reason, text.hidden)
        drawn = render_pdf_page(self._content, number, INK_DPI, self._settings.limits.page_pixels, colour=False)
        shown, hidden = part_by_ink(text.words, drawn)
        page = Page(number=number, width=text.width, height=text.height, words=shown)
        return PageText(page, hidden=(*text.hidden, *hidden))

    def draw(self, number: int) -> Picture:
        """The page in gray at the resolution of the settings. Raises ReaderError."""
        limits, reading = self._settings.limits, self._settings.reading
        return render_pdf_page(self._content, number, reading.dpi, limits.page_pixels, colour=False)

    def empty_page(self, number: int) -> Page:
        """A page that could not be read."""
        width, height = self._sizes[number - 1]
        return Page(number=number, width=width, height=height)


def _open_layer(content: bytes, page_seconds: float) -> TextLayer | None:
    try:
        return TextLayer(content, page_seconds)
    except BrokenFile:
        return None


def _qpdf_pages(content: bytes) -> int | None:
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            return len(document.pages)
    except pikepdf.PdfError:
        return None


def _differing(drawn: int, layer: int | None, qpdf: int | None) -> tuple[Failure, ...]:
    """A failure when the libraries disagree: the file is damaged, or made to say what it does not show."""
    if drawn == layer == qpdf:
        return ()
    message = f"PDFium sees {drawn} pages, pdfplumber {layer}, qpdf {qpdf}."
    return (Failure(code="page-count-differs", message=message, remedy="Look at the document by hand."),)
