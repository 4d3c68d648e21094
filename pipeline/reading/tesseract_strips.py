"""Tesseract as a reader of strips: all strips on one sheet, one below the other, read in one call."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from pipeline.ports import GrayImage, OcrEngine, Strip
from pipeline.reading.strips import dark_on_white
from schemas import Word

GAP = 40
"""Pixels of white between strips and around them."""


class TesseractStrips:
    """Implements `pipeline.ports.StripReader` over an engine that reads uniform blocks of text (psm 6)."""

    def __init__(self, engine: OcrEngine, languages: tuple[str, ...], dpi: float = 300.0) -> None:
        self.name = engine.name
        self._engine = engine
        self._languages = languages
        self._dpi = dpi

    def read_strips(self, strips: Sequence[GrayImage]) -> tuple[Strip, ...]:
        """The text of each strip. Raises ReaderError, EnvironmentFault."""
        if not strips:
            return ()
        tops = [GAP]
        for strip in strips:
            tops.append(tops[-1] + strip.shape[0] + GAP)
        sheet = np.full((tops[-1], 2 * GAP + max(strip.shape[1] for strip in strips)), 255, dtype=np.uint8)
        for top, strip in zip(tops, strips, strict=False):
            sheet[top : top + strip.shape[0], GAP : GAP + strip.shape[1]] = dark_on_white(strip)
        words = self._engine.read_words(sheet, self._dpi, self._languages)
        return tuple(
            _strip([word for word in words if top - GAP / 2 <= word.box.y_mid < end - GAP / 2])
            for top, end in pairwise(tops)
        )


def _strip(words: Sequence[Word]) -> Strip:
    if not words:
        return Strip("", 0.0)
    ordered = sorted(words, key=lambda word: word.box.x0)
    return Strip(" ".join(word.text for word in ordered), min(word.confidence for word in ordered))
