"""Pictures are made better to read, with OpenCV: small pure functions, gray in and gray out.

Geometry is told by a homography from the pixels of the picture given to those of the picture returned.
"""

import math
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ports import GrayImage

Matrix = NDArray[np.float64]
"""3 x 3, a homography: pixels of one picture to pixels of another."""

MEASURED_SIDE = 1000
"""Light, angles and page edges are measured on a picture with a longer side of this many pixels."""
WIDEST_SKEW = 8.0
FEWEST_INK, MOST_INK = 400, 40_000
LARGEST_LETTER = 40
"""Pixels of the measured picture; its page is 1000 high."""
EVEN_PAPER = 12.0
"""Paper that varies by less than this many gray levels, and is this close to white, needs no flattening."""
DARK_PRINT = 0.5
"""A dark patch below this share of the paper's brightness is print on the page, not shadow."""
SPECK, FEWEST_LETTERS = 5, 30
SIDEWAYS_LEAD = 2.5
"""Measured: at most 1.5 on upright pages and receipts, at least 6 on sideways ones."""
PAGE_SHARE = (0.35, 0.97)
PAGE_RATIOS = (0.64, 0.80)
"""Short by long side of A4 (0.707) and US Letter (0.773), with what a slanted view adds."""
OPPOSITE_LENGTH, OPPOSITE_ANGLE = 0.85, 8.0
"""Opposite edges of a page are about as long (share) and as steep (degrees); else a shadow was taken for an edge."""
PAGE_MARGIN = 0.06
"""How much around the page is kept when it is straightened: its edge may have been seen too far inside."""


class Geometry(NamedTuple):
    """A homography and the size (width, height) in pixels of the picture that it leads to."""

    matrix: Matrix
    size: tuple[int, int]


def warp(image: NDArray[np.uint8], geometry: Geometry) -> NDArray[np.uint8]:
    """The picture seen through the homography; outside it the nearest pixels are repeated.

    The picture itself where nothing moves, as on most scans: it costs a tenth of a second to redraw a page.
    """
    if image.shape[:2] == geometry.size[::-1] and np.allclose(geometry.matrix, np.eye(3)):
        return image
    seen = cv2.warpPerspective(
        image, geometry.matrix, geometry.size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(seen, dtype=np.uint8)


def resize(image: GrayImage, factor: float) -> GrayImage:
    """The picture `factor` times as wide and high."""
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=how), dtype=np.uint8)


