"""A picture of a page becomes a page of words: made ready, read in the likely languages, put upright."""

from collections.abc import Sequence

import numpy as np

from pipeline.ports import OcrEngine
from pipeline.reading.languages import vote
from pipeline.reading.picture import Picture
from pipeline.reading.prepare import Prepared, prepare, turn
from pipeline.reading.preprocess import densest_band, ink_share
from pipeline.settings import PreprocessStep
from schemas import Box, Page, TextSource, Word

BLANK_INK = 0.0002
"""A page with less ink is blank; one line of small print is about 0.0008."""
CERTAIN = 0.85
"""Pages read with at least this mean confidence are not read again in another language."""
DOUBTFUL = 0.55
"""Upright text of a bad scan is read with about 0.7, text on its head with about 0.35."""
BAND_SHARE = 0.2
FIRST_LANGUAGES = 1
"""Each language costs a fifth more time on every page: one is tried first, another only if the words ask for it."""


class PixelReader:
    """Reads the pages of one document; a language found on one page is what the next is read in first."""

    def __init__(
        self,
        engine: OcrEngine,
        languages: tuple[str, ...],
        steps: tuple[PreprocessStep, ...] = tuple(PreprocessStep),
    ) -> None:
        self._engine = engine
        self._steps = steps
        self._configured = languages
        self._languages = languages[:FIRST_LANGUAGES]

    def read(self, picture: Picture, number: int, reason: str = "") -> Page:
        """One page. `reason` is why the text layer was not used. Raises ReaderError, EnvironmentFault."""
        prepared = Prepared.of(picture)
        if reason:
            prepared = prepared.noting(f"text-layer:{reason}")
        if ink_share(prepared.small) < BLANK_INK:
            return _page(prepared.noting("blank"), (), number)
        prepared, words = self._read_right_way_up(prepare(prepared, self._steps))
        words = self._read_in_its_language(prepared, words)
        return _page(prepared, words, number)

    def _read_right_way_up(self, prepared: Prepared) -> tuple[Prepared, tuple[Word, ...]]:
        """The words, after turning the picture where it stands on its head: a band of it tells."""
        if prepared.was_turned and self._is_on_its_head(prepared):
            prepared = turn(prepared, 2)
        words = self._words(prepared)
        if not prepared.was_turned and confidence(words) < DOUBTFUL and self._is_on_its_head(prepared):
            prepared = turn(prepared, 2)
            words = self._words(prepared)
        return prepared, words

    def _is_on_its_head(self, prepared: Prepared) -> bool:
        band = densest_band(prepared.image, BAND_SHARE)
        dpi = prepared.dpi * prepared.scale
        upright, turned = (
            _legibility(self._engine.read_words(picture, dpi, self._languages))
            for picture in (band, np.ascontiguousarray(np.rot90(band, 2)))
        )
        return turned > upright

    def _read_in_its_language(self, prepared: Prepared, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words; read again when they tell of a language that was not tried and are not certain."""
        found = vote((word.text for word in words), self._configured)
        if found is None or found in self._languages:
            return words
        self._languages = (found, *self._languages[: FIRST_LANGUAGES - 1])
        if confidence(words) >= CERTAIN:
            return words
        again = self._words(prepared)
        return again if confidence(again) > confidence(words) else words

    def _words(self, prepared: Prepared) -> tuple[Word, ...]:
        return self._engine.read_words(prepared.image, prepared.dpi * prepared.scale, self._languages)


def confidence(words: Sequence[Word]) -> float:
    """The mean confidence of the words, weighed by their length; 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _legibility(words: Sequence[Word]) -> float:
    """How many characters were read with certainty."""
    return sum(word.confidence**2 * len(word.text) for word in words)


def _page(prepared: Prepared, words: tuple[Word, ...], number: int) -> Page:
    width, height = prepared.geometry.size
    scale = 72 / prepared.dpi
    return Page(
        number=number,
        width=width * scale,
        height=height * scale,
        words=tuple(_in_points(word, scale / prepared.scale) for word in words),
        source=TextSource.OCR,
        dpi=prepared.dpi,
        transform=tuple(prepared.geometry.matrix.ravel().tolist()),
        steps=prepared.steps,
    )


def _in_points(word: Word, scale: float) -> Word:
    box = word.box
    placed = Box(x0=box.x0 * scale, y0=box.y0 * scale, x1=box.x1 * scale, y1=box.y1 * scale)
    return word.model_copy(update={"box": placed})
