"""A PDF becomes what arrives in practice: a scan, a worn scan, a photo, a fax. Nothing keeps a text layer.

Rendering uses PDFium on PDFs that this generator made itself; untrusted files never come here.
"""

import io
import time
from collections.abc import Callable
from random import Random

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from samples import marks, wear
from samples.wear import Picture

_EPOCH = time.gmtime(1767225600)  # 2026-01-01: Pillow would write the clock's date into the file


def render(pdf: bytes, dpi: float, gray: bool = True) -> list[Picture]:
    """All pages as pictures, gray or BGR."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72, grayscale=gray).to_numpy().squeeze().copy() for page in document]
    finally:
        document.close()


def scan(pdf: bytes, rng: Random) -> bytes:
    """A clean office scan: 300 dpi gray, slight noise and skew up to 0.5 degrees, as an image-only PDF."""
    angle = rng.uniform(-0.5, 0.5)
    pages = [wear.noise(wear.skew(page, angle), rng, 2.0) for page in render(pdf, 300)]
    return pictures_to_pdf(pages, 300, quality=72)


def degraded(pdf: bytes, rng: Random) -> bytes:
    """A worn scan: 200 dpi, skew up to 2.5 degrees, two to six kinds of office wear, as an image-only PDF.

    One in ten comes black and white, by a threshold that does not suit it well.
    """
    angle, bilevel = rng.uniform(-2.5, 2.5), rng.random() < 0.1
    pages = [wear.skew(_worn(page, rng), angle) for page in render(pdf, 200)]
    pages = [wear.noise(page, rng, rng.uniform(2, 7)) for page in pages]
    if bilevel:
        pages = [_thresholded(page, rng.uniform(0.62, 0.8)) for page in pages]
    return pictures_to_pdf(pages, 200, quality=rng.randrange(38, 70))


def photo(pdf: bytes, rng: Random) -> bytes:
    """Telephone photos: a JPEG for one page, else a PDF of photos; sometimes lying on the side."""
    pages = [_photographed(page, rng) for page in render(pdf, 190, gray=False)]
    quality = rng.randrange(55, 82)
    if len(pages) == 1:
        return _jpeg(pages[0], quality)
    return pictures_to_pdf(pages, 150, quality)


def fax(pdf: bytes, rng: Random) -> bytes:
    """A fax: 204 x 196 dpi, black and white, lost lines, as a multi-page TIFF (CCITT G4)."""
    pages = []
    for page in render(pdf, 204):
        low = cv2.resize(page, None, fx=1.0, fy=196 / 204, interpolation=cv2.INTER_AREA)
        low = wear.noise(wear.skew(low, rng.uniform(-0.8, 0.8)), rng, 12)  # type: ignore[arg-type]
        pages.append(wear.line_dropouts(_black_and_white(low, rng.randrange(150, 190)), rng, rng.randrange(3, 14)))
    return pictures_to_tiff(pages, (204, 196), bilevel=True)


def tiff(pdf: bytes, rng: Random) -> bytes:
    """A multi-page TIFF of a document scanner: black and white at 300 dpi, or gray at 200 dpi."""
    angle = rng.uniform(-0.7, 0.7)
    if rng.random() < 0.5:
        pages = [_black_and_white(wear.skew(page, angle), 165) for page in render(pdf, 300)]
        return pictures_to_tiff(pages, (300, 300), bilevel=True)
    pages = [wear.noise(wear.skew(page, angle), rng, 2.5) for page in render(pdf, 200)]
    return pictures_to_tiff(pages, (200, 200), bilevel=False)


def pictures_to_pdf(pages: list[Picture], dpi: float, quality: int) -> bytes:
    """An image-only PDF with JPEG pages of this quality (0 to 95)."""
    images = [_image(page) for page in pages]
    out = io.BytesIO()
    images[0].save(
        out, "PDF", resolution=dpi, quality=quality, save_all=True, append_images=images[1:],
        creationDate=_EPOCH, modDate=_EPOCH,
    )  # fmt: skip
    return out.getvalue()


def pictures_to_tiff(pages: list[Picture], dpi: tuple[float, float], bilevel: bool) -> bytes:
    """A multi-page TIFF, CCITT G4 when black and white, else JPEG."""
    images = [_image(page) for page in pages]
    if bilevel:
        images = [image.convert("1", dither=Image.Dither.NONE) for image in images]
    out = io.BytesIO()
    compression = "group4" if bilevel else "jpeg"
    images[0].save(out, "TIFF", compression=compression, dpi=dpi, save_all=True, append_images=images[1:])
    return out.getvalue()


Step = Callable[[Picture], Picture]


def _worn(page: Picture, rng: Random) -> Picture:
    """One to two faults of the print or paper, up to two marks of people, one to two faults of the scanner."""
    for steps, least, most in ((_paper_faults(rng), 1, 2), (_marks(rng), 0, 2), (_scanner_faults(rng), 1, 2)):
        for step in rng.sample(steps, rng.randint(least, most)):
            page = step(page)
    return page


def _paper_faults(rng: Random) -> list[Step]:
    return [
        lambda p: wear.low_toner(p, rng, rng.uniform(0.2, 0.5)),
        lambda p: wear.thermal_fade(p, rng, rng.uniform(0.2, 0.45)),
        lambda p: wear.bleed_through(p, rng, rng.uniform(0.06, 0.16)),
        lambda p: wear.fold(p, rng),
        lambda p: wear.stain(p, rng),
    ]


def _marks(rng: Random) -> list[Step]:
    return [
        lambda p: marks.stamp(p, rng),
        lambda p: marks.note(p, rng),
        lambda p: marks.scribble(p, rng),
        lambda p: marks.punch_holes(p, rng),
        lambda p: marks.staple(p, rng),
    ]


def _scanner_faults(rng: Random) -> list[Step]:
    return [
        lambda p: wear.uneven_light(p, rng, rng.uniform(0.1, 0.35)),
        lambda p: wear.speckle(p, rng, rng.uniform(0.0003, 0.002)),
        lambda p: wear.blur(p, rng.uniform(0.5, 0.9)),
        lambda p: wear.stripes(p, rng, rng.randrange(1, 5)),
        lambda p: wear.coarse(p, 0.75),  # 150 dpi
        lambda p: wear.jpeg_again(p, [rng.randrange(40, 75) for _ in range(3)]),
    ]


def _photographed(page: Picture, rng: Random) -> Picture:
    if rng.random() < 0.35:
        page = rng.choice([marks.stamp, marks.note, marks.scribble, wear.fold, marks.staple])(page, rng)
    if rng.random() < 0.4:
        page = wear.curl(page, rng, rng.uniform(0.002, 0.008))
    table = wear.table_top(rng, int(page.shape[0] * 1.06), int(page.shape[1] * 1.06))
    seen = wear.perspective(page, rng, table)
    seen = wear.cast_shadow(wear.uneven_light(seen, rng, rng.uniform(0.1, 0.4)), rng, rng.uniform(0.1, 0.4))
    if rng.random() < 0.5:
        seen = wear.coloured_light(seen, rng, rng.uniform(0.3, 0.8))
    seen = wear.motion_blur(seen, rng, 3) if rng.random() < 0.2 else wear.blur(seen, rng.uniform(0.4, 0.8))
    seen = wear.noise(seen, rng, rng.uniform(1, 4))
    if rng.random() < 0.15:
        return np.ascontiguousarray(np.rot90(seen, rng.choice([1, 3])))
    return seen


def _black_and_white(page: Picture, threshold: int) -> Picture:
    return np.where(page < threshold, 0, 255).astype(np.uint8)


def _thresholded(page: Picture, share: float) -> Picture:
    """Black where darker than this share of the local paper, so that pale print survives and shadows smear."""
    paper = cv2.GaussianBlur(page, (0, 0), page.shape[1] / 25)
    return np.where(page < paper.astype(np.float32) * share, 0, 255).astype(np.uint8)


def _image(page: Picture) -> Image.Image:
    return Image.fromarray(page if page.ndim == 2 else page[..., ::-1])


def _jpeg(page: Picture, quality: int) -> bytes:
    out = io.BytesIO()
    _image(page).save(out, "JPEG", quality=quality, dpi=(72, 72))
    return out.getvalue()