def is_even(image: GrayImage) -> bool:
    """Whether the paper is white and evenly lit, as in a rendering or after a scanner's own correction."""
    paper = _paper(shrink(image, MEASURED_SIDE // 2))
    dark, bright = np.percentile(paper, [2, 98])
    return bool(bright - dark < EVEN_PAPER and bright > 255 - EVEN_PAPER)


def flatten_light(image: GrayImage) -> GrayImage:
    """The picture divided by its own paper, so that paper is white also in shadows and stains.

    Dark patches inside the page stay dark, as they may carry white letters; what is dark at the border is the
    table under a photographed page, and is made white.
    """
    height, width = image.shape
    paper = _paper(shrink(image, MEASURED_SIDE // 2))
    typical = float(np.median(paper))
    print_mask = _inside((paper < DARK_PRINT * typical).astype(np.uint8))
    paper[print_mask] = round(typical)
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(image, full, scale=255), dtype=np.uint8)


def ink_share(image: GrayImage) -> float:
    """The part of the picture that is ink, 0 to 1, without single dark pixels."""
    mask = _ink(shrink(image))
    solid = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return float(np.count_nonzero(solid)) / mask.size


def measure_skew(image: GrayImage) -> float:
    """By how many degrees text lines fall to the right, within `WIDEST_SKEW`; 0 when there is too little ink.

    At the right angle the number of ink pixels changes most sharply from row to row (projection profiles: Postl,
    1986). Rows are counted along slanted lines instead of turning the picture for each angle.
    """
    x, y = _ink_points(image)
    return _sharpest(x, y)[0] if len(x) >= FEWEST_INK else 0.0


def stands_sideways(image: GrayImage) -> bool:
    """Whether text runs from top to bottom: letters stand nearer to the next letter than to the next line, so
    they grow into long words first along the line. Sharp columns alone would be no sign: tables have them too.
    """
    mask = _letters(_ink(shrink(image))).astype(np.uint8)
    boxes = _boxes(mask)
    boxes = boxes[boxes[:, cv2.CC_STAT_AREA] > SPECK]
    if len(boxes) < FEWEST_LETTERS:
        return False
    sizes = np.sqrt(boxes[:, cv2.CC_STAT_WIDTH] * boxes[:, cv2.CC_STAT_HEIGHT])
    reach = max(3, round(0.6 * float(np.median(sizes))))
    across = _long_words(_boxes(_closed(mask, (1, reach))), cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)
    down = _long_words(_boxes(_closed(mask, (reach, 1))), cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH)
    return down > SIDEWAYS_LEAD * across


def turned(size: tuple[int, int], quarters: int) -> Geometry:
    """Turning a picture of this size (width, height) by `quarters` of a circle clockwise."""
    width, height = size
    right, bottom = width - 1.0, height - 1.0
    matrices: dict[int, list[list[float]]] = {
        0: [[1, 0, 0], [0, 1, 0]],
        1: [[0, -1, bottom], [1, 0, 0]],
        2: [[-1, 0, right], [0, -1, bottom]],
        3: [[0, 1, 0], [-1, 0, right]],
    }
    shown = (width, height) if quarters % 2 == 0 else (height, width)
    rows = [*matrices[quarters % 4], [0.0, 0.0, 1.0]]
    return Geometry(np.array(rows, dtype=np.float64), shown)


def deskewed(size: tuple[int, int], degrees: float) -> Geometry:
    """Turning back lines that fall by `degrees`, around the middle of a picture of this size (width, height)."""
    width, height = size
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return Geometry(np.vstack([matrix, [0.0, 0.0, 1.0]]), (width, height))


def straightened(image: GrayImage) -> Geometry | None:
    """Seeing a photographed page from straight above; None when no page stands out from a darker ground."""
    corners = _page_corners(image)
    if corners is None:
        return None
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.linalg.norm(sides, axis=1)
    if not (_nearly_parallel(sides[0], -sides[2]) and _nearly_parallel(sides[1], -sides[3])):
        return None
    width, height = float(max(lengths[0], lengths[2])), float(max(lengths[1], lengths[3]))
    if not PAGE_RATIOS[0] <= min(width, height) / max(width, height) <= PAGE_RATIOS[1]:
        return None
    left, top = PAGE_MARGIN * width, PAGE_MARGIN * height
    right, bottom = left + width, top + height
    target = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    return Geometry(np.asarray(matrix, np.float64), (round(right + left), round(bottom + top)))


def densest_band(image: GrayImage, share: float) -> GrayImage:
    """The band over the full width, `share` of the height, that holds the most ink."""
    height = image.shape[0]
    small = shrink(image)
    rows = np.count_nonzero(_ink(small), axis=1)
    reach = max(1, round(share * len(rows)))
    sums = np.convolve(rows, np.ones(reach), mode="valid")
    top = round(int(np.argmax(sums)) * height / len(rows))
    return np.ascontiguousarray(image[top : top + round(share * height)])


def shrink(image: GrayImage, longer_side: int = MEASURED_SIDE) -> GrayImage:
    """At most this many pixels on the longer side; first by a whole number, which is five times as fast.

    What is measured here can be measured as well on a picture that was shrunk before, which then costs nothing.
    """
    whole = max(image.shape) // longer_side
    if whole > 1:
        height, width = (side // whole for side in image.shape)
        image = np.asarray(
            cv2.resize(image[: height * whole, : width * whole], (width, height), interpolation=cv2.INTER_AREA),
            dtype=np.uint8,
        )
    factor = longer_side / max(image.shape)
    return image if factor >= 1 else resize(image, factor)


def _ink(image: GrayImage) -> GrayImage:
    """255 where a pixel is clearly darker than the paper around it, else 0."""
    found = cv2.adaptiveThreshold(image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    return np.asarray(found, dtype=np.uint8)


def _paper(small: GrayImage) -> GrayImage:
    """The picture without what is written on it."""
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15)))
    return np.asarray(cv2.medianBlur(closed, 21), dtype=np.uint8)


def _inside(mask: GrayImage) -> NDArray[np.bool_]:
    """The patches of a mask that do not touch the border."""
    count, labels = cv2.connectedComponents(mask)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    kept = np.setdiff1d(np.arange(1, count), border)
    return np.asarray(np.isin(labels, kept), dtype=np.bool_)


def _letters(mask: GrayImage) -> NDArray[np.bool_]:
    """The patches of ink that may be letters or short words: table rules and pictures would outvote the text."""
    _, labels, sizes, _ = cv2.connectedComponentsWithStats(mask)
    small = np.maximum(sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT]) <= LARGEST_LETTER
    small[0] = False
    return np.asarray(small[labels], dtype=np.bool_)


def _boxes(mask: GrayImage) -> NDArray[np.int32]:
    """The bounding boxes of the patches of a mask, as OpenCV's rows of left, top, width, height, area."""
    return np.asarray(cv2.connectedComponentsWithStats(mask)[2][1:], dtype=np.int32)


def _closed(mask: GrayImage, shape: tuple[int, int]) -> GrayImage:
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(shape, np.uint8)), dtype=np.uint8)


