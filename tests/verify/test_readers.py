"""The readers that the settings name."""

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.errors import EnvironmentFault
from pipeline.ports import GrayImage, Strip
from pipeline.reading.second_reader import PaddleReader
from pipeline.settings import Settings
from pipeline.verify.readers import Readers, readers_of
from schemas import Box
from tests.verify.conftest import drawn_line


def test_the_usual_readers_are_two_that_err_independently() -> None:
    """PP-OCRv6, and Tesseract as a reader of strips."""
    readers = readers_of(Settings())
    assert isinstance(readers.second, PaddleReader)
    assert readers.first.name == "tesseract"
    assert readers.first.read_strips([drawn_line("FA-2026-0417")])[0].text == "FA-2026-0417"


def test_another_second_reader_is_taken_from_the_settings() -> None:
    """A name that leads nowhere is the machine's fault."""
    named = Settings(reading={"second_engine": "tests.verify.conftest:SeesNothing"})
    assert readers_of(named).second.name == "sees"
    with pytest.raises(EnvironmentFault):
        readers_of(Settings(reading={"second_engine": "nowhere"}))


class Counts:
    """A second reader that reads a strip's gray level, and keeps what it was shown."""

    name = "counts"

    def __init__(self) -> None:
        self.shown: list[int] = []

    def read_strips(self, strips: Sequence[GrayImage]) -> tuple[Strip, ...]:
        self.shown += [int(strip[0, 0]) for strip in strips]
        return tuple(Strip(f"{strip.shape} {strip[0, 0]}", 0.9) for strip in strips)

    def find_lines(self, image: GrayImage) -> tuple[Box, ...]:
        return (Box(x0=0, y0=0, x1=float(image.shape[1]), y1=1),)


def gray(level: int, width: int = 20) -> GrayImage:
    return np.full((10, width), level, np.uint8)


def test_a_strip_of_a_document_is_read_once() -> None:
    """Also when it comes twice at once; strips of another form are other strips, another document begins anew."""
    counts = Counts()
    readers = Readers(counts, counts)
    once = readers.for_one_document().second
    first = once.read_strips([gray(1), gray(2), gray(1)])
    again = once.read_strips([gray(2), gray(2, width=10), gray(1)])
    assert counts.shown == [1, 2, 2]
    assert [strip.text for strip in first] == ["(10, 20) 1", "(10, 20) 2", "(10, 20) 1"]
    assert [strip.text for strip in again] == ["(10, 20) 2", "(10, 10) 2", "(10, 20) 1"]
    assert once.name == "counts"
    assert once.find_lines(gray(3)) == counts.find_lines(gray(3))
    readers.for_one_document().second.read_strips([gray(1)])
    assert counts.shown == [1, 2, 2, 1]
