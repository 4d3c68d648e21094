"""Reads a page again with the second reader, but for the words that the first one is sure of."""

from collections.abc import Sequence

from pipeline.ports import SecondReader
from pipeline.reading.picture import Picture
from pipeline.reading.strips import cut_out, words_of
from schemas import Box, Page, TextSource, Word

SURE = 0.93
"""Plain words that Tesseract reads with this are right; figures are read again all the same."""


def read_again(page: Page, picture: Picture, reader: SecondReader, *, everything: bool = False) -> Page:
    """The page as the second reader sees it. `picture` is the page upright, in gray.

    Lines of which every word is sure and bears no figure are not read again (unless `everything`): they cost time,
    and no posting-critical value is among them.
    """
    factor = picture.dpi / 72
    boxes = reader.find_lines(picture.pixels)
    kept = {} if everything else _sure_lines([box.scaled(1 / factor) for box in boxes], page.words)
    asked = [index for index in range(len(boxes)) if index not in kept]
    strips = reader.read_strips([cut_out(picture.pixels, boxes[index]) for index in asked])
    read = {index: words_of(strip, boxes[index]) for index, strip in zip(asked, strips, strict=True)}
    words = [
        word
        for index in range(len(boxes))
        for word in (kept[index] if index in kept else [_in_points(word, factor) for word in read[index]])
    ]
    return page.model_copy(update={"words": tuple(words), "source": TextSource.SECOND_READER})


def _sure_lines(boxes: Sequence[Box], words: Sequence[Word]) -> dict[int, list[Word]]:
    """The boxes (by index) whose words need no second reading, with those words."""
    inside: dict[int, list[Word]] = {}
    for word in words:
        for index, box in enumerate(boxes):
            if box.x0 <= word.box.x_mid <= box.x1 and box.y0 <= word.box.y_mid <= box.y1:
                inside.setdefault(index, []).append(word)
                break
    return {index: found for index, found in inside.items() if _is_sure(found, boxes[index])}


def _is_sure(words: Sequence[Word], box: Box) -> bool:
    covered = sum(word.box.width for word in words) / box.width
    return covered > 0.75 and all(word.confidence >= SURE and not _has_figure(word.text) for word in words)


def _has_figure(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _in_points(word: Word, factor: float) -> Word:
    return word.model_copy(update={"box": word.box.scaled(1 / factor)})
