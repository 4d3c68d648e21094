"""What paper, scanners and telephones do to a page: small functions from picture to picture.

Pictures are numpy arrays, height x width (gray) or height x width x 3 (BGR), 0 black to 255 white.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def skew(picture: Picture, degrees: float) -> Picture:
    """Turned by a small angle, white behind the page."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))  # type: ignore[return-value]


def noise(picture: Picture, rng: Random, sigma: float) -> Picture:
    """Gaussian sensor noise with this standard deviation in gray levels."""
    grain = _numbers(rng).standard_normal(picture.shape, np.float32) * np.float32(sigma)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def speckle(picture: Picture, rng: Random, share: float) -> Picture:
    """Dust: black and white grains on this share of the pixels."""
    out, numbers = picture.copy(), _numbers(rng)
    count = int(picture.size * share)
    rows, columns = numbers.integers(0, picture.shape[0], count), numbers.integers(0, picture.shape[1], count)
    out[rows, columns] = numbers.choice([20, 60, 255], count).astype(np.uint8)
    return out


def uneven_light(picture: Picture, rng: Random, strength: float) -> Picture:
    """A lamp that stands aside: brightness falls off over the page by up to `strength` (0 to 1)."""
    height, width = picture.shape[:2]
    x, y = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)
    distance = np.hypot((x - np.float32(rng.random()))[None, :], (y - np.float32(rng.random()))[:, None])
    return _shaded(picture, 1 - np.float32(strength) * np.clip(distance, 0, 1))


def low_toner(picture: Picture, rng: Random, strength: float) -> Picture:
    """Ink that pales in vertical bands, as a tired cartridge prints."""
    x = np.arange(picture.shape[1])
    wave = 0.5 + 0.5 * np.sin(x / picture.shape[1] * rng.uniform(4, 14) + rng.uniform(0, 6))
    return 255 - _shaded(255 - picture, (1 - strength * wave)[None, :])


def fold(picture: Picture, rng: Random) -> Picture:
    """A line where the sheet was folded, with its shade."""
    out = picture.astype(np.int16)
    row = int(picture.shape[0] * rng.choice([0.33, 0.5, 0.66])) + rng.randrange(-20, 20)
    depth = rng.randrange(25, 70)
    for offset in range(-6, 7):
        out[row + offset] -= int(depth * (1 - abs(offset) / 7))
    return np.clip(out, 0, 255).astype(np.uint8)


def stain(picture: Picture, rng: Random) -> Picture:
    """The ring of a coffee cup."""
    height, width = picture.shape[:2]
    layer = np.zeros((height, width), np.float32)
    centre = (rng.randrange(width), rng.randrange(height))
    radius = int(width * rng.uniform(0.06, 0.12))
    cv2.circle(layer, centre, radius, rng.uniform(40, 80), thickness=int(radius * 0.12))
    cv2.circle(layer, centre, radius, rng.uniform(8, 18), thickness=-1)
    layer = cv2.GaussianBlur(layer, (0, 0), radius * 0.04)  # type: ignore[assignment]
    return np.asarray(np.clip(picture - layer, 0, 255), np.uint8)


def blur(picture: Picture, sigma: float) -> Picture:
    """Out of focus by a Gaussian of this standard deviation in pixels."""
    return cv2.GaussianBlur(picture, (0, 0), sigma)  # type: ignore[return-value]


def thermal_fade(picture: Picture, rng: Random, strength: float) -> Picture:
    """Print on old thermal paper: the ink pales towards one end of the page."""
    height = picture.shape[0]
    y = np.linspace(0, 1, height)
    fade = strength * (y if rng.random() < 0.5 else 1 - y) + rng.uniform(0, 0.15)
    return 255 - _shaded(255 - picture, (1 - fade)[:, None])


def bleed_through(picture: Picture, rng: Random, strength: float) -> Picture:
    """The back page shows through, mirrored and blurred."""
    back = cv2.GaussianBlur(picture[:, ::-1], (0, 0), picture.shape[1] / 900)
    back = np.roll(back, rng.randrange(-60, 60), axis=0)
    return _shaded(picture, 1 - (255 - back.astype(np.float32)) / 255 * strength)


def stripes(picture: Picture, rng: Random, count: int) -> Picture:
    """Dirt on the glass of a feeder: thin vertical lines over the whole page."""
    out = picture.copy()
    for _ in range(count):
        column, wide = rng.randrange(4, picture.shape[1] - 4), rng.choice([1, 1, 2])
        shade = rng.choice([90, 150, 200, 255])
        out[:, column : column + wide] = (out[:, column : column + wide] * 0.4 + shade * 0.6).astype(np.uint8)
    return out


def coarse(picture: Picture, share: float) -> Picture:
    """The detail of a lower resolution: shrunk to this share and enlarged again."""
    height, width = picture.shape[:2]
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)  # type: ignore[return-value]


