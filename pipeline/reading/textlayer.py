"""The text layer of a PDF becomes words, with pdfplumber. What a reader of the page cannot see is left out.

Words are split at white space of any kind, so "1 234,56" with a no-break space is two adjacent words; the
stages after this one join them again, as they have to for OCR.
"""

import io
import time
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTContainer, LTImage, LTPage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import apply_matrix_rect
from pdfplumber.page import Page as PlumberPage
from pdfplumber.page import PDFPageAggregatorWithMarkedContent
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from pdfplumber.utils.text import extract_words

from pipeline.errors import BrokenFile, TooLarge
from pipeline.reading.characters import clean_text
from pipeline.reading.visible import Frame, TextPage, distinct, image_share, is_seen, runs_right, white_on_white
from schemas import Box, Word

MAX_OBJECTS = 50_000
"""Characters, lines and images of one page, about 20 s of work; a dense invoice page has about 5,000."""
WORD_GAP = 0.2
"""A gap wider than this share of the font size ends a word where no space is printed."""
LINE_TOLERANCE = 2.0
COVERING_SHARE = 0.2
"""An opaque image of at least this share of the page hides the text that was painted before it."""
_UNPAINTED_MODES = frozenset({3, 7})
"""Text rendering modes that leave no ink (ISO 32000-1, table 106)."""


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
    return TextPage(
        number=page.page_number,
        width=frame.width,
        height=frame.height,
        words=_words(distinct(upright)),
        text="".join(char["text"] for char in painted),
        hidden=page.hidden + len(chars) - len(painted),
        sideways=len(painted) - len(upright),
        image_share=image_share(images, frame),
    )


def _words(chars: list[dict[str, Any]]) -> tuple[Word, ...]:
    """Words in the order of the page, lines from top to bottom."""
    found = extract_words(chars, x_tolerance_ratio=WORD_GAP, y_tolerance=LINE_TOLERANCE, expand_ligatures=False)
    words = []
    for item in found:
        text = clean_text(item["text"]).strip()
        if text:
            box = Box(x0=item["x0"], y0=item["top"], x1=item["x1"], y1=item["bottom"])
            words.append(Word(text=text, box=box))
    return tuple(words)


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
    """A page whose interpretation stops at a budget and that leaves out text which makes no ink."""

    def __init__(self, pdf: PDF, source: Any, number: int, seconds: float) -> None:
        super().__init__(pdf, source, number)
        self.deadline = time.monotonic() + seconds
        self.hidden = 0

    @property
    def layout(self) -> LTPage:
        """Overrides the property that everything else of a page is derived from."""
        if not hasattr(self, "_layout"):
            device = _InkDevice(self.pdf.rsrcmgr, self.page_number, self.deadline)
            PDFPageInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            self._layout = device.get_result()
            _remove(self._layout, device.hidden)
            self.hidden = len(device.hidden)
        return self._layout


class _InkDevice(PDFPageAggregatorWithMarkedContent):
    """Notes which characters leave no ink: unpainted ones, and those that an opaque image was laid over."""

    def __init__(self, resources: Any, number: int, deadline: float) -> None:
        super().__init__(resources, pageno=number)
        self.deadline = deadline
        self.objects = 0
        self.hidden: set[int] = set()
        self._chars: list[LTChar] = []
        self._mode = 0

    def render_string(self, textstate: Any, *args: Any) -> None:
        """Remembers the rendering mode, which pdfminer does not hand on."""
        self._mode = textstate.render
        super().render_string(textstate, *args)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        """Notes characters that are not painted."""
        self._spend()
        advance: float = super().render_char(*args, **kwargs)
        char = self.cur_item._objs[-1]
        if isinstance(char, LTChar):
            self._chars.append(char)
        if self._mode in _UNPAINTED_MODES:
            self.hidden.add(id(char))
        return advance

    def render_image(self, name: str, stream: Any) -> None:
        """Notes characters that the image covers."""
        self._spend()
        super().render_image(name, stream)
        image = self.cur_item._objs[-1]
        if isinstance(image, LTImage) and _is_opaque(image) and self._covers(image):
            self.hidden.update(id(char) for char in self._chars if _is_under(char, image))

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        """Counts."""
        self._spend()
        super().paint_path(*args, **kwargs)

    def _covers(self, image: LTImage) -> bool:
        page = self._stack[0] if self._stack else self.cur_item
        return bool(image.width * image.height >= COVERING_SHARE * page.width * page.height)

    def _spend(self) -> None:
        self.objects += 1
        if self.objects > MAX_OBJECTS:
            raise TooLarge(f"The page has more than {MAX_OBJECTS} objects.", code="page-too-complex")
        if self.objects % 256 == 0 and time.monotonic() > self.deadline:
            raise TooLarge("The text layer takes too long to read.", code="page-too-complex")


def _is_opaque(image: LTImage) -> bool:
    attributes = image.stream.attrs
    return not any(attributes.get(name) for name in ("SMask", "Mask", "ImageMask", "IM"))


def _is_under(char: LTChar, image: LTImage) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return bool(image.x0 <= x <= image.x1 and image.y0 <= y <= image.y1)


def _remove(container: LTContainer[Any], unwanted: set[int]) -> None:
    """Takes objects out of a layout tree."""
    if not unwanted:
        return
    container._objs = [item for item in container._objs if id(item) not in unwanted]
    for item in container._objs:
        if isinstance(item, LTContainer):
            _remove(item, unwanted)
