import cv2
import numpy as np
import pytest

from pipeline.reading import preprocess


def at(geometry: preprocess.Geometry, x: float, y: float) -> tuple[float, float]:
    u, v, w = geometry.matrix @ np.array([x, y, 1.0])
    return u / w, v / w


@pytest.mark.parametrize("angle", [-6.5, -2.0, 0.0, 0.7, 4.0])
def test_skew_is_measured_and_undone(draw, angle: float):
    """A page turned by some degrees is measured to a tenth, and is level afterwards."""
    page = draw()
    size = (page.shape[1], page.shape[0])
    slanted = preprocess.warp(page, preprocess.deskewed(size, -angle))
    measured = preprocess.measure_skew(slanted)
    assert measured == pytest.approx(angle, abs=0.1)
    assert preprocess.measure_skew(preprocess.warp(slanted, preprocess.deskewed(size, measured))) == pytest.approx(
        0, abs=0.1
    )


def test_an_empty_page_has_no_skew():
    """Where nothing is written nothing is measured."""
    empty = np.full((800, 600), 255, np.uint8)
    assert preprocess.measure_skew(empty) == 0.0
    assert not preprocess.stands_sideways(empty)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_sideways_text_is_told(draw, quarters: int):
    """Text that runs up or down is told from text that runs across, whichever way."""
    assert preprocess.stands_sideways(np.ascontiguousarray(np.rot90(draw(), quarters))) == (quarters % 2 == 1)


def test_columns_of_figures_are_not_sideways(draw):
    """A table whose figures stand exactly below one another, with rules, is upright."""
    page = draw(tuple("1000  2000  3000  4000  5000" for _ in range(20)))
    page[:, 100:1600:300] = 0
    assert not preprocess.stands_sideways(page)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_turning_by_quarters_tells_where_pixels_go(quarters: int):
    """The homography of a quarter turn agrees with turning the array."""
    image = np.zeros((30, 50), np.uint8)
    image[4, 7] = 255
    geometry = preprocess.turned((50, 30), quarters)
    turned = np.rot90(image, -quarters)
    assert geometry.size == (turned.shape[1], turned.shape[0])
    x, y = at(geometry, 7, 4)
    assert turned[round(y), round(x)] == 255


def test_shadows_become_paper(draw):
    """Under a shadow that halves the light the paper becomes white again and letters stay dark."""
    page = draw()
    light = np.linspace(1.0, 0.5, page.shape[1])[None, :]
    shaded = (page * light).astype(np.uint8)
    assert not preprocess.is_even(shaded)
    flat = preprocess.flatten_light(shaded)
    assert preprocess.is_even(flat)
    assert np.median(flat[:, -200:]) > 245
    assert flat[page < 50].mean() < 60


def test_a_clean_rendering_is_even(draw):
    """A rendered page needs no flattening."""
    assert preprocess.is_even(draw())


def test_white_letters_on_a_dark_band_stay_readable():
    """A dark band with white letters inside the page keeps its contrast when light is flattened."""
    page = np.full((2000, 1400), 200, np.uint8)
    page[600:900, 200:1200] = 30
    cv2.putText(page, "FACTURE", (300, 800), cv2.FONT_HERSHEY_DUPLEX, 4, 200, 8)
    flat = preprocess.flatten_light(page)
    assert flat[620:640, 250:1150].mean() < 80
    assert flat[page == 200][-1000:].mean() > 240
    assert flat[600:900, 250:1150].max() > 240


def test_a_photographed_page_is_seen_from_above():
    """The corners of a bright page on a dark table go to the corners of an upright rectangle."""
    scene = np.full((1200, 900), 60, np.uint8)
    corners = np.array([[110, 90], [800, 130], [780, 1100], [90, 1080]])
    cv2.fillPoly(scene, [corners], 230)
    geometry = preprocess.straightened(scene)
    assert geometry is not None
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (at(geometry, *corner) for corner in corners)
    assert max(abs(x0 - x3), abs(x1 - x2), abs(y0 - y1), abs(y2 - y3)) < 12
    assert min(x0, y0) > 0
    assert (x2, y2) < geometry.size


def test_a_scan_is_not_straightened(draw):
    """Neither a white page nor one with a dark letterhead lies on a table."""
    page = draw()
    assert preprocess.straightened(page) is None
    page[:500] = 40
    assert preprocess.straightened(page) is None


def test_ink_is_told_from_dust(draw):
    """A written page has ink; an empty one has none, with grains of dust either."""
    dusty = np.full((2339, 1654), 250, np.uint8)
    rows, columns = np.random.default_rng(2).integers(0, 1654, (2, 400))
    dusty[rows, columns] = 20
    assert preprocess.ink_share(draw()) > 0.005
    assert preprocess.ink_share(dusty) < 0.0002


def test_the_densest_band_holds_the_text():
    """The band with the most ink is cut from the full-size picture."""
    page = np.full((1000, 400), 255, np.uint8)
    page[700:760:6, 50:350] = 0
    band = preprocess.densest_band(page, 0.1)
    assert band.shape == (100, 400)
    assert (band == 0).sum() == (page == 0).sum()


def test_a_shadow_is_not_taken_for_an_edge():
    """A page whose upper part lies in a slanting shadow is not stretched along the shadow."""
    scene = np.full((1200, 900), 60, np.uint8)
    cv2.fillPoly(scene, [np.array([[110, 330], [800, 130], [780, 1100], [90, 1080]])], 230)
    assert preprocess.straightened(scene) is None
