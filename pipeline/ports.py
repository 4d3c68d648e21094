"""What the stages need from the world, as small protocols. Engines and clocks are handed in, never imported."""

from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from schemas import Word

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


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time now, with its zone (UTC)."""
        ...
