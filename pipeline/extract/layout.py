"""Words become text lines and segments: what stands on one visual row, and what stands together on it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import median

from pipeline.extract.letterspaced import close_up
from schemas import Box, Page, Word

POSTCODE = re.compile(
    r"(?:(?<!\d)(?:[A-Z]{1,2}-)?\d{4,5}\s+[A-ZÀ-Ý][\w'’-]+|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b\d{4}\s?[A-Z]{2}\b"
    r"|\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\b[A-Z]\d[\dW]\s[A-Z\d]{4}\b|(?<!\d)(?:\d{2}|\d{4})-\d{3}\s+[A-ZÀ-Ý])"
)
WATERMARK_HEIGHT = 3.0
"""One or two characters so many times higher than the page's usual word are decoration."""
SEGMENT_GAP = 1.1
"""Words further apart than this many line heights belong to different segments (columns, label and value)."""


@dataclass(frozen=True, eq=False)
class TextLine:
    """Words that stand on one visual row, left to right."""

    words: tuple[Word, ...]
    page: int

    @cached_property
    def box(self) -> Box:
        """The box around all words, in points."""
        return union(word.box for word in self.words)

    @cached_property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def height(self) -> float:
        """The typical height of its words in points."""
        return median(word.box.height for word in self.words)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each word begins in `text`."""
        starts, position = [], 0
        for word in self.words:
            starts.append(position)
            position += len(word.text) + 1
        return tuple(starts)

    def words_between(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of word indices that the characters from `start` to `end` of `text` touch."""
        touched = [
            index
            for index, offset in enumerate(self.offsets)
            if offset < end and offset + len(self.words[index].text) > start
        ]
        return (touched[0], touched[-1] + 1) if touched else (0, 0)

    @cached_property
    def segments(self) -> tuple["TextLine", ...]:
        """The parts of the line that wide gaps set apart."""
        parts: list[list[Word]] = [[self.words[0]]]
        for before, word in zip(self.words, self.words[1:], strict=False):
            gap = word.box.x0 - before.box.x1
            if gap > SEGMENT_GAP * max(min(before.box.height, word.box.height), 0.6 * self.height):
                parts.append([])
            parts[-1].append(word)
        return tuple(TextLine(tuple(part), self.page) for part in parts)


@dataclass(frozen=True, eq=False)
class Block:
    """Texts that stand together, one below the other, such as an address."""

    lines: tuple[TextLine, ...]

    @cached_property
    def box(self) -> Box:
        """The box around all lines in points."""
        return union(line.box for line in self.lines)

    @cached_property
    def text(self) -> str:
        """The lines joined by newlines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def is_address(self) -> bool:
        """Whether it holds a postcode with a place."""
        return bool(POSTCODE.search(self.text))


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of a non-empty series of boxes."""
    all_boxes = list(boxes)
    return Box(
        x0=min(b.x0 for b in all_boxes),
        y0=min(b.y0 for b in all_boxes),
        x1=max(b.x1 for b in all_boxes),
        y1=max(b.y1 for b in all_boxes),
    )


@lru_cache(maxsize=32)  # many stages ask for the same few pages of a document
def lines_of(page: Page) -> tuple[TextLine, ...]:
    """The visual rows of a page, top to bottom; words of a row overlap vertically by half the smaller height."""
    words = [word for word in page.words if word.text.strip()]
    usual = median(word.box.height for word in words) if words else 0.0
    # letters of a watermark across the page would tie together the rows that they cross
    marks = [word for word in words if len(word.text) <= 2 and word.box.height > WATERMARK_HEIGHT * usual]
    rows: list[list[Word]] = []
    for word in sorted((w for w in words if w not in marks), key=lambda w: w.box.y_mid):
        row = next((r for r in reversed(rows[-6:]) if _same_row(r, word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    rows += [[mark] for mark in marks]
    lines = [TextLine(close_up(sorted(row, key=lambda w: w.box.x0)), page.number) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.box.y_mid))


def _same_row(row: list[Word], word: Word) -> bool:
    """Compares with the word of the row that stands nearest, so that a slanted row still holds together."""
    nearest = min(row, key=lambda w: min(abs(w.box.x0 - word.box.x1), abs(word.box.x0 - w.box.x1)))
    overlap = min(nearest.box.y1, word.box.y1) - max(nearest.box.y0, word.box.y0)
    return overlap > 0.5 * min(nearest.box.height, word.box.height)


def blocks_of(lines: Iterable[TextLine]) -> Iterator[Block]:
    """Group the segments of one page's lines into blocks of texts aligned and close below each other."""
    blocks: list[list[TextLine]] = []
    for line in lines:
        for segment in line.segments:
            home = next((b for b in reversed(blocks) if _continues(b[-1], segment)), None)
            if home is None:
                blocks.append([segment])
            else:
                home.append(segment)
    yield from (Block(tuple(block)) for block in blocks)


def _continues(above: TextLine, below: TextLine) -> bool:
    height = min(above.height, below.height)
    if not -0.5 * height < below.box.y0 - above.box.y1 < 1.1 * height:
        return False
    return (
        abs(above.box.x0 - below.box.x0) < 0.8 * height
        or abs(above.box.x_mid - below.box.x_mid) < 0.8 * height
        or abs(above.box.x1 - below.box.x1) < 0.3 * height
    )
