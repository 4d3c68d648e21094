"""Untrusted XML is parsed within bounds."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BrokenFile, Forbidden, InputError, TooLarge
from pipeline.reading.einvoice.secure import MAX_DEPTH, MAX_XML_BYTES, parse_xml

BOMB = '<!DOCTYPE a [<!ENTITY x "1234567890"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>'  # billion laughs


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_doctype_is_refused(encoding: str) -> None:
    """A DOCTYPE is refused in every encoding, before an entity can empty or multiply a value."""
    with pytest.raises(Forbidden, match="DOCTYPE"):
        parse_xml(BOMB.encode(encoding))


def test_doctype_behind_a_comment_with_a_tag_is_refused() -> None:
    """A comment that looks like the first element does not hide the DOCTYPE."""
    with pytest.raises(Forbidden, match="DOCTYPE"):
        parse_xml(f"<?xml version='1.0'?><!-- <a> -->{BOMB}".encode())


def test_word_doctype_inside_a_value_is_no_doctype() -> None:
    """A note may quote HTML."""
    assert parse_xml(b"<a><![CDATA[<!DOCTYPE html>]]></a>").text == "<!DOCTYPE html>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_legal_encodings_are_read(encoding: str) -> None:
    """UTF-8 with and without a mark, UTF-16 and Latin-1 give the same text."""
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    xml = f'<?xml version="1.0" encoding="{declared}"?><a>Société</a>'
    assert parse_xml(xml.encode(encoding)).text == "Société"


def test_white_space_before_the_declaration_is_forgiven() -> None:
    """Some senders begin with an empty line."""
    assert parse_xml(b'\n<?xml version="1.0"?><a/>').tag == "a"


@pytest.mark.parametrize("content", [b"", b"   ", b"no xml", b"<a>", b"<a></b>", b"<a>\xff</a>", b"\x00\x00"])
def test_what_is_not_well_formed_is_broken(content: bytes) -> None:
    """Empty, cut or garbled XML is a broken file."""
    with pytest.raises(BrokenFile):
        parse_xml(content)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5000])
def test_deep_nesting_is_refused(depth: int) -> None:
    """Elements nested deeper than any invoice are refused."""
    with pytest.raises(BrokenFile):
        parse_xml(b"<a>" * depth + b"</a>" * depth)


def test_depth_of_an_invoice_is_read() -> None:
    """The deepest allowed nesting is read."""
    assert len(parse_xml(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH)) == 1


def test_too_large_xml_is_refused() -> None:
    """A file over the limit is refused before it is parsed."""
    with pytest.raises(TooLarge):
        parse_xml(b"<a>" + b" " * MAX_XML_BYTES + b"</a>")


@given(st.binary(max_size=200) | st.text(alphabet="<>!&;[]a'\" =?/", max_size=80).map(str.encode))
def test_any_bytes_give_an_element_or_an_input_error(content: bytes) -> None:
    """Whatever comes in, nothing but an element or an error of the document comes out."""
    with suppress(InputError):
        assert isinstance(parse_xml(content).tag, str)