def jpeg_again(picture: Picture, qualities: Sequence[int]) -> Picture:
    """Saved as JPEG once and again, each time shifted by a pixel against the blocks."""
    for quality in qualities:
        picture = np.roll(picture, 1, axis=1)
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)  # type: ignore[assignment]
    return picture


def motion_blur(picture: Picture, rng: Random, length: int) -> Picture:
    """A hand that moved: blurred along a line of this length in pixels."""
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    middle, reach = (length - 1) / 2, (length - 1) / 2
    for step in np.linspace(-1, 1, 4 * length):
        row = round(middle + step * reach * np.sin(angle))
        kernel[row, round(middle + step * reach * np.cos(angle))] = 1
    return cv2.filter2D(picture, -1, kernel / kernel.sum())  # type: ignore[return-value]


def curl(picture: Picture, rng: Random, share: float) -> Picture:
    """A sheet that does not lie flat: rows bend by up to this share of the height."""
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bend = np.sin(np.pi * x / width + rng.uniform(-0.4, 0.4)) * share * height * rng.choice([-1, 1])
    return cv2.remap(picture, x, y + bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def coloured_light(picture: Picture, rng: Random, strength: float) -> Picture:
    """Lamp light on a colour picture (BGR): yellow, bluish or greenish, stronger on one side."""
    tint = np.array(rng.choice([(0.55, 0.85, 1.0), (1.0, 0.9, 0.75), (0.8, 1.0, 0.8)]), np.float32)
    side = np.linspace(rng.random(), rng.random(), picture.shape[1], dtype=np.float32)[None, :, None]
    return np.asarray(np.clip(picture * (1 - strength * side * (1 - tint)), 0, 255), np.uint8)


def line_dropouts(picture: Picture, rng: Random, count: int) -> Picture:
    """Fax rows that were lost: white or repeated lines."""
    out = picture.copy()
    for _ in range(count):
        row = rng.randrange(2, picture.shape[0] - 2)
        out[row] = 255 if rng.random() < 0.3 else out[row - 1]
    return out


def table_top(rng: Random, height: int, width: int) -> Picture:
    """A wooden table in colour, to lie under a photographed page."""
    base = np.array(rng.choice([(60, 90, 130), (40, 60, 90), (120, 130, 140), (90, 110, 120)]), np.float32)
    numbers = _numbers(rng)
    grain = cv2.GaussianBlur(numbers.normal(0, 60, (height, width // 8)).astype(np.float32), (0, 0), 1.2)
    grain = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(base[None, None, :] + grain[..., None], 0, 255), np.uint8)


def perspective(page: Picture, rng: Random, background: Picture) -> Picture:
    """The page lying on the background, seen from a slant, with a soft shadow around it."""
    height, width = background.shape[:2]
    margin = 0.045
    corners = [(margin, margin), (1 - margin, margin), (1 - margin, 1 - margin), (margin, 1 - margin)]
    target = np.array(
        [((x + rng.uniform(-0.03, 0.03)) * width, (y + rng.uniform(-0.03, 0.03)) * height) for x, y in corners],
        np.float32,
    )
    source = np.array([(0, 0), (page.shape[1], 0), (page.shape[1], page.shape[0]), (0, page.shape[0])], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    flags = cv2.INTER_AREA
    seen = cv2.warpPerspective(page, matrix, (width, height), flags=flags)
    mask = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), matrix, (width, height))
    small = cv2.GaussianBlur(cv2.resize(mask, (width // 8, height // 8)), (0, 0), 2.5)
    shadow = cv2.resize(small, (width, height)).astype(np.float32) / 510
    return np.where(mask[..., None] > 127, seen, _shaded(background, 1 - shadow))


def cast_shadow(picture: Picture, rng: Random, strength: float) -> Picture:
    """The soft shadow of a hand or telephone over a part of the page."""
    height, width = picture.shape[:2]
    layer = np.zeros((height // 8, width // 8), np.float32)
    points = np.array(
        [(rng.uniform(0, width / 8), rng.choice([0.0, height / 8])) for _ in range(2)]
        + [(rng.uniform(0, width / 8), rng.uniform(0, height / 8)) for _ in range(2)]
    )
    cv2.fillConvexPoly(layer, cv2.convexHull(points.astype(np.int32)), strength)
    layer = cv2.resize(cv2.GaussianBlur(layer, (0, 0), 14), (width, height))
    return _shaded(picture, 1 - layer)


def _shaded(picture: Picture, light: NDArray[Any]) -> Picture:
    factor = np.broadcast_to(light, picture.shape[:2]).astype(np.float32)
    if picture.ndim == 3:
        factor = cv2.merge([factor, factor, factor])  # type: ignore[assignment]
    return np.asarray(cv2.multiply(picture, factor, dtype=cv2.CV_8U), np.uint8)


def _numbers(rng: Random) -> np.random.Generator:
    return np.random.default_rng(rng.getrandbits(64))
