import numpy as np
import pytest

from pipeline.reading import preprocess
from pipeline.reading.picture import Picture
from pipeline.reading.prepare import Prepared, prepare, turn
from pipeline.settings import PreprocessStep


def test_a_clean_page_is_left_alone(draw):
    """A clean upright rendering goes through without a step."""
    page = draw()
    prepared = prepare(Prepared.of(Picture(page, 200)))
    assert prepared.steps == ()
    assert np.array_equal(prepared.image, page)


def test_the_geometry_leads_from_the_raw_to_the_upright_picture(draw):
    """A mark on a page that lies aslant on its side is found again where the geometry says."""
    page = draw()
    page[400:420, 1200:1220] = 0
    slanted = preprocess.warp(page, preprocess.deskewed((1654, 2339), -1.5))
    raw = np.ascontiguousarray(np.rot90(slanted, 1))
    prepared = prepare(Prepared.of(Picture(raw, 200)))
    assert prepared.was_turned
    again = preprocess.warp(raw, prepared.geometry)
    assert again.shape == prepared.image.shape
    assert np.abs(again.astype(int) - prepared.image.astype(int)).mean() < 3


@pytest.mark.parametrize(("dpi", "scale"), [(100, 2.0), (200, 1.0), (300, 0.75), (600, 0.375)])
def test_only_very_coarse_and_very_fine_pictures_change_size(draw, dpi: float, scale: float):
    """The size changes only where Tesseract would read badly or slowly; the geometry stays at the raw size."""
    page = draw()
    prepared = prepare(Prepared.of(Picture(page, dpi)))
    assert prepared.scale == pytest.approx(scale)
    assert prepared.geometry.size == (1654, 2339)
    assert prepared.image.shape[0] == pytest.approx(2339 * scale, abs=1)


def test_four_quarter_turns_lead_back(draw):
    """After a whole turn the picture and its geometry are what they were."""
    prepared = Prepared.of(Picture(draw(), 200))
    around = turn(turn(prepared, 1), 3)
    assert np.array_equal(around.image, prepared.image)
    assert np.allclose(around.geometry.matrix, np.eye(3))


def test_only_the_steps_that_are_wanted_are_taken(draw):
    """A page that lies aslant on its side is turned and stays slanted where levelling is switched off."""
    slanted = preprocess.warp(draw(), preprocess.deskewed((1654, 2339), -1.5))
    raw = Prepared.of(Picture(np.ascontiguousarray(np.rot90(slanted, 1)), 200))
    assert [step.partition(":")[0] for step in prepare(raw).steps] == ["turn", "deskew"]
    assert [step.partition(":")[0] for step in prepare(raw, (PreprocessStep.TURN,)).steps] == ["turn"]
    assert prepare(raw, ()).steps == ()
