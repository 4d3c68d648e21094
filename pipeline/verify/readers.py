"""The readers of an installation that take a second look."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.ports import GrayImage, SecondReader, Strip, StripReader
from pipeline.reading.engines import second_reader
from pipeline.reading.tesseract import TesseractEngine
from pipeline.reading.tesseract_strips import TesseractStrips
from pipeline.settings import Settings
from schemas import Box

UNIFORM_BLOCK = 6
"""Tesseract's page segmentation mode for one block of text."""
STRIP_LANGUAGES = 1
"""Figures and numbers are the same in all languages; each language costs its loading."""


class Readers(NamedTuple):
    """The second reader, and the first one as a reader of strips."""

    second: SecondReader
    first: StripReader

    def for_one_document(self) -> "Readers":
        """The same readers; the second one reads each strip of the document only once."""
        return self._replace(second=Once(self.second))


class Once:
    """Implements `pipeline.ports.SecondReader`: a strip that comes again is not read again.

    A sixth of all strips do: a place is looked at before and after its page was read again. Not for Tesseract, which
    reads a sheet of strips at a time.
    """

    def __init__(self, reader: SecondReader) -> None:
        self.name = reader.name
        self._reader = reader
        self._seen: dict[tuple[tuple[int, ...], bytes], Strip] = {}

    def read_strips(self, strips: Sequence[GrayImage]) -> tuple[Strip, ...]:
        """As the reader behind it."""
        keys = [(strip.shape, strip.tobytes()) for strip in strips]
        new = {key: strip for key, strip in zip(keys, strips, strict=True) if key not in self._seen}
        if new:
            self._seen.update(zip(new, self._reader.read_strips(tuple(new.values())), strict=True))
        return tuple(self._seen[key] for key in keys)

    def find_lines(self, image: GrayImage) -> tuple[Box, ...]:
        """As the reader behind it."""
        return self._reader.find_lines(image)


def readers_of(settings: Settings) -> Readers:
    """The readers that the settings name; the models are loaded at first use, once a process."""
    engine = TesseractEngine(page_seconds=settings.limits.page_seconds, psm=UNIFORM_BLOCK)
    strips = TesseractStrips(engine, settings.reading.languages[:STRIP_LANGUAGES])
    return Readers(second_reader(settings.reading.second_engine), strips)
