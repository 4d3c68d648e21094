"""A part of a page becomes characters that show it, with the value lit."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageDraw
from textual.app import App
from textual_image.widget import HalfcellImage

from pipeline.terminal.crop import Crop, Shots
from pipeline.terminal.picture import cut, drawn, part_of
from pipeline.terminal.pixels import PixelCrop, best_crop
from schemas import Document, MediaType
from schemas.page import Box
from tests.terminal.conftest import PLACE, PaintedPages


def test_dots_of_a_cell_become_the_character_that_lights_them():
    """Two by two dots, two colours."""
    picture = Image.new("RGB", (4, 2), "black")
    picture.putpixel((0, 0), (255, 255, 255))
    picture.putpixel((3, 0), (255, 255, 255))
    picture.putpixel((3, 1), (255, 255, 255))
    (line,) = drawn(picture, 2, 1)
    assert "".join(segment.text for segment in line) == "▘▐"
    assert line[0].style.color.triplet.hex == "#f8f8f8"
    assert line[0].style.bgcolor.triplet.hex == "#000000"


def test_what_is_one_colour_is_a_blank_in_that_colour():
    """An empty margin has no noise in it."""
    (line,) = drawn(Image.new("RGB", (2, 2), (200, 204, 200)), 1, 1)
    assert (line[0].text, line[0].style.bgcolor.triplet.hex) == (" ", "#c8c8c8")


@pytest.mark.parametrize("box", [PLACE, Box(x0=0, y0=0, x1=20, y1=9), Box(x0=560, y0=830, x1=595, y1=842)])
def test_the_value_is_seen_whole_also_at_the_edge_of_the_page(box):
    """What is cut holds the value and stays on the page."""
    seen = part_of(box, 595, 842, 80, 5).seen
    assert seen.x0 <= box.x0 <= box.x1 <= seen.x1
    assert seen.y0 <= box.y0 <= box.y1 <= seen.y1
    assert seen.x0 >= -0.01
    assert seen.x1 <= 595.01


def test_the_value_is_lit_and_its_surroundings_are_darker():
    """The eye finds it at once."""
    page = Image.new("RGB", (595, 842), "white")
    ImageDraw.Draw(page).line((100, 118, 180, 118), fill="black")
    part = part_of(PLACE, 595, 842, 80, 5)
    pixels = cut(page, part, 595)
    y = round(PLACE.y_mid - part.seen.y0)
    assert pixels.getpixel((round(PLACE.x_mid - part.seen.x0), y)) == (255, 255, 255)
    assert max(pixels.getpixel((round(PLACE.x0 - 4 - part.seen.x0), y))) < 128


def test_without_a_terminal_that_draws_pixels_characters_are_drawn():
    """They work everywhere."""
    assert type(best_crop()) is Crop


def test_where_pixels_are_drawn_the_picture_gets_the_part_and_gives_way_to_text():
    """The widget of textual-image shows the same part of the page."""
    picture = HalfcellImage()
    crop = PixelCrop(picture)
    document = Document(
        sha256="0" * 64,
        file_name="a.pdf",
        size=1,
        media_type=MediaType.PDF,
        received_at=datetime(2026, 3, 2, tzinfo=UTC),
    )

    class Only(App[None]):
        def compose(self):
            yield crop

    async def script():
        async with Only().run_test() as pilot:
            crop.look(Shots(PaintedPages()), document, 1, PLACE, "")
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            assert picture.display
            assert picture.image.width > picture.image.height
            crop.say("nothing")
            await pilot.pause()
            assert not picture.display

    ThreadPoolExecutor(1).submit(asyncio.run, script()).result()
