"""The readers of an installation that take a second look."""

from typing import NamedTuple

from pipeline.ports import SecondReader, StripReader
from pipeline.reading.engines import second_reader
from pipeline.reading.tesseract import TesseractEngine
from pipeline.reading.tesseract_strips import TesseractStrips
from pipeline.settings import Settings

UNIFORM_BLOCK = 6
"""Tesseract's page segmentation mode for one block of text."""
STRIP_LANGUAGES = 1
"""Figures and numbers are the same in all languages; each language costs its loading."""


class Readers(NamedTuple):
    """The second reader, and the first one as a reader of strips."""

    second: SecondReader
    first: StripReader


def readers_of(settings: Settings) -> Readers:
    """The readers that the settings name; the models are loaded at first use, once a process."""
    engine = TesseractEngine(page_seconds=settings.limits.page_seconds, psm=UNIFORM_BLOCK)
    strips = TesseractStrips(engine, settings.reading.languages[:STRIP_LANGUAGES])
    return Readers(second_reader(settings.reading.second_engine), strips)
