"""The text layer of a PDF becomes words, with pdfplumber. What a reader of the page cannot see is left out.

Words are split at white space of any kind, so "1 234,56" with a no-break space is two adjacent words; the
stages after this one join them again, as they have to for OCR.
"""

import io
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import pdfplumber
from pdfminer.layout import LTPage
from pdfminer.utils import apply_matrix_rect
from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from pdfplumber.utils.text import extract_words

from pipeline.errors import BrokenFile
from pipeline.reading.characters import clean_text
from pipeline.reading.ink import Layers, lay_out
from pipeline.reading.visible import (
    Drawn,
    Frame,
    TextPage,
    direction,
    distinct,
    image_share,
    is_level,
    is_seen,
    read_along,
    runs_right,
    white_on_white,
)
from schemas import Box, Word

WORD_GAP = 0.2
"""A gap wider than this share of the font size ends a word where no space is printed."""
LINE_TOLERANCE = 2.0


class TextLayer:
    """The text layer of one PDF. Raises BrokenFile when the PDF cannot be opened; `close` it after use."""

    def __init__(self, content: bytes, page_seconds: float) -> None:
        self.page_seconds = page_seconds
        try:
            self._pdf = pdfplumber.open(io.BytesIO(content))
            self.page_count = len(self._pdf.pages)
        except (PdfminerException, MalformedPDFException, RecursionError, ValueError, TypeError) as error:
            raise BrokenFile(f"The PDF cannot be opened: {error!r}", code="broken-pdf") from error

    def close(self) -> None:
        """Give the memory back."""
        self._pdf.close()

    def read_page(self, number: int) -> TextPage:
        """Page `number` (from 1). Raises TooLarge when it has too many objects or takes too long."""
        original = self._pdf.pages[number - 1]
        page = _WatchedPage(self._pdf, original.page_obj, number, self.page_seconds)
        try:
            return _text_page(page)
        finally:
            page.close()
            original.close()


def _text_page(page: "_WatchedPage") -> TextPage:
    frame = _frame_of(page)
    chars = [frame.placed(char) for char in page.chars]
    shapes = [frame.placed(shape) for shape in (*page.rects, *page.curves)]
    images = [frame.placed(image) for image in page.images]
    inside = [char for char in chars if is_seen(char, frame)]
    painted = white_on_white(inside, shapes, images)
    upright = [char for char in painted if runs_right(char)]
    # the letters of a watermark across the page would be taken for letters of the words that they cross
    level, slanted = [c for c in upright if is_level(c)], [c for c in upright if not is_level(c)]
    seen = set(map(id, painted))
    hidden = [*map(frame.placed, page.unpainted), *(char for char in chars if id(char) not in seen)]
    return TextPage(
        number=page.page_number,
        width=frame.width,
        height=frame.height,
        words=(*_words(distinct(level)), *_words(distinct(slanted))),
        text="".join(char["text"] for char in painted),
        hidden=_turned_words(distinct(hidden)),
        hidden_count=len(hidden),
        sideways=len(painted) - len(upright),
        image_share=image_share(images, frame),
    )


def _words(chars: Sequence[Drawn], place: str = "") -> tuple[Word, ...]:
    """Words in the order of the page, lines from top to bottom; `place` is the key of their boxes, if they have any."""
    found = extract_words(
        list(chars),
        x_tolerance_ratio=WORD_GAP,
        y_tolerance=LINE_TOLERANCE,
        expand_ligatures=False,
        return_chars=bool(place),
    )
    words = []
    for item in found:
        text = clean_text(item["text"]).strip()
        if text:
            box = Box(x0=item["x0"], y0=item["top"], x1=item["x1"], y1=item["bottom"])
            words.append(
                Word(text=text, box=box if not place else reduce(Box.union, (c[place] for c in item["chars"])))
            )
    return tuple(words)


def _turned_words(chars: Iterable[Drawn]) -> tuple[Word, ...]:
    """Words of text that may run in any direction, also mirrored."""
    by_direction = defaultdict(list)
    for char in chars:
        by_direction[direction(char)].append(read_along(char))
    return tuple(word for turned in by_direction.values() for word in _words(turned, "place"))


def _frame_of(page: PlumberPage) -> Frame:
    """The crop box as it is shown. pdfplumber does not turn it with the page, so it is computed here."""
    source = page.page_obj
    x0, y0, x1, y1 = source.mediabox
    turned = {
        90: (0, -1, 1, 0, -y0, x1),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, 1, -1, 0, y1, -x0),
    }.get(source.rotate, (1, 0, 0, 1, -x0, -y0))
    crop = apply_matrix_rect(turned, source.cropbox)
    media = apply_matrix_rect(turned, source.mediabox)
    left, bottom = max(crop[0], media[0]), max(crop[1], media[1])
    right, top = min(crop[2], media[2]), min(crop[3], media[3])
    if right - left <= 0 or top - bottom <= 0:
        left, bottom, right, top = media
    return Frame(
        left=page.mediabox[0] + left,
        top=page.mediabox[1] + media[3] - top,
        width=right - left,
        height=top - bottom,
    )


class _WatchedPage(PlumberPage):
    """A page whose interpretation stops at a budget, and that sets text apart which makes no ink."""

    def __init__(self, pdf: PDF, source: Any, number: int, seconds: float) -> None:
        super().__init__(pdf, source, number)
        self.deadline = time.monotonic() + seconds
        self.unpainted: list[Drawn] = []

    @property
    def layout(self) -> LTPage:
        """Overrides the property that everything else of a page is derived from."""
        if not hasattr(self, "_layout"):
            layers = Layers(self.pdf.doc.catalog)
            self._layout, unpainted = lay_out(self.page_obj, self.pdf.rsrcmgr, self.page_number, self.deadline, layers)
            self.unpainted = [self.process_object(char) for char in unpainted]
        return self._layout
