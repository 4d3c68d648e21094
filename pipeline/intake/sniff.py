"""What a file is, told by its first bytes and never by its name."""

import codecs
import re
from pathlib import Path

from pipeline.errors import BrokenFile, UnknownFormat
from pipeline.intake.files import open_regular
from schemas import MediaType

HEAD_BYTES = 16384
"""Enough for the licence comment that some tools put before the root element of an XML file."""

PDF_WITHIN = 1024
"""PDF 32000-1, annex H.3.4.1: readers accept the header anywhere in the first 1024 bytes."""

_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), MediaType.JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), MediaType.PNG),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), MediaType.TIFF),  # 42 is TIFF, 43 BigTIFF
    (re.compile(rb"RIFF....WEBP", re.DOTALL), MediaType.WEBP),
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), MediaType.BMP),
)
_XML_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<(?:!DOCTYPE\s+)?([^\W\d][\w.:-]*)(?=[\s/>\[])")  # a DOCTYPE names the root element


def identify(head: bytes) -> MediaType:
    """The kind of file that begins with `head` (HEAD_BYTES of it, or all there is).

    Raises BrokenFile with code "empty" for no bytes, UnknownFormat for what cannot be read.
    """
    if not head:
        raise BrokenFile("The file is empty.", code="empty")
    for signature, media_type in _SIGNATURES:
        if signature.match(head):
            return media_type
    if b"%PDF-" in head[:PDF_WITHIN]:
        return MediaType.PDF
    root = xml_root(head)
    if root is None:
        raise UnknownFormat("This is none of the kinds of file that can be read.")
    if root.lower() in {"html", "svg"}:
        raise UnknownFormat(f"This is a file of the kind {root.upper()}, not an invoice.")
    return MediaType.XML


def identify_file(path: Path) -> MediaType:
    """The kind of a file, as `identify`. Raises BrokenFile with code "unreadable" as well."""
    with open_regular(path) as file:
        return identify(file.read(HEAD_BYTES))


def xml_encoding(head: bytes) -> str:
    """The codec to find XML tags with; exact for UTF-16, good enough for ASCII-compatible ones."""
    found = (encoding for start, encoding in _XML_ENCODINGS if head.startswith(start))
    return next(found, "utf-8")


def xml_root(head: bytes) -> str | None:
    """The name of the root element with its prefix, or None when this does not begin as XML does."""
    text = head.decode(xml_encoding(head), "replace").lstrip("\ufeff")
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    root = _ROOT.match(text, position)
    return root[1] if root else None
