"""A part of a page drawn with characters: two by two dots a cell, in two colours; works in every terminal."""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style

from schemas.page import Box

QUADRANTS = " ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█"
"""By the bits of the lit dots: upper left 8, upper right 4, lower left 2, lower right 1."""
MARGIN_X, MARGIN_Y = 6.0, 1.5
"""Points around the value."""
LARGEST = 2.2
"""Rows of dots a point: larger letters are no easier to read."""
DIM = 0.45
"""How much of its light is left of what is not the value."""
FLAT = 24
"""Dots that differ by less are one colour."""


class Part(NamedTuple):
    """What of a page is drawn: its edges and the value's box, in points."""

    seen: Box
    value: Box


def part_of(box: Box, page_width: float, page_height: float, columns: int, rows: int) -> Part:
    """The part of a page that shows a value as large as it goes in so many cells, with what stands beside it.

    A cell is twice as high as wide.
    """
    width, height = box.width + 2 * MARGIN_X, box.height + 2 * MARGIN_Y
    scale = min(columns / width, 2 * rows / height, LARGEST * 2)
    half_width, half_height = columns / scale / 2, rows / scale
    x = _between(box.x_mid, half_width, page_width)
    y = _between(box.y_mid, half_height, page_height)
    seen = Box(x0=x - half_width, y0=y - half_height, x1=x + half_width, y1=y + half_height)
    return Part(seen, box)


def cut(page: Image.Image, part: Part, page_width: float) -> Image.Image:
    """The pixels of a part, ink and paper made more distinct; what is not the value is darker."""
    scale = page.width / page_width
    edges = part.seen.scaled(scale)
    piece = page.convert("RGB").crop((round(edges.x0), round(edges.y0), round(edges.x1), round(edges.y1)))
    pixels = np.asarray(ImageOps.autocontrast(piece, cutoff=(1, 10))).astype(np.float32)
    light = np.full(pixels.shape[:2], DIM, dtype=np.float32)
    x0, x1 = (max(0, round((side - part.seen.x0) * scale)) for side in (part.value.x0 - 1, part.value.x1 + 1))
    y0, y1 = (max(0, round((side - part.seen.y0) * scale)) for side in (part.value.y0 - 1, part.value.y1 + 1))
    light[y0:y1, x0:x1] = 1.0
    return Image.fromarray((pixels * light[..., None]).astype(np.uint8))


def drawn(picture: Image.Image, columns: int, rows: int) -> list[list[Segment]]:
    """A picture in so many cells, as lines of coloured characters."""
    small = picture.convert("RGB").resize((2 * columns, 2 * rows), Image.Resampling.LANCZOS)
    dots = np.asarray(small).reshape(rows, 2, columns, 2, 3).transpose(0, 2, 1, 3, 4).reshape(rows, columns, 4, 3)
    return [[_cell(cell) for cell in line] for line in dots]


def opened(png: bytes) -> Image.Image:
    """The picture of one of our own PNG files."""
    picture = Image.open(BytesIO(png))
    picture.load()
    return picture


def _cell(dots: NDArray[np.uint8]) -> Segment:
    light = dots.astype(np.int32) @ np.array([299, 587, 114]) // 1000
    low, high = int(light.min()), int(light.max())
    if high - low < FLAT:
        return Segment(" ", _style(None, _mean(dots)))
    lit = light > (low + high) // 2
    bits = sum(8 >> index for index in range(4) if lit[index])
    return Segment(QUADRANTS[bits], _style(_mean(dots[lit]), _mean(dots[~lit])))


def _mean(dots: NDArray[np.uint8]) -> tuple[int, int, int]:
    red, green, blue = (int(one) // 8 * 8 for one in dots.mean(axis=0))
    return red, green, blue


@lru_cache(maxsize=4096)
def _style(front: tuple[int, int, int] | None, back: tuple[int, int, int]) -> Style:
    colours = (Color.from_triplet(ColorTriplet(*one)) if one else None for one in (front, back))
    color, bgcolor = colours
    return Style(color=color, bgcolor=bgcolor)


def _between(middle: float, half: float, length: float) -> float:
    """A middle from which half the width stays on the page, where the page is wide enough."""
    return length / 2 if 2 * half >= length else min(max(middle, half), length - half)
