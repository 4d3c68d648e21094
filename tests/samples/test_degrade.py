import io
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageSequence

from samples import degrade, wear
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


def test_the_same_seed_wears_the_same_way() -> None:
    """Noise and dust depend on the seed alone."""
    page = np.full((50, 40), 200, np.uint8)
    assert np.array_equal(wear.noise(page, Random(2), 5), wear.noise(page, Random(2), 5))
    assert not np.array_equal(wear.noise(page, Random(2), 5), wear.noise(page, Random(3), 5))


def test_a_skewed_page_has_white_corners() -> None:
    """Turning a page shows white behind it, not black."""
    page = np.full((200, 150), 240, np.uint8)
    assert wear.skew(page, 2.0).min() >= 235
