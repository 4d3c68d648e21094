import io

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import BrokenFile, TooLarge
from pipeline.reading.images import A4_LONG_SIDE, ImageFile, decode_page, page_dpi
from pipeline.settings import Limits, Settings

MANY = 10**8


def saved(image: Image.Image, kind: str, **how) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def half_black(mode: str = "L", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Black on the left, white on the right."""
    image = Image.new("L", size, 255)
    image.paste(0, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "RGBA", "P", "CMYK", "I;16", "LA"])
def test_every_mode_becomes_gray(mode: str):
    """Whatever the colours are stored as, black stays black and white stays white."""
    sixteen_bits = Image.fromarray(np.array(half_black()).astype(np.uint16) * 257)
    image = sixteen_bits if mode == "I;16" else half_black(mode)
    pixels = decode_page(saved(image, "TIFF"), 1, MANY).pixels
    assert pixels.dtype == np.uint8
    assert pixels.shape == (20, 40)
    assert pixels[10, 5] < 5
    assert pixels[10, 35] > 250


def test_what_is_transparent_is_paper():
    """A see-through ground is white, not black."""
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert decode_page(saved(image, "PNG"), 1, MANY).pixels.min() == 255


def test_the_orientation_tag_is_obeyed():
    """A telephone's picture that says how it was held is turned upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode_page(saved(half_black(), "JPEG", exif=exif), 1, MANY)
    assert picture.pixels.shape == (40, 20)
    assert picture.pixels[2, 10] < 60
    assert picture.pixels[37, 10] > 200


@pytest.mark.parametrize("line_dpi", [98, 196])
def test_fax_lines_are_stretched_until_pixels_are_square(line_dpi: int):
    """A fax of 204 x 98 dpi is not half as high as its page."""
    fax = Image.new("1", (1728, round(11.69 * line_dpi)), 1)
    picture = decode_page(saved(fax, "TIFF", compression="group4", dpi=(204, line_dpi)), 1, MANY)
    assert picture.pixels.shape[0] == pytest.approx(11.69 * 204, rel=0.01)
    assert picture.height == pytest.approx(842, rel=0.01)


def test_every_frame_is_a_page():
    """A multi-page TIFF has as many pages as frames, each with its own picture."""
    frames = [Image.new("L", (30, 30), value) for value in (0, 100, 200)]
    file = ImageFile(saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]), Settings())
    assert file.page_count == 3
    assert [int(file.draw(number).pixels[5, 5]) for number in (1, 2, 3)] == [0, 100, 200]


def test_too_many_frames_are_refused():
    """More pages than the limit are refused without decoding them."""
    frames = [Image.new("L", (8, 8)) for _ in range(4)]
    content = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    with pytest.raises(TooLarge):
        ImageFile(content, Settings(limits=Limits(pages=3)))


def test_a_frame_directory_that_points_to_itself_ends():
    """A TIFF whose list of frames is a ring has one page and does not hang."""
    content = bytearray(saved(Image.new("L", (8, 8)), "TIFF"))
    order = "little" if content[:2] == b"II" else "big"
    first = int.from_bytes(content[4:8], order)
    end = first + 2 + 12 * int.from_bytes(content[first : first + 2], order)
    content[end : end + 4] = content[4:8]
    assert ImageFile(bytes(content), Settings()).page_count == 1


def test_too_many_pixels_are_refused():
    """A picture above the limit is refused before it fills the memory."""
    with pytest.raises(TooLarge):
        decode_page(saved(Image.new("1", (3000, 3000)), "PNG"), 1, 1_000_000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
@pytest.mark.parametrize("kept", [0.01, 0.5, 0.9])
def test_a_cut_file_is_broken(kind: str, kept: float):
    """A picture that was not written to its end is refused, never shown half."""
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    content = saved(Image.fromarray(noise), kind)
    with pytest.raises(BrokenFile):
        decode_page(content[: int(len(content) * kept)], 1, MANY)


def test_a_cut_file_is_broken_whatever_another_library_switched_on(monkeypatch: pytest.MonkeyPatch):
    """WeasyPrint makes Pillow complete cut pictures with grey, for the whole process; ours are refused still."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    content = saved(Image.fromarray(noise), "JPEG")
    with pytest.raises(BrokenFile):
        decode_page(content[: len(content) // 2], 1, MANY)


def test_a_plausible_resolution_is_believed():
    """A page of 300 dpi that comes out as A4 is believed."""
    assert page_dpi((2480, 3508), (300, 300)) == 300


@pytest.mark.parametrize("tagged", [None, (72.0, 72.0), (96.0, 96.0), (5000.0, 5000.0)])
def test_without_a_plausible_resolution_a_page_is_a4(tagged):
    """A telephone's picture says 72 dpi; its longer side is then that of an A4 page."""
    assert 3508 * 72 / page_dpi((2480, 3508), tagged) == pytest.approx(A4_LONG_SIDE)


def test_a_long_narrow_picture_is_a_receipt():
    """A till receipt is 80 mm wide, however long it is."""
    assert 600 * 72 / page_dpi((600, 2500), None) == pytest.approx(227)
