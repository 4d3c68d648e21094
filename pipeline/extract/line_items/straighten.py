"""Levels the rows of a page whose picture was taken or scanned at a slight angle."""

from itertools import combinations
from statistics import median

from pipeline.extract.layout import TextLine, lines_of
from schemas import Box, Page, TextSource, Word

_LEVEL = 0.002
"""A slope below this (a point over the width of a page) does not matter."""
_STEEPEST = 0.08
_APART = 40.0
"""Words so many points apart tell the slope of their line."""
_FEW = 20
_DESCENDERS = frozenset("gjpqyçQJ,;()[]|/§ß€$_")


def straightened(page: Page) -> Page:
    """The page with its words moved up or down so that rows are level; a text layer is level already.

    The slope is the median over all pairs of words in one run of text (Theil and Sen), by their base lines.
    """
    if page.source is TextSource.TEXT_LAYER:
        return page
    slopes = [slope for line in lines_of(page) for run in line.segments for slope in _slopes(run)]
    if len(slopes) < _FEW or abs(slope := median(slopes)) < _LEVEL:
        return page
    return page.model_copy(update={"words": tuple(_moved(word, slope) for word in page.words)})


def _slopes(run: TextLine) -> list[float]:
    standing = [word.box for word in run.words if not set(word.text) & _DESCENDERS]
    slopes = (
        (right.y1 - left.y1) / (right.x_mid - left.x_mid)
        for left, right in combinations(standing, 2)
        if right.x_mid - left.x_mid >= _APART
    )
    return [slope for slope in slopes if abs(slope) < _STEEPEST]


def _moved(word: Word, slope: float) -> Word:
    down = slope * word.box.x_mid
    box = Box(x0=word.box.x0, y0=word.box.y0 - down, x1=word.box.x1, y1=word.box.y1 - down)
    return word.model_copy(update={"box": box})
