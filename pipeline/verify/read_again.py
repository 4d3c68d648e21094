"""Reads a page, or some of its lines, again with the second reader, but for the words that the first one is sure of."""

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter

from pipeline.extract.layout import TextLine, lines_of
from pipeline.ports import SecondReader
from pipeline.reading.picture import Picture
from pipeline.reading.strips import cut_out, words_of
from pipeline.verify.weakness import is_well_read
from schemas import Box, Field, Page, TextSource, Word

SURE = 0.93
"""Plain words that Tesseract reads with this are right."""
SURE_WHERE_WELL_READ = 0.8
"""On a page that was well read as a whole, words with this are right, figures among them."""
COVERED = 0.75
"""The share of a line that the first reader must have read something on."""
ROOM_IN_A_BOX = 0.6
"""Box heights; lines are found with so much paper before and behind them together."""
MOST_RIVALS = 4
"""Of a doubtful field, so many of the values that it may be instead are read again."""
ROUND_A_LINE = 0.25
"""Line heights around a line of the first reader, whose boxes are tight."""


def read_again(page: Page, picture: Picture, reader: SecondReader, *, everything: bool = False) -> Page:
    """The page as the second reader sees it. `picture` is the page upright, in gray.

    Lines of which every word is sure are not read again (unless `everything`): they cost time, and what is missing
    or does not add up was most likely read badly, or not at all.
    """
    factor = picture.dpi / 72
    boxes = reader.find_lines(picture.pixels)
    kept = {} if everything else _sure_lines([box.scaled(1 / factor) for box in boxes], page)
    asked = [index for index in range(len(boxes)) if index not in kept]
    read = zip(asked, _read([boxes[index] for index in asked], picture, reader), strict=True)
    words = [word for _, line in sorted([*kept.items(), *read], key=itemgetter(0)) for word in line]
    return page.model_copy(update={"words": tuple(words), "source": TextSource.SECOND_READER})


def boxes_by_page(fields: Iterable[Field]) -> dict[int, list[Box]]:
    """Where fields and the values that they may be instead stand, by the number of the page."""
    boxes: dict[int, list[Box]] = {}
    for field in fields:
        places = [(field.page, field.box), *((rival.page, rival.box) for rival in field.rivals[:MOST_RIVALS])]
        for page, box in places:
            if page is not None and box is not None:
                boxes.setdefault(page, []).append(box)
    return boxes


def read_lines_again(page: Page, boxes: Sequence[Box], picture: Picture, reader: SecondReader) -> Page:
    """The page with those of its lines that a box (in points) touches as the second reader sees them."""
    lines = [part for line in lines_of(page) for part in line.segments if _is_touched(part, boxes)]
    kept = [word for word in page.words if not any(_is_inside(word, line.box) for line in lines)]
    read = _read([_with_room(line).scaled(picture.dpi / 72) for line in lines], picture, reader)
    return page.model_copy(update={"words": (*kept, *chain.from_iterable(read)), "source": TextSource.SECOND_READER})


def _read(boxes: Sequence[Box], picture: Picture, reader: SecondReader) -> list[list[Word]]:
    """The words, in points, that the second reader sees in each box (in pixels)."""
    strips = reader.read_strips([cut_out(picture.pixels, box) for box in boxes])
    return [
        [word.model_copy(update={"box": word.box.scaled(72 / picture.dpi)}) for word in words_of(strip, box)]
        for strip, box in zip(strips, boxes, strict=True)
    ]


def _is_touched(line: TextLine, boxes: Sequence[Box]) -> bool:
    return any(box.x0 < line.box.x1 and line.box.x0 < box.x1 and line.box.y0 < box.y_mid < line.box.y1 for box in boxes)


def _is_inside(word: Word, box: Box) -> bool:
    return box.x0 <= word.box.x_mid <= box.x1 and box.y0 <= word.box.y_mid <= box.y1


def _with_room(line: TextLine) -> Box:
    room = ROUND_A_LINE * line.height
    return Box(x0=line.box.x0 - room, y0=line.box.y0 - room, x1=line.box.x1 + room, y1=line.box.y1 + room)


def _sure_lines(boxes: Sequence[Box], page: Page) -> dict[int, list[Word]]:
    """The boxes (by index) whose words need no second reading, with those words."""
    is_sure = _is_sure_where_well_read if is_well_read(page) else _is_sure
    inside: dict[int, list[Word]] = {}
    for word in page.words:
        for index, box in enumerate(boxes):
            if _is_inside(word, box):
                inside.setdefault(index, []).append(word)
                break
    return {
        index: found for index, found in inside.items() if _covers(found, boxes[index]) and all(map(is_sure, found))
    }


def _covers(words: Sequence[Word], box: Box) -> bool:
    return sum(word.box.width for word in words) > COVERED * (box.width - ROOM_IN_A_BOX * box.height)


def _is_sure(word: Word) -> bool:
    return word.confidence >= SURE and not _has_figure(word.text)


def _is_sure_where_well_read(word: Word) -> bool:
    return word.confidence >= SURE_WHERE_WELL_READ


def _has_figure(text: str) -> bool:
    return any(char.isdigit() for char in text)
