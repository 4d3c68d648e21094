"""File names from outside."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.names import display_name, is_ignored, safe_name

any_name = st.binary(min_size=1, max_size=255).map(os.fsdecode)


@given(any_name)
def test_a_shown_name_is_one_printable_line(name):
    """No name, of whatever bytes, moves a cursor, breaks a line or fails to be written as UTF-8."""
    shown = display_name(name)
    assert shown.isprintable()
    assert shown.encode("utf-8")


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1))
def test_a_plain_name_is_shown_as_it_is(name):
    """Accents and other scripts stay readable."""
    assert display_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"in\nvoice.pdf", r"in\nvoice.pdf"),
        (b"\x1b[31mred.pdf", r"\x1b[31mred.pdf"),
        (b"inv\xff.pdf", r"inv\xff.pdf"),
        ("a\u202efdp.exe".encode(), r"a\u202efdp.exe"),
        ("Müller.pdf".encode(), "Müller.pdf"),
    ],
)
def test_what_would_do_harm_is_escaped(name, shown):
    """Line breaks, terminal codes, stray bytes and direction marks are shown as escapes."""
    assert display_name(os.fsdecode(name)) == shown


@given(any_name)
def test_a_safe_name_is_a_plain_path_component(name):
    """A safe name stays in its folder, is never hidden, no option, and short."""
    safe = safe_name(name)
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert safe[0] not in "._-"
    assert 0 < len(safe) <= 80


@pytest.mark.parametrize(
    "name",
    [
        *(".hidden.pdf", ".pdf", "~$invoice.pdf", ".a.pdf.Xk29aZ", ".DS_Store"),
        *("a.pdf.part", "A.PDF.CRDOWNLOAD", "a.filepart", "a.tmp", "a.partial", "a.download"),
        *("Thumbs.db", "desktop.ini", "Desktop.INI"),
    ],
)
def test_half_written_and_hidden_names_are_ignored(name):
    """What a browser, an FTP client, Office or a file manager leaves is not taken."""
    assert is_ignored(name)


@pytest.mark.parametrize("name", ["-rf.pdf", " .pdf", "..%2fpasswd.pdf", "...pdf", "*.pdf", "part.pdf", "tmp", "0"])
def test_odd_names_are_taken(name):
    """An odd name is no reason to pass over an invoice."""
    assert not is_ignored(name)
