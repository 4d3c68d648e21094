"""A picture of a page and its resolution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Picture:
    """`pixels`: height x width (gray) or height x width x 3 (RGB), 0 to 255; `dpi`: pixels per 72 points."""

    pixels: NDArray[np.uint8]
    dpi: float

    @property
    def width(self) -> float:
        """Width in points."""
        return float(self.pixels.shape[1] * 72 / self.dpi)

    @property
    def height(self) -> float:
        """Height in points."""
        return float(self.pixels.shape[0] * 72 / self.dpi)
