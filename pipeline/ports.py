"""What the stages need from the world, as small protocols. Engines and clocks are handed in, never imported."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from schemas import Box, Word
from schemas.posting import PostingKey, PostingOrder, Voucher

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


class Posted(NamedTuple):
    """What an attempt at a target brought: the voucher as read back, and what was kept of the way."""

    voucher: Voucher
    evidence: tuple[str, ...] = ()
    steps: dict[str, float] = {}  # noqa: RUF012 (a tuple's default, never changed)


class Target(Protocol):
    """An accounting system, or a file for one.

    Every call ends, one way or the other, before the lease of a job does (`posting.lease_minutes`). A target that
    keeps a browser or a connection may have a method `close()`, which is called at the end and after it was down.
    """

    name: str

    def find(self, key: PostingKey) -> Voucher | None:
        """The posted voucher of a key, None when it is certainly not there. Raises TargetDown, TargetRefused."""
        ...

    def post(self, order: PostingOrder, original: Path) -> Posted:
        """Post an invoice that `find` did not find, with its original attached, and read back what was written.

        A draft that an earlier attempt left behind is finished or removed, never doubled. Raises TargetDown (nothing
        was posted), TargetRefused (it will not be taken as it is) and OutcomeUnknown (ask `find` before anything else).
        """
        ...

    def vouchers(self) -> Iterator[Voucher]:
        """All that the target holds, for the comparison with our ledger. Raises TargetDown."""
        ...
