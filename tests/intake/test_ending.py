"""Whether a file is all there."""

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.ending import has_ending, is_complete
from schemas import MediaType


def test_a_whole_file_is_complete(sample, tmp_path):
    """Every kind of file has its end when it is whole."""
    content, media_type = sample
    path = tmp_path / "file"
    path.write_bytes(content)
    assert is_complete(path, media_type)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_file_is_not_complete(sample, share):
    """A file cut anywhere lacks its end."""
    content, media_type = sample
    assert not has_ending(content[: int(len(content.rstrip()) * share)], media_type)


@pytest.mark.parametrize("media_type", [MediaType.PDF, MediaType.JPEG, MediaType.PNG, MediaType.XML])
def test_a_file_filled_with_zeros_is_not_complete(whole_file, media_type):
    """Space that was reserved but not written yet does not pass for the end."""
    content = whole_file(media_type)
    assert not has_ending(content[: len(content) // 2] + bytes(4096), media_type)
    assert not has_ending(content[: len(content) // 2] + bytes(len(content) // 2), media_type)


@pytest.mark.parametrize("media_type", [MediaType.PDF, MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.BMP])
def test_something_behind_the_end_does_no_harm(whole_file, media_type):
    """Cameras, scanners and mail programs add bytes behind the end."""
    assert has_ending(whole_file(media_type) + b"\r\nsent by a scanner\0\0\0", media_type)


@pytest.mark.parametrize(
    "content",
    [
        b"<Invoice><Line></Line>",
        b"<Invoice></Invoice",
        b"<Invoice></Invoice><!-- open",
        b"<Invoice><!-- </Invoice> -->",
        b"<a:Invoice></b:Invoice>",
        b"<Invoice></Invoice>\0\0\0\0",
        b"<Invoice><Line/>",
    ],
)
def test_xml_must_close_its_root(content):
    """Only the closing tag of the root element, with comments behind it at most, ends an XML file."""
    assert not has_ending(content, MediaType.XML)


def test_a_tiff_directory_that_points_to_itself_ends():
    """A chain of directories that bites its tail is looked at once."""
    loop = b"II*\0\x08\0\0\0" + struct.pack("<H", 0) + struct.pack("<I", 8)
    assert has_ending(loop, MediaType.TIFF)


def test_a_hostile_tiff_costs_little():
    """Directories that claim to be huge, many and full do not keep the intake busy."""
    entry = struct.pack("<HHII", 273, 4, 200_000, 8) + struct.pack("<HHII", 279, 4, 200_000, 8)
    content = bytearray(b"II*\0\x08\0\0\0" + bytes(1_000_000))
    for number in range(2000):
        place = 8 + number * 40
        content[place : place + 30] = struct.pack("<H", 2) + entry + struct.pack("<I", place + 40)
    begun = time.process_time()
    has_ending(bytes(content), MediaType.TIFF)
    assert time.process_time() - begun < 2


@given(st.sampled_from(MediaType), st.binary(max_size=200))
def test_any_bytes_have_an_answer(media_type, content):
    """Whatever the bytes are, the answer is yes or no."""
    starts = {MediaType.TIFF: b"II*\0", MediaType.JPEG: b"\xff\xd8", MediaType.PNG: b"\x89PNG\r\n\x1a\n"}
    assert has_ending(starts.get(media_type, b"") + content, media_type) in {True, False}
