"""A page over the whole screen, moved and enlarged by keys."""

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from pipeline.errors import BackofficeError
from pipeline.terminal.crop import Shot, Shots
from pipeline.terminal.picture import Part, cut, drawn
from schemas import Document
from schemas.page import Box

ZOOMS = (1.0, 1.6, 2.5, 4.0, 6.0)
"""How often the width of the view goes into the page's."""
STEP = 0.4
"""How far a key moves, in views."""


class Canvas(Widget):
    """The part of the page."""

    DEFAULT_CSS = "Canvas { height: 1fr; }"

    def __init__(self, middle: tuple[float, float], value: Box | None) -> None:
        super().__init__()
        self.shot: Shot | None = None
        self.zoom = 2
        self.x, self.y = middle
        self.value = value
        self._lines: list[list[Segment]] = []
        self._drawn_for: object = None

    def part(self) -> Part:
        """What is seen now, in points."""
        if self.shot is None:
            raise LookupError("There is no picture yet.")
        width = self.shot.width / ZOOMS[self.zoom]
        height = width * 2 * self.size.height / max(1, self.size.width)
        self.x = min(max(self.x, width / 2), self.shot.width - width / 2)
        self.y = min(
            max(self.y, min(height, self.shot.height) / 2), self.shot.height - min(height, self.shot.height) / 2
        )
        seen = Box(x0=self.x - width / 2, y0=self.y - height / 2, x1=self.x + width / 2, y1=self.y + height / 2)
        return Part(seen, seen)

    def render_line(self, y: int) -> Strip:
        """One line of cells."""
        width, height = self.size
        if self.shot is None:
            return Strip.blank(width)
        if self._drawn_for != (key := (self.shot, self.zoom, self.x, self.y, width, height)):
            self._lines, self._drawn_for = drawn(cut(self.shot.image, self.part(), self.shot.width), width, height), key
        return Strip(self._lines[y], width) if y < len(self._lines) else Strip.blank(width)


class PageView(ModalScreen[None]):
    """The pages of a document."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "move(-1, 0)"),
        ("right", "move(1, 0)"),
        ("up", "move(0, -1)"),
        ("down", "move(0, 1)"),
        ("plus", "zoom(1)"),
        ("minus", "zoom(-1)"),
        ("pagedown", "turn(1)"),
        ("pageup", "turn(-1)"),
        ("escape,enter,ctrl+o,q", "dismiss(None)"),
    ]

    def __init__(self, shots: Shots, document: Document, number: int, box: Box | None, t: Callable[..., str]) -> None:
        super().__init__()
        self._shots, self._document, self._number, self._t = shots, document, number, t
        self._middle = (box.x_mid, box.y_mid) if box else (0.0, 0.0)

    def compose(self) -> ComposeResult:
        """The page and its keys."""
        yield Canvas(self._middle, None)
        yield Static(id="page-keys")

    def on_mount(self) -> None:
        """Load the page."""
        self._load()

    def action_move(self, right: int, down: int) -> None:
        """Look at another part."""
        canvas = self.query_one(Canvas)
        if canvas.shot is not None:
            seen = canvas.part().seen
            canvas.x += right * STEP * seen.width
            canvas.y += down * STEP * seen.height
            canvas.refresh()

    def action_zoom(self, by: int) -> None:
        """Larger or smaller."""
        canvas = self.query_one(Canvas)
        canvas.zoom = min(max(0, canvas.zoom + by), len(ZOOMS) - 1)
        canvas.refresh()

    def action_turn(self, by: int) -> None:
        """Another page."""
        shot = self.query_one(Canvas).shot
        if shot is not None and 1 <= self._number + by <= shot.page_count:
            self._number += by
            self._load()

    def _load(self) -> None:
        self.run_worker(self._fetch(self._number), exclusive=True)

    async def _fetch(self, number: int) -> None:
        canvas, line = self.query_one(Canvas), self.query_one("#page-keys", Static)
        try:
            canvas.shot = await self._shots.get(self._document, number)
        except BackofficeError as error:
            line.update(str(error))
            return
        where = self._t("Page %(number)s of %(count)s", number=number, count=canvas.shot.page_count)
        keys = self._t("arrows move, + − enlarge, PgDn PgUp turn, Esc leaves")
        line.update(f"{where} · {keys}")
        canvas.refresh()
