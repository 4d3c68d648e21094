"""Pictures of single lines, and the words on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ports import Strip
from pipeline.reading.strips import cut_out, dark_on_white, words_of
from schemas import Box, TextSource

PICTURE = np.arange(200, dtype=np.uint8).reshape(10, 20)
LINE = Box(x0=100, y0=50, x1=300, y1=70)


def test_a_box_is_cut_out_with_all_pixels_that_it_touches() -> None:
    """Parts of pixels count as pixels."""
    strip = cut_out(PICTURE, Box(x0=2.5, y0=1.2, x1=4.1, y1=2.9))
    assert np.array_equal(strip, PICTURE[1:3, 2:5])


@given(*(st.floats(-60, 60) for _ in range(4)))
def test_a_box_that_leaves_the_picture_is_cut_at_its_edge(x0: float, y0: float, width: float, height: float) -> None:
    """Whatever the box, there is a strip, which is empty where the box is outside."""
    strip = cut_out(PICTURE, Box(x0=x0, y0=y0, x1=x0 + abs(width), y1=y0 + abs(height)))
    assert strip.ndim == 2
    if x0 >= 20 or y0 >= 10:
        assert not strip.size


@pytest.mark.parametrize(("ink", "ground"), [(250, 40), (250, 120), (30, 150), (255, 175)])
def test_a_coloured_box_becomes_dark_print_on_white(ink: int, ground: int) -> None:
    """Whichever of the two is the lighter, and without the paper around the box."""
    strip = np.full((20, 60), ground, np.uint8)
    strip[:2], strip[-2:], strip[:, :3] = 255, 255, 255
    strip[6:14, 20:26] = ink
    plain = dark_on_white(strip)
    assert plain[6:14, 20:26].max() < 30
    plain[6:14, 20:26] = 255
    assert plain.min() == 255


def test_white_paper_stays_as_it_is() -> None:
    """So do a box without print, but for its ground, and a strip without pixels."""
    white = np.full((20, 60), 240, np.uint8)
    white[5:9, 5:9] = 20
    assert dark_on_white(white) is white
    assert dark_on_white(np.full((20, 60), 90, np.uint8)).min() == 255
    assert not dark_on_white(np.zeros((0, 9), np.uint8)).size


def test_words_stand_where_their_characters_are() -> None:
    """The box of each is the part of the line between its own characters' edges."""
    marks = (0.05, 0.15, 0.25, 0.35, 0.75, 0.85, 0.95)
    left, right = words_of(Strip("abc def", 0.9, marks), LINE)
    assert (left.text, right.text) == ("abc", "def")
    assert (left.box.x0, left.box.x1) == pytest.approx((100, 160))
    assert (right.box.x0, right.box.x1) == pytest.approx((240, 300))
    assert (left.box.y0, left.box.y1) == pytest.approx((50, 70), abs=6)
    assert {word.source for word in (left, right)} == {TextSource.SECOND_READER}
    assert left.confidence == 0.9


def test_a_wide_gap_parts_words_as_a_space_does() -> None:
    """The second reader leaves out the spaces between the columns of a table."""
    marks = (0.05, 0.10, 0.15, 0.80, 0.85)
    assert [word.text for word in words_of(Strip("abc12", 0.9, marks), LINE)] == ["abc", "12"]


def test_a_reader_that_marks_no_places_has_its_words_spread_evenly() -> None:
    """Another engine may know the text of a line and nothing more."""
    left, right = words_of(Strip("abcd efghi", 0.9), LINE)
    assert (left.box.x0, left.box.x1) == pytest.approx((100, 180))
    assert (right.box.x0, right.box.x1) == pytest.approx((200, 300))


def test_dirt_has_no_words() -> None:
    """A line that is read with little confidence is left out, and an empty one has nothing to give."""
    assert words_of(Strip("il ll", 0.3, (0.1,) * 5), LINE) == ()
    assert words_of(Strip("   ", 0.9), LINE) == ()
    assert words_of(Strip("", 0.0), LINE) == ()


@given(st.text(min_size=1, max_size=20), st.floats(0.5, 1.0))
def test_no_character_but_white_space_is_lost(text: str, confidence: float) -> None:
    """And every word stays inside the line."""
    words = words_of(Strip(text, confidence), LINE)
    assert "".join(word.text for word in words) == "".join(text.split())
    assert all(word.text.strip() for word in words)
    assert all(LINE.x0 <= word.box.x0 <= word.box.x1 <= LINE.x1 for word in words)
