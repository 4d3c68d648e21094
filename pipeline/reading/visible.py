"""Which characters of a PDF page a reader of the page can see: pure functions over pdfplumber's objects.

An object is pdfplumber's dict with x0, top, x1, bottom in points.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.picture import Picture
from pipeline.reading.strips import cut_out
from schemas import Box, Page, Word

SMALLEST_SIZE = 2.0
"""Points; smaller text is not for readers: small print has 4 and more."""
LEAST_CONTRAST = 16
"""Gray levels of 255; print on its ground that differs by less is not seen."""
WHITE = 1 - LEAST_CONTRAST / 255
"""From here on a colour is not told from paper, 1 being white: where other print stands too, ink says nothing."""
SAME_PLACE = 0.4
"""The same character painted again within this share of its width makes bold type, not two characters."""

Drawn = dict[str, Any]


@dataclass(frozen=True)
class TextPage:
    """What the text layer of a page holds, and what tells whether to believe it.

    Size in points; `text`: all visible characters without spaces between words that print none; `hidden`: the words
    of what makes no ink, and `hidden_count` its characters, spaces among them; `sideways`: visible characters on their
    side or head; `image_share`: the part of the page that images cover, 0 to 1.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    text: str
    hidden: tuple[Word, ...]
    hidden_count: int
    sideways: int
    image_share: float


class PageText(NamedTuple):
    """What the text layer gives of a page: the page, or the code of the reason why it is not to be believed; and the
    words that nobody sees, in points of the page as shown."""

    page: Page | None
    reason: str = ""
    hidden: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Frame:
    """The part of the page that is shown, in pdfplumber's coordinates."""

    left: float
    top: float
    width: float
    height: float

    def placed(self, drawn: Drawn) -> Drawn:
        """The object with its place told from the corner of the frame."""
        return {
            **drawn,
            "x0": drawn["x0"] - self.left,
            "x1": drawn["x1"] - self.left,
            "top": drawn["top"] - self.top,
            "bottom": drawn["bottom"] - self.top,
        }


def is_seen(char: Drawn, frame: Frame) -> bool:
    """Whether a character stands inside the frame and is large enough to read."""
    x, y = _middle(char)
    return 0 <= x <= frame.width and 0 <= y <= frame.height and char["size"] >= SMALLEST_SIZE


def runs_right(char: Drawn) -> bool:
    """Whether a character stands upright, as shown: neither on its side nor on its head nor mirrored."""
    return bool(char["upright"] and char["matrix"][0] > 0)


SLANT = 0.1
"""Rise against run of a text that runs uphill or downhill, as watermarks do; a page scanned askew stays below it."""


def is_level(char: Drawn) -> bool:
    """Whether the text of an upright character runs along the rows of the page rather than across them."""
    across, along = char["matrix"][:2]
    return bool(abs(along) <= SLANT * abs(across))


def direction(char: Drawn) -> str:
    """Where the text of a character runs to, as shown, mirrored or not: "right", "left", "up" or "down"."""
    across, along = char["matrix"][:2]
    if abs(across) >= abs(along):
        return "right" if across > 0 else "left"
    return "up" if along > 0 else "down"


def read_along(char: Drawn) -> Drawn:
    """The character as if its text ran to the right; "place" is its box on the page."""
    x0, x1, top, bottom = (char[edge] for edge in ("x0", "x1", "top", "bottom"))
    left, right, high, low = {
        "right": (x0, x1, top, bottom),
        "left": (-x1, -x0, top, bottom),
        "up": (-bottom, -top, x0, x1),
        "down": (top, bottom, x0, x1),
    }[direction(char)]
    place = Box(x0=x0, y0=top, x1=x1, y1=bottom)
    return {**char, "x0": left, "x1": right, "top": high, "bottom": low, "upright": True, "place": place}


def white_on_white(chars: Sequence[Drawn], shapes: Sequence[Drawn], images: Sequence[Drawn]) -> list[Drawn]:
    """The characters without those that are white on nothing but the white page."""
    grounds = [shape for shape in shapes if shape.get("fill") and not _is_white(shape)] + list(images)
    return [char for char in chars if not _is_white(char) or any(_holds(ground, char) for ground in grounds)]


def part_by_ink(words: Iterable[Word], picture: Picture) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words where the page's picture shows print, and those where it shows nothing but an even ground."""
    shown: list[Word] = []
    hidden: list[Word] = []
    for word in words:
        place = cut_out(picture.pixels, word.box.scaled(picture.dpi / 72))
        (shown if has_ink(place) else hidden).append(word)
    return tuple(shown), tuple(hidden)


def has_ink(place: NDArray[np.uint8]) -> bool:
    """Whether a part of a gray picture shows print to a person; a reader makes out what is paler than that."""
    return bool(place.size) and int(place.max()) - int(place.min()) >= LEAST_CONTRAST


def distinct(chars: Iterable[Drawn]) -> list[Drawn]:
    """The characters without those painted again a hair's breadth away, which makes type look bold."""
    kept: list[Drawn] = []
    seen: dict[tuple[str, int, int], list[Drawn]] = defaultdict(list)
    for char in chars:
        # by the glyph's own width: two "l" side by side are nearer than a quarter of their size
        reach = max(SAME_PLACE * (char["x1"] - char["x0"]), 0.1)
        column, row = int(char["x0"] // 4), int(char["top"] // 4)
        near = (other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in seen[char["text"], column + i, row + j])
        if any(_distance(char, other) < reach for other in near):
            continue
        seen[char["text"], column, row].append(char)
        kept.append(char)
    return kept


def image_share(images: Sequence[Drawn], frame: Frame) -> float:
    """The share of the frame that its images cover, at most 1; images that lie on one another count twice."""
    area = sum(
        max(0.0, min(image["x1"], frame.width) - max(image["x0"], 0.0))
        * max(0.0, min(image["bottom"], frame.height) - max(image["top"], 0.0))
        for image in images
    )
    return float(min(area / (frame.width * frame.height), 1.0))


def _is_white(drawn: Drawn) -> bool:
    """Judged for gray, RGB and CMYK only: a number in another colour space says nothing about its colour."""
    colour = drawn.get("non_stroking_color")
    if not isinstance(colour, (tuple, list)) or not all(isinstance(part, (int, float)) for part in colour):
        return False
    if drawn.get("ncs") in {"Separation", "DeviceN", "Indexed", "Pattern", "Lab"}:
        return False
    if len(colour) == 4:
        return bool(max(colour) <= 1 - WHITE)
    return bool(len(colour) in {1, 3} and min(colour) >= WHITE)


def _holds(ground: Drawn, char: Drawn) -> bool:
    x, y = _middle(char)
    return bool(ground["x0"] <= x <= ground["x1"] and ground["top"] <= y <= ground["bottom"])


def _middle(drawn: Drawn) -> tuple[float, float]:
    return (drawn["x0"] + drawn["x1"]) / 2, (drawn["top"] + drawn["bottom"]) / 2


def _distance(one: Drawn, other: Drawn) -> float:
    return float(max(abs(one["x0"] - other["x0"]), abs(one["top"] - other["top"])))
