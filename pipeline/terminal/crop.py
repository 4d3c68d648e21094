"""Shows the place of the active value: its picture, cut from the page, or else the text that was read there."""

import asyncio
from typing import NamedTuple, Protocol

from PIL import Image
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from pipeline.errors import BackofficeError
from pipeline.reading.kept import Sheet
from pipeline.terminal.picture import cut, drawn, opened, part_of
from schemas import Document
from schemas.page import Box

DPI = 160
KEPT = 8
"""Pages of which the picture is kept in memory."""


class Pages(Protocol):
    """Where pictures of pages come from; `pipeline.web.pictures.Pictures`. All raise BackofficeError."""

    def sheet(self, document: Document, number: int) -> Sheet:
        """A page (from 1) and how many there are."""
        ...

    def picture(self, document: Document, number: int, dpi: int) -> bytes:
        """A page as PNG."""
        ...

    def make_ahead(self, document: Document, dpi: int) -> None:
        """Prepare the first page of a document."""
        ...


class Shot(NamedTuple):
    """The picture of a page, with the page's size in points."""

    image: Image.Image
    width: float
    height: float
    page_count: int


class Shots:
    """The pictures of the last pages, by document and page."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._kept: dict[tuple[str, int], Shot] = {}

    async def get(self, document: Document, number: int) -> Shot:
        """The picture of a page; made in another thread. Raises BackofficeError."""
        key = (document.sha256, number)
        if key not in self._kept:
            self._kept[key] = await asyncio.to_thread(self._make, document, number)
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))
        return self._kept[key]

    def prepare(self, document: Document) -> None:
        """Have the first page made in the background."""
        self._pages.make_ahead(document, DPI)

    def _make(self, document: Document, number: int) -> Shot:
        sheet = self._pages.sheet(document, number)
        image = opened(self._pages.picture(document, number, DPI))
        return Shot(image, sheet.page.width, sheet.page.height, sheet.page_count)


class Crop(Widget):
    """A strip of the page, drawn with characters. Without a picture, a line of text."""

    DEFAULT_CSS = "Crop { height: 5; background: $surface-darken-1; }"

    def __init__(self) -> None:
        super().__init__(id="crop")
        self._text = ""
        self._shown: tuple[Shot, Box] | None = None
        self._lines: list[list[Segment]] = []
        self._drawn_for: object = None

    def look(self, shots: Shots, document: Document, number: int, box: Box, instead: str) -> None:
        """Show a place of a page as soon as there is its picture; where there is none, say a text and why."""
        self.run_worker(self._look(shots, document, number, box, instead), group="crop", exclusive=True)

    def say(self, text: str) -> None:
        """Show a text, and no picture that is still on its way."""
        self.workers.cancel_group(self, "crop")
        self._say(text)

    @property
    def is_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._shown is not None

    def redraw(self) -> None:
        """Something else is to be seen."""
        self.refresh()

    def part(self) -> Image.Image | None:
        """The pixels of what is shown; None without a picture."""
        if self._shown is None:
            return None
        shot, box = self._shown
        return cut(shot.image, part_of(box, shot.width, shot.height, *self.size), shot.width)

    async def _look(self, shots: Shots, document: Document, number: int, box: Box, instead: str) -> None:
        try:
            self._shown, self._text = (await shots.get(document, number), box), ""
            self.redraw()
        except BackofficeError as error:
            self._say("  ".join(filter(None, (instead, str(error)))))

    def _say(self, text: str) -> None:
        self._shown, self._text = None, text
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """One line of cells."""
        width, height = self.size
        if self._drawn_for != (key := (self._shown, width, height)):
            part = self.part()
            self._lines, self._drawn_for = drawn(part, width, height) if part else [], key
        if self._shown is None:
            text = f" {self._text}" if y == height // 2 else ""
            return Strip([Segment(text[:width].ljust(width), Style(dim=True))], width)
        return Strip(self._lines[y], width) if y < len(self._lines) else Strip.blank(width)
