"""What a reader of the page can see."""

import numpy as np

from pipeline.reading.picture import Picture
from pipeline.reading.visible import part_by_ink
from schemas import Box, Word


def word(text: str, x: float) -> Word:
    return Word(text=text, box=Box(x0=x, y0=10, x1=x + 20, y1=20))


def test_words_without_contrast_are_set_apart() -> None:
    """A word on an even ground is hidden, also on a gray one; one that differs from its ground is seen."""
    pixels = np.full((100, 200), 255, np.uint8)
    pixels[:, 100:] = 128
    pixels[12:18, 12:28] = 0
    pixels[12:18, 112:128] = 135
    words = (word("ink", 10), word("white", 50), word("gray", 110), word("outside", 300))
    shown, hidden = part_by_ink(words, Picture(pixels, 72))
    assert [each.text for each in shown] == ["ink"]
    assert [each.text for each in hidden] == ["white", "gray", "outside"]
