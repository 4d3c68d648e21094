"""What a file is, by its content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BrokenFile, UnknownFormat
from pipeline.intake.sniff import HEAD_BYTES, identify, identify_file
from schemas import MediaType


def test_every_kind_is_told_by_its_content(sample, tmp_path):
    """The name says nothing: a file called .exe is what its bytes say."""
    content, media_type = sample
    path = tmp_path / "invoice.exe"
    path.write_bytes(content)
    assert identify_file(path) is media_type


def test_an_empty_file_is_broken():
    """Nothing is not a kind of file."""
    with pytest.raises(BrokenFile) as caught:
        identify(b"")
    assert caught.value.specific_code == "empty"


@pytest.mark.parametrize(
    "content",
    [
        b"Dear Sir or Madam",
        b"PK\x03\x04" + b"\0" * 40,
        b"\0" * 4096,
        b"<!DOCTYPE html>\n<html><body></body></html>",
        b"<?xml version='1.0'?><HTML></HTML>",
        b"<svg xmlns='x'></svg>",
        b"< not xml",
        b"x" * 2000 + b"%PDF-1.7",
        b"BM, as in Bavarian Motors, is no picture",
    ],
)
def test_what_cannot_be_read_is_unknown(content):
    """Text, archives, web pages and zeros are refused with the remedy to send a readable kind."""
    with pytest.raises(UnknownFormat) as caught:
        identify(content)
    assert "PDF" in caught.value.specific_remedy


def test_a_long_comment_before_the_root_element_is_passed_over():
    """Some tools write their licence into every XML file."""
    head = b"<?xml version='1.0'?><!--" + b"licence > " * 500 + b"--><!DOCTYPE x [<!ENTITY a 'b'>]><rsm:CII a='b'>"
    assert identify(head[:HEAD_BYTES]) is MediaType.XML


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(content):
    """Whatever comes in is a known kind, unknown, or empty, and never an accident."""
    try:
        answer = identify(content)
    except (UnknownFormat, BrokenFile) as error:
        answer = error.specific_code
    assert answer in {*MediaType, "empty" if content == b"" else "unknown-format"}
