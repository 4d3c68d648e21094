"""What the stages need from the world, as small protocols. Engines and clocks are handed in, never imported."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from schemas import Box, Word

GrayImage = NDArray[np.uint8]
"""Height x width, 0 black to 255 white."""


class OcrEngine(Protocol):
    """Reads the words of a picture."""

    name: str

    def read_words(self, image: GrayImage, dpi: float, languages: tuple[str, ...]) -> tuple[Word, ...]:
        """Words with boxes in pixels of `image` and confidences from 0 to 1, in reading order.

        Raises ReaderError when the engine dies, hangs or answers nonsense.
        """
        ...


class Strip(NamedTuple):
    """What stands on a picture of one line.

    Its text, the mean confidence (0 to 1), and the centre of each character as a share of the picture's width.
    """

    text: str
    confidence: float
    marks: tuple[float, ...] = ()


class StripReader(Protocol):
    """Reads pictures of single lines."""

    name: str

    def read_strips(self, strips: Sequence[GrayImage]) -> tuple[Strip, ...]:
        """The text of each picture; empty text with confidence 0 where nothing is seen."""
        ...


class SecondReader(StripReader, Protocol):
    """A reader that errs independently of the first one, and finds lines by itself."""

    def find_lines(self, image: GrayImage) -> tuple[Box, ...]:
        """Where lines of text stand, in pixels of `image`."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time now, with its zone (UTC)."""
        ...
