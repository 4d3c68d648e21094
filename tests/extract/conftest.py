"""Pages drawn as text: each character is 6 points wide, each line 14 points high."""

from collections.abc import Callable

import pytest

from schemas import Box, Page, TextSource, Word

CHAR, LINE, HEIGHT = 6.0, 14.0, 10.0
Draw = Callable[..., tuple[Page, ...]]


def _words(text: str, source: TextSource) -> tuple[Word, ...]:
    words = []
    for row, line in enumerate(text.splitlines()):
        column = 0
        for part in line.split(" "):
            if part:
                x, y = 30 + column * CHAR, 40 + row * LINE
                box = Box(x0=x, y0=y, x1=x + len(part) * CHAR, y1=y + HEIGHT)
                words.append(Word(text=part, box=box, source=source))
            column += len(part) + 1
    return tuple(words)


@pytest.fixture
def draw() -> Draw:
    """Turns drawn pages into pages of words with boxes."""

    def drawn(*texts: str, source: TextSource = TextSource.TEXT_LAYER) -> tuple[Page, ...]:
        return tuple(
            Page(number=number, width=900, height=1200, words=_words(text, source), source=source)
            for number, text in enumerate(texts, start=1)
        )

    return drawn
