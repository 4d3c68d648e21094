"""Pages for the browser: made in a child process, kept, bounded, in the frame in which the page was read."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import InputError
from pipeline.intake.archive import Archive
from pipeline.reading.kept import keep_pages
from pipeline.sandbox import Sandbox
from pipeline.settings import Settings
from pipeline.web.pictures import Pictures, trim
from schemas import Document, MediaType
from schemas.page import Box

SAMPLES = Path(__file__).parents[2] / "samples" / "set"


class Shelf:
    """Pictures over an archive, with the children that make them."""

    def __init__(self, settings, sandbox):
        self.settings = settings
        self.archive = Archive(settings.archive)
        self.pictures = Pictures(sandbox, self.archive, settings)

    def put(self, content: bytes, media_type: MediaType, clock) -> Document:
        sha256, now = self.archive.put_bytes(content), clock.now()
        return Document(sha256=sha256, file_name="x", size=len(content), media_type=media_type, received_at=now)

    def again(self) -> Pictures:
        """Pictures without children: what is not kept cannot be made."""
        return Pictures(None, self.archive, self.settings)


@pytest.fixture
def shelf(tmp_path):
    settings = Settings(home=tmp_path / "home", workers=1)
    with Sandbox(settings) as sandbox:
        yield Shelf(settings, sandbox)


@pytest.fixture
def native(shelf, clock):
    return shelf.put((SAMPLES / "native-fr-1.pdf").read_bytes(), MediaType.PDF, clock)


@pytest.fixture
def sideways(shelf, clock):
    """A fax that lies on its side."""
    with Image.open(SAMPLES / "fax-fr.tif") as image:
        image.seek(0)
        dpi = image.info["dpi"]
        square = image.convert("L").resize((image.width, round(image.height * dpi[0] / dpi[1])))
    out = io.BytesIO()
    square.rotate(90, expand=True).save(out, "PNG", dpi=(dpi[0], dpi[0]))
    return shelf.put(out.getvalue(), MediaType.PNG, clock)


def pixels(png: bytes) -> np.ndarray:
    assert png.startswith(b"\x89PNG")
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def ink(picture: np.ndarray, box: Box, dpi: float) -> float:
    """The share of dark pixels in a box (points)."""
    at = box.scaled(dpi / 72)
    return float((picture[round(at.y0) : round(at.y1), round(at.x0) : round(at.x1)] < 140).mean())


def test_a_picture_is_made_once_and_kept(shelf, native):
    """At the next finer resolution of those that there are."""
    first = shelf.pictures.picture(native, 1, 90)
    page = shelf.pictures.sheet(native, 1).page
    assert pixels(first).shape == pytest.approx((page.height * 110 / 72, page.width * 110 / 72), abs=1)
    assert shelf.again().picture(native, 1, 90) == first


def test_words_lie_on_their_ink_also_on_a_page_that_was_turned(shelf, sideways):
    """The picture is in the frame of the words' boxes: upright and level."""
    found = shelf.pictures.sheet(sideways, 1).page
    assert any(step.startswith("turn") for step in found.steps)
    drawn = pixels(shelf.pictures.picture(sideways, 1, 160))
    long = [word for word in found.words if len(word.text) > 5 and word.confidence > 0.9]
    assert len(long) > 20
    assert np.median([ink(drawn, word.box, 160) for word in long]) > 3 * float((drawn < 140).mean())


def test_a_crop_is_the_part_of_the_page(shelf, native):
    """In its box, at a resolution at which it can be read."""
    cut = pixels(shelf.pictures.crop(native, 1, Box(x0=72, y0=72, x1=216, y1=108)))
    assert cut.shape == pytest.approx((36 * 140 / 72, 144 * 140 / 72), abs=1)


def test_ocr_reads_again_what_a_rectangle_holds(shelf, native):
    """The words of a line, from its pixels."""
    words = [word for word in shelf.pictures.sheet(native, 1).page.words if word.text.isalpha() and len(word.text) > 6]
    read = shelf.pictures.read(native, 1, words[0].box)
    assert words[0].text.casefold() in read.casefold()


def test_pages_that_were_kept_when_they_were_read_are_not_read_again(shelf, native):
    """So that a scan opens at once."""
    page = shelf.pictures.sheet(native, 1).page.model_copy(update={"steps": ("kept",)})
    keep_pages(shelf.settings.pages, native.sha256, (page,))
    assert shelf.again().sheet(native, 1).page.steps == ("kept",)


def test_a_page_that_there_is_not_is_told(shelf, native):
    """With a code and a remedy."""
    with pytest.raises(InputError) as caught:
        shelf.pictures.sheet(native, 9)
    assert caught.value.specific_code == "no-such-page"


def test_what_is_kept_is_bounded(tmp_path):
    """What was not used for the longest goes first."""
    import os

    for age, name in enumerate(("newest", "middle", "oldest")):
        path = tmp_path / name[:2] / name
        path.parent.mkdir()
        path.write_bytes(b"x" * 100)
        os.utime(path, (1000 - age, 1000 - age))
    trim(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["middle", "newest"]