def _long_words(boxes: NDArray[np.int32], along: int, across: int) -> int:
    """The lengths of all boxes that are at least twice as long as thick, added up."""
    long = boxes[:, along] > 2 * boxes[:, across]
    return int(boxes[long, along].sum())


def _ink_points(image: GrayImage) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Columns and rows of at most `MOST_INK` ink pixels of the shrunken picture."""
    rows, columns = np.nonzero(_letters(_ink(shrink(image))))
    step = max(1, math.ceil(len(rows) / MOST_INK))
    return columns[::step].astype(np.float64), rows[::step].astype(np.float64)


def _sharpest(along: NDArray[np.float64], across: NDArray[np.float64]) -> tuple[float, float]:
    """The angle in degrees at which lines are set apart best, and how well, from coarse to fine steps."""
    best, sharpness = 0.0, 0.0
    for step, reach in ((1.0, WIDEST_SKEW), (0.2, 1.0), (0.05, 0.2)):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        scores = [_sharpness(along, across, float(angle)) for angle in angles]
        best, sharpness = float(angles[int(np.argmax(scores))]), max(scores)
    return best, sharpness


def _sharpness(along: NDArray[np.float64], across: NDArray[np.float64], degrees: float) -> float:
    rows = np.rint(across - along * math.tan(math.radians(degrees))).astype(np.int64)
    profile = np.bincount(rows - rows.min()).astype(np.float64)
    return float((np.diff(profile) ** 2).sum())


def _page_corners(image: GrayImage) -> NDArray[np.float32] | None:
    """Top left, top right, bottom right and bottom left corner of a bright page on a darker ground."""
    small = cv2.morphologyEx(cv2.medianBlur(shrink(image), 5), cv2.MORPH_CLOSE, np.ones((21, 21), np.uint8))
    _, bright = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    if not PAGE_SHARE[0] < cv2.contourArea(hull) / small.size < PAGE_SHARE[1]:
        return None
    corners = _four_corners(hull)
    if corners is None or not _lies_on_dark(small, bright):
        return None
    first = int(np.argmin(corners.sum(axis=1)))
    scale = image.shape[1] / small.shape[1]
    return np.asarray(np.roll(corners, -first, axis=0) * scale, dtype=np.float32)


def _nearly_parallel(one: NDArray[Any], other: NDArray[Any]) -> bool:
    lengths = (float(np.linalg.norm(one)), float(np.linalg.norm(other)))
    cosine = float(one @ other) / max(lengths[0] * lengths[1], 1.0)
    alike = min(lengths) >= OPPOSITE_LENGTH * max(lengths)
    return alike and cosine > math.cos(math.radians(OPPOSITE_ANGLE))


def _lies_on_dark(small: NDArray[Any], bright: NDArray[Any]) -> bool:
    """Whether darker ground is seen on three sides at least: a dark letterhead is no ground."""
    dark = bright == 0
    sides = (dark[0], dark[-1], dark[:, 0], dark[:, -1])
    contrast = float(small[~dark].mean()) - float(small[dark].mean())
    return contrast > 40 and sum(float(side.mean()) > 0.5 for side in sides) >= 3


def _four_corners(hull: NDArray[Any]) -> NDArray[np.float64] | None:
    """The hull as a quadrilateral, clockwise, when it is one."""
    length = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(hull, tolerance * length, True).reshape(-1, 2).astype(np.float64)
        if len(corners) == 4:
            break
    else:
        return None
    if cv2.contourArea(corners.astype(np.float32)) < 0.9 * cv2.contourArea(hull):
        return None
    around = corners - corners.mean(axis=0)
    return corners[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
