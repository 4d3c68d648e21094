import io
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageSequence

from samples import degrade, marks, wear
from samples.render import html_to_pdf


@pytest.fixture(scope="module")
def two_pages() -> bytes:
    return html_to_pdf("<style>@page{size:A5}p{page-break-after:always}</style><p>Facture 1</p><div>Suite 2</div>")


def test_rendering_keeps_pages_and_size(two_pages: bytes) -> None:
    """A5 at 72 dpi is 420 x 595 points; gray pages have two dimensions, colour ones three."""
    gray, colour = degrade.render(two_pages, 72), degrade.render(two_pages, 72, gray=False)
    assert [page.shape for page in gray] == [(595, 420)] * 2 or [page.shape for page in gray] == [(596, 420)] * 2
    assert colour[0].ndim == 3


@pytest.mark.parametrize("make", [degrade.fax, degrade.tiff])
def test_tiffs_hold_all_pages(two_pages: bytes, make: object) -> None:
    """Fax and scanner TIFFs have as many frames as the document has pages."""
    image = Image.open(io.BytesIO(make(two_pages, Random(1))))  # type: ignore[operator]
    assert sum(1 for _ in ImageSequence.Iterator(image)) == 2


def test_photos_of_two_pages_come_as_a_pdf(two_pages: bytes) -> None:
    """A JPEG holds one page only; more of them are bound in a PDF."""
    content = degrade.photo(two_pages, Random(1))
    assert content.startswith(b"%PDF")
    assert len(degrade.render(content, 20)) == 2


def test_wear_leaves_the_text_darker_than_the_paper(two_pages: bytes) -> None:
    """Whatever happened to a page, ink stays darker than paper: it can still be read."""
    clean = degrade.render(two_pages, 200)[0]
    ink = clean < 100
    for seed in range(6):
        worn = degrade._worn(clean, Random(seed))
        assert worn.shape == clean.shape
        assert worn[ink].mean() + 40 < worn[~ink].mean()


@pytest.mark.parametrize("mark", [marks.stamp, marks.note, marks.scribble, marks.punch_holes, marks.staple])
def test_marks_darken_and_never_hide(mark: Callable[[wear.Picture, Random], wear.Picture]) -> None:
    """A mark leaves size and kind of the picture, changes it, and brightens no pixel."""
    for page in (np.full((700, 500), 250, np.uint8), np.full((700, 500, 3), 250, np.uint8)):
        marked = mark(page, Random(4))
        assert marked.shape == page.shape
        assert marked.min() < 220
        assert marked.max() <= 250


def test_wear_keeps_the_size(two_pages: bytes) -> None:
    """Every kind of wear gives a picture of the same size that is not the same picture."""
    page, rng = degrade.render(two_pages, 60)[0], Random(5)
    for step in [*degrade._paper_faults(rng), *degrade._marks(rng), *degrade._scanner_faults(rng)]:
        worn = step(page)
        assert worn.shape == page.shape
        assert not np.array_equal(worn, page)
    assert wear.curl(page, rng, 0.01).shape == wear.motion_blur(page, rng, 5).shape == page.shape


def test_coloured_light_tints() -> None:
    """Under coloured light a white page is no longer gray."""
    lit = wear.coloured_light(np.full((40, 40, 3), 255, np.uint8), Random(1), 0.8)
    assert int(np.ptp(lit.mean(axis=(0, 1)))) > 5


def test_the_same_seed_wears_the_same_way() -> None:
    """Noise and dust depend on the seed alone."""
    page = np.full((50, 40), 200, np.uint8)
    assert np.array_equal(wear.noise(page, Random(2), 5), wear.noise(page, Random(2), 5))
    assert not np.array_equal(wear.noise(page, Random(2), 5), wear.noise(page, Random(3), 5))


def test_a_skewed_page_has_white_corners() -> None:
    """Turning a page shows white behind it, not black."""
    page = np.full((200, 150), 240, np.uint8)
    assert wear.skew(page, 2.0).min() >= 235
