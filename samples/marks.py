"""What people leave on a page before it is scanned: stamps, handwriting, punch holes, staples.

Marks darken a page by a factor and never whiten text, so that a careful person can still read it.
"""

from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.wear import Picture

_STAMPS = (
    "PAYÉ", "REÇU LE {date}", "BON À PAYER", "COMPTABILISÉ", "COPIE", "SAISI LE {date}", "DUPLICATA", "VU", "ENTERED",
    "RECEIVED {date}", "PAID", "EINGANG {date}", "GEBUCHT", "PAGADO", "RICEVUTO {date}", "BETAALD",
)  # fmt: skip
_INKS = ((120, 40, 20), (40, 30, 170), (60, 110, 20), (60, 60, 60))
_STAMP_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
_PEN_FONT = Path("/usr/share/fonts/opentype/urw-base35/Z003-MediumItalic.otf")


def stamp(picture: Picture, rng: Random) -> Picture:
    """An office stamp in a frame, turned by up to 20 degrees, over whatever stands there."""
    text = rng.choice(_STAMPS).format(date=f"{rng.randrange(1, 29):02d}/{rng.randrange(1, 13):02d}/2026")
    scale = picture.shape[1] / 1654
    layer = _drawn(text, _STAMP_FONT, int(rng.uniform(34, 60) * scale), frame=rng.random() < 0.7)
    return _laid(picture, _turned(layer, rng.uniform(-20, 20)), rng, rng.uniform(0.3, 0.6))


def note(picture: Picture, rng: Random) -> Picture:
    """A handwritten remark: initials, an account number, a date."""
    text = rng.choice(["Vu", "OK", "ok {n}", "{n}", "6{n}", "cf. BL", "B.à.P. {n}", "gepr. {n}", "appr."])
    layer = _drawn(text.format(n=rng.randrange(1000, 9999)), _PEN_FONT, int(picture.shape[1] * rng.uniform(0.02, 0.04)))
    return _laid(picture, _turned(layer, rng.uniform(-12, 12)), rng, rng.uniform(0.6, 0.85))


def scribble(picture: Picture, rng: Random) -> Picture:
    """A pen stroke that circles or ticks something."""
    height, width = picture.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    turns, centre = rng.uniform(1.0, 1.6), (rng.uniform(0.2, 0.9) * width, rng.uniform(0.2, 0.9) * height)
    radii = rng.uniform(0.03, 0.1) * width, rng.uniform(0.012, 0.03) * width
    angles = np.linspace(0, 2 * np.pi * turns, 90)
    wobble = 1 + 0.06 * np.sin(angles * rng.uniform(2, 5))
    points = np.stack(
        [centre[0] + radii[0] * np.cos(angles) * wobble, centre[1] + radii[1] * np.sin(angles) * wobble], 1
    )
    cv2.polylines(layer, [points.astype(np.int32)], False, 255, max(2, width // 600), cv2.LINE_AA)
    return _darkened(picture, layer, rng.uniform(0.5, 0.8), rng.choice(_INKS))


def punch_holes(picture: Picture, rng: Random) -> Picture:
    """Two or four dark holes along the left edge, 80 mm apart, with the lid of the scanner behind."""
    out, (height, width) = picture.copy(), picture.shape[:2]
    millimetre = width / 210
    x, radius = int(rng.uniform(7, 11) * millimetre), int(2.8 * millimetre)
    shade = rng.randrange(20, 120)
    spread = (-40, 40) if rng.random() < 0.8 else (-120, -40, 40, 120)
    for offset in spread:
        cv2.circle(out, (x, int(height / 2 + offset * millimetre)), radius, (shade,) * 3, -1, cv2.LINE_AA)
    return out


def staple(picture: Picture, rng: Random) -> Picture:
    """The shadow of a staple and of the folded corner."""
    out, width = picture.copy(), picture.shape[1]
    size = width // 40
    x, y = rng.randrange(width // 50, width // 14), rng.randrange(width // 50, width // 14)
    cv2.line(out, (x, y), (x + size, y - size // 3), (70,) * 3, max(2, width // 500), cv2.LINE_AA)
    cv2.line(out, (0, y + 2 * size), (x + 2 * size, 0), (190,) * 3, max(2, width // 800), cv2.LINE_AA)
    return out


def _drawn(text: str, font_file: Path, size: int, frame: bool = False) -> Picture:
    font = ImageFont.truetype(font_file, size) if font_file.exists() else ImageFont.load_default(size)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    margin = size // 2
    image = Image.new("L", (right - left + 2 * margin, bottom - top + 2 * margin))
    draw = ImageDraw.Draw(image)
    draw.text((margin - left, margin - top), text, font=font, fill=255)
    if frame:
        draw.rounded_rectangle(
            (2, 2, image.width - 3, image.height - 3), size // 4, outline=255, width=max(2, size // 12)
        )
    return np.asarray(image, np.uint8)


def _turned(layer: Picture, degrees: float) -> Picture:
    return np.asarray(Image.fromarray(layer).rotate(degrees, Image.Resampling.BILINEAR, expand=True), np.uint8)


def _laid(picture: Picture, layer: Picture, rng: Random, strength: float) -> Picture:
    height, width = picture.shape[:2]
    layer = layer[: height - 1, : width - 1]
    top, left = rng.randrange(height - layer.shape[0]), rng.randrange(width - layer.shape[1])
    full = np.zeros((height, width), np.uint8)
    full[top : top + layer.shape[0], left : left + layer.shape[1]] = layer
    return _darkened(picture, full, strength, rng.choice(_INKS))


def _darkened(picture: Picture, layer: Picture, strength: float, ink: tuple[int, int, int]) -> Picture:
    """The picture through ink: coloured on colour pictures, gray on gray ones."""
    cover = layer.astype(np.float32)[..., None] / 255 * strength
    color: NDArray[np.floating[Any]] = np.array(ink, np.float32) / 255
    if picture.ndim == 2:
        return np.asarray(np.clip(picture * (1 - cover[..., 0] * (1 - color.mean())), 0, 255), np.uint8)
    return np.asarray(np.clip(picture * (1 - cover * (1 - color)), 0, 255), np.uint8)
