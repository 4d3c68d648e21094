"""Strips: pictures of one line each, cut out of a page, and the words that a reader saw on one."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from pipeline.ports import GrayImage, Strip
from schemas import Box, TextSource, Word

LEAST_CONFIDENCE = 0.5
"""Lines that are read with less are dirt more often than text."""
WIDE_GAP = 1.0
"""Box heights; in running text the centres of neighbours are a third of that apart, over a space a half."""
SLACK = 0.24
"""The share of a line's box above and below its letters: lines are found with room around them."""

WHITE_PAPER = 200
"""Gray level; a darker ground is a coloured box."""
FRAME_ROW, FRAME_COLUMN = 0.6, 0.9
"""Shares of ink that no row or column of letters has."""


def cut_out(image: GrayImage, box: Box) -> GrayImage:
    """The part of a picture in a box (in pixels); empty where the box is outside."""
    top, bottom = max(0, math.floor(box.y0)), max(0, math.ceil(box.y1))
    left, right = max(0, math.floor(box.x0)), max(0, math.ceil(box.x1))
    return image[top:bottom, left:right]


def dark_on_white(strip: GrayImage) -> GrayImage:
    """A strip of a coloured box as dark print on white, also where the print is lighter than its ground.

    Tesseract tells ink from paper for all that it is shown at once; beside white paper a coloured ground is ink to it.
    """
    if not strip.size or (ground := float(np.median(strip))) >= WHITE_PAPER:
        return strip
    darkest, brightest = np.percentile(strip, [1, 99])
    farthest = brightest if brightest - ground > ground - darkest else darkest
    ink = np.clip((strip - ground) / (farthest - ground), 0, 1) if farthest != ground else np.zeros(strip.shape)
    # what surrounds the box is as far from its ground as its print is
    rows, columns = ((ink > 0.5).mean(axis=axis) > share for axis, share in ((1, FRAME_ROW), (0, FRAME_COLUMN)))
    ink[rows], ink[:, columns] = 0, 0
    return np.asarray(255 * (1 - ink), dtype=np.uint8)


def words_of(strip: Strip, box: Box) -> tuple[Word, ...]:
    """The words of a strip, each with its part of the box (a reader that marks no places: evenly spread)."""
    if strip.confidence < LEAST_CONFIDENCE:
        return ()
    marks = strip.marks or [(at + 0.5) / len(strip.text) for at in range(len(strip.text))]
    gap = WIDE_GAP * box.height / box.width if strip.marks else 1.0
    return tuple(
        Word(
            text=strip.text[first:last],
            box=_part(box, marks[first:last]),
            confidence=strip.confidence,
            source=TextSource.SECOND_READER,
        )
        for first, last in _pieces(strip.text, marks, gap)
    )


def _pieces(text: str, marks: Sequence[float], gap: float) -> Iterator[tuple[int, int]]:
    """Where words begin and end: parted by white space, or by more than `gap` between the centres of characters."""
    for piece in re.finditer(r"\S+", text):
        wide = [at for at in range(piece.start() + 1, piece.end()) if marks[at] - marks[at - 1] > gap]
        yield from pairwise([piece.start(), *wide, piece.end()])


def _part(box: Box, marks: Sequence[float]) -> Box:
    """The part of a box that characters take up whose centres are at `marks`."""
    first, last = marks[0], marks[-1]
    half = (last - first) / (2 * (len(marks) - 1)) if len(marks) > 1 else box.height / (4 * box.width)
    left, right = max(0.0, first - half), min(1.0, last + half)
    slack = SLACK * box.height
    return Box(x0=box.x0 + left * box.width, y0=box.y0 + slack, x1=box.x0 + right * box.width, y1=box.y1 - slack)
