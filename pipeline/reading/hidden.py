"""Words of a PDF that nobody sees, put into the frame of the page as it was read."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas import Box, Page, Word

POINTS_PER_INCH = 72.0


def with_hidden(page: Page, words: Sequence[Word]) -> Page:
    """The page with hidden words, whose boxes are in points of the page as shown; `Page.transform` made it upright."""
    if not words:
        return page
    scale = page.dpi / POINTS_PER_INCH
    to_points = (
        np.diag([1 / scale, 1 / scale, 1.0]) @ np.array(page.transform).reshape(3, 3) @ np.diag([scale, scale, 1])
    )
    placed = tuple(word.model_copy(update={"box": _moved(word.box, to_points)}) for word in words)
    return page.model_copy(update={"hidden": placed})


def _moved(box: Box, matrix: NDArray[np.float64]) -> Box:
    """The box around the corners of a box after a homography."""
    corners = np.array([(x, y, 1.0) for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
    moved = corners @ matrix.T
    x, y = moved[:, 0] / moved[:, 2], moved[:, 1] / moved[:, 2]
    return Box(x0=float(x.min()), y0=float(y.min()), x1=float(x.max()), y1=float(y.max()))
