"""Picture files (TIFF, JPEG, PNG, WebP, BMP) become pictures, with Pillow.

OpenCV's own decoder is not used: it gives a full picture for a JPEG cut at 1 %, where Pillow raises.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL import ImageFile as PillowFile

from pipeline.errors import BrokenFile, TooLarge
from pipeline.reading.picture import Picture
from pipeline.reading.visible import PageText
from pipeline.settings import Settings
from schemas import Failure, Page

A4_SHORT_SIDE, A4_LONG_SIDE = 595.0, 842.0
RECEIPT_WIDTH = 227.0
"""80 mm, the usual paper roll, in points."""
RECEIPT_RATIO = 2.0
"""A picture longer than this many widths is taken for a receipt."""
PLAUSIBLE_DPI = (100.0, 1200.0)
PLAUSIBLE_INCHES = (3.0, 17.5)
"""The longer side of a page; A3 is 16.5 inches."""
SQUARE_PIXELS = 1.02


class ImageFile:
    """A picture file as a series of pages without a text layer. Raises BrokenFile and TooLarge."""

    failures: tuple[Failure, ...] = ()

    def __init__(self, content: bytes, settings: Settings) -> None:
        self._content = content
        self._limits = settings.limits
        with _opened(content) as image:
            self.page_count = _count_frames(image, settings.limits.pages)

    def read_text(self, _number: int) -> PageText:
        """A picture has no text layer."""
        return PageText(None)

    def draw(self, number: int) -> Picture:
        """The page in gray. Raises BrokenFile, TooLarge."""
        return decode_page(self._content, number, self._limits.page_pixels)

    def empty_page(self, number: int) -> Page:
        """A page that could not be read; its size is not known."""
        return Page(number=number, width=A4_SHORT_SIDE, height=A4_LONG_SIDE)


def decode_page(content: bytes, number: int, max_pixels: int, *, colour: bool = False) -> Picture:
    """Page `number` (from 1): upright by its orientation tag, with square pixels, on white.

    Raises BrokenFile for a damaged file, TooLarge above `max_pixels`, before the pixels are decoded.
    """
    with _opened(content) as image:
        image.seek(number - 1)
        return _decode(image, max_pixels, colour=colour)


@contextlib.contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """The file as Pillow sees it. What Pillow raises for a damaged file becomes BrokenFile."""
    with warnings.catch_warnings():
        # Our own limit stands in for Pillow's warning.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        # Other libraries (WeasyPrint at import) switch this on for the whole process.
        PillowFile.LOAD_TRUNCATED_IMAGES = False
        try:
            with Image.open(io.BytesIO(content)) as image:
                yield image
        except Image.DecompressionBombError as error:
            raise TooLarge(f"The picture is too large: {error}", code="too-many-pixels") from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise BrokenFile(f"The picture cannot be decoded: {error}", code="broken-image") from error


def page_dpi(size: tuple[int, int], tagged: tuple[float, float] | None) -> float:
    """The resolution of a picture of `size` pixels: its tag where plausible, else one that makes it A4.

    72 and 96 dpi are what programs write when they do not know. A long narrow picture is taken for a receipt.
    """
    short, long = min(size), max(size)
    if tagged is not None:
        dpi = max(tagged)
        if _within(dpi, PLAUSIBLE_DPI) and _within(long / dpi, PLAUSIBLE_INCHES):
            return dpi
    if long > RECEIPT_RATIO * short:
        return short * 72 / RECEIPT_WIDTH
    return long * 72 / A4_LONG_SIDE


def _count_frames(image: Image.Image, max_pages: int) -> int:
    """Steps through the frames, since a directory may point to itself for ever."""
    if getattr(image, "is_animated", False) is False:
        return 1
    for number in range(max_pages + 1):
        try:
            image.seek(number)
        except EOFError:
            return number
    raise TooLarge(f"The file has more than {max_pages} pages.", code="too-many-pages")


def _decode(image: Image.Image, max_pixels: int, *, colour: bool) -> Picture:
    width, height = image.size
    if width * height > max_pixels:
        message = f"The picture has {width} x {height} pixels; {max_pixels} are allowed."
        raise TooLarge(message, code="too-many-pixels")
    tagged = _tagged_dpi(image)
    image.load()
    upright = ImageOps.exif_transpose(image)
    if tagged is not None and upright.size != image.size:
        tagged = (tagged[1], tagged[0])
    flat = _square(_on_white(upright), tagged)
    pixels = np.asarray(flat.convert("RGB" if colour else "L"))
    return Picture(pixels, page_dpi(flat.size, tagged))


def _tagged_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Horizontal and vertical resolution as the file states them."""
    tag = image.info.get("dpi")
    if not tag:
        return None
    x, y = float(tag[0]), float(tag[1])
    return (x, y) if x > 1 and y > 1 else None


def _on_white(image: Image.Image) -> Image.Image:
    """A picture of 8 bits a channel without transparency."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image)))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("L") if image.mode in {"1", "L"} else image.convert("RGB")


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Values of 16 or 32 bits, scaled by the range that they fit in."""
    numbers = values.astype(np.float64)
    top = next((limit for limit in (1.0, 255.0, 65535.0) if numbers.max(initial=0) <= limit), numbers.max())
    return np.clip(numbers * (255.0 / top), 0, 255).astype(np.uint8)


def _square(image: Image.Image, tagged: tuple[float, float] | None) -> Image.Image:
    """A fax line is up to twice as high as it is wide (204 x 98 dpi): stretched until pixels are square."""
    if tagged is None:
        return image
    x, y = tagged
    if max(x, y) / min(x, y) < SQUARE_PIXELS or max(x, y) / min(x, y) > 4:
        return image
    width, height = image.size
    best = max(x, y)
    return image.resize((round(width * best / x), round(height * best / y)), Image.Resampling.BICUBIC)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
