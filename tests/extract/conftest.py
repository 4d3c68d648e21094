"""Pages drawn as text (each character 6 points wide, each line 14 points high), and pages built from placed texts."""

from collections.abc import Callable, Iterator

import pytest

from pipeline.extract.layout import TextLine, lines_of
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


@pytest.fixture(scope="session")
def page_of() -> Callable[..., Page]:
    """Builds a page from texts and where they stand: `page_of((40, 60, "Facture n° 7"), (40, 700, "Merci", 6))`."""
    return _page_of


def _page_of(
    *texts: tuple[float, float, str] | tuple[float, float, str, float],
    number: int = 1,
    size: float = 10.0,
    source: TextSource = TextSource.TEXT_LAYER,
    confidence: float = 1.0,
) -> Page:
    """An A4 page; each text is (left, top, text) in points, with its own type size as a fourth if it has one."""
    words: list[Word] = []
    for x, y, text, *own in texts:
        words += _set(text, x, y, own[0] if own else size, source, confidence)
    return Page(number=number, width=595, height=842, words=tuple(words), source=source)


def _set(text: str, x: float, y: float, size: float, source: TextSource, confidence: float) -> Iterator[Word]:
    """The words of a text, each character half an em wide and each space 0.3 em."""
    for part in text.split(" "):
        if part:
            box = Box(x0=x, y0=y, x1=x + 0.5 * size * len(part), y1=y + size)
            yield Word(text=part, box=box, confidence=confidence, source=source)
        x += 0.5 * size * len(part) + 0.3 * size


@pytest.fixture(scope="session")
def line_of() -> Callable[..., TextLine]:
    """The only text line of a page that shows one text, or several texts with a wide gap between them."""

    def built(*texts: str) -> TextLine:
        (line,) = lines_of(_page_of(*((40 + 180 * place, 60, text) for place, text in enumerate(texts))))
        return line

    return built
