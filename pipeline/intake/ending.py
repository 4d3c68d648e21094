"""Whether a file is all there: has the end that its type prescribes.

No test of validity: a file without its end is surely incomplete, one with it may still be broken inside.
"""

import re
import struct
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline.intake.files import open_regular
from pipeline.intake.sniff import HEAD_BYTES, xml_encoding, xml_root
from schemas import MediaType

TAIL_BYTES = 2048
"""How far from the end a PDF's %%EOF may be; some senders append a signature or a mail footer."""

JPEG_SEGMENTS = 100_000
TIFF_DIRECTORIES, TIFF_ENTRIES, TIFF_EXTENTS = 10_000, 500, 200_000
"""What is looked at before the first scan or in all; a file beyond that is judged by what was seen."""

START_OF_SCAN = 0xDA
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})  # JPEG markers without a payload: TEM, RST, SOI, EOI
_TIFF_FORMATS = {3: "H", 4: "I", 16: "Q"}  # SHORT, LONG, LONG8
_STRIPS = ((273, 279), (324, 325))  # offsets and byte counts of strips, of tiles
_STRIP_TAGS = frozenset(tag for pair in _STRIPS for tag in pair)


def is_complete(path: Path, media_type: MediaType) -> bool:
    """Whether the file has its end. Raises BrokenFile with code "unreadable"."""
    with open_regular(path) as file:
        return has_ending(file.read(), media_type)


def has_ending(content: bytes, media_type: MediaType) -> bool:
    """The same for bytes in memory."""
    if media_type is MediaType.PDF:
        return b"%%EOF" in content[-TAIL_BYTES:]
    test = {
        MediaType.JPEG: _jpeg,
        MediaType.PNG: _png,
        MediaType.TIFF: _tiff,
        MediaType.WEBP: _webp,
        MediaType.BMP: _bmp,
        MediaType.XML: _xml,
    }[media_type]
    try:
        return test(content)
    except (struct.error, ValueError):  # a header cut in two
        return False


def _jpeg(content: bytes) -> bool:
    """Segments up to the first scan, so that the end marker of an embedded thumbnail does not count."""
    position = 2
    for _ in range(JPEG_SEGMENTS):
        before, marker = content[position : position + 2]
        if before != 0xFF:
            return False
        if marker == 0xFF:  # a fill byte
            position += 1
        elif marker == START_OF_SCAN:
            return content.find(b"\xff\xd9", position) >= 0
        elif marker in _NO_LENGTH:
            position += 2
        else:
            position += 2 + _at(content, ">H", position + 2)
    return False


def _png(content: bytes) -> bool:
    position = 8
    while True:
        length, kind = struct.unpack_from(">I4s", content, position)
        position += 12 + length
        if kind == b"IEND" or not kind.isalpha():
            return bool(kind == b"IEND") and position <= len(content)


def _webp(content: bytes) -> bool:
    return _at(content, "<I", 4) + 8 <= len(content)


def _bmp(content: bytes) -> bool:
    return max(_at(content, "<I", 2), _at(content, "<I", 10) + 1) <= len(content)


def _tiff(content: bytes) -> bool:
    """Every directory, and every strip or tile it names, lies within the file."""
    order = "<" if content[:2] == b"II" else ">"
    extents = islice(_tiff_extents(content, order), TIFF_EXTENTS)
    return not any(start + size > len(content) for start, size in extents)


def _tiff_extents(content: bytes, order: str) -> Iterator[tuple[int, int]]:
    """Offset and size of all picture data; struct.error when a directory lies outside of the file."""
    is_big = _at(content, order + "H", 2) == 43
    number, offset, entry_size = ("Q", "Q", 20) if is_big else ("H", "I", 12)
    seen: set[int] = set()
    position = _at(content, order + offset, 8 if is_big else 4)
    while position and position not in seen and len(seen) < TIFF_DIRECTORIES:  # a chain may bite its tail
        seen.add(position)
        count = _at(content, order + number, position)
        first = position + struct.calcsize(order + number)
        places = range(first, first + min(count, TIFF_ENTRIES) * entry_size, entry_size)
        entries = dict(_tiff_entry(content, order, offset, place) for place in places)
        for offsets, sizes in _STRIPS:
            yield from zip(entries.get(offsets, ()), entries.get(sizes, ()), strict=False)
        position = _at(content, order + offset, first + count * entry_size)


def _tiff_entry(content: bytes, order: str, offset: str, place: int) -> tuple[int, tuple[int, ...]]:
    """Tag and values of an entry; no values for a tag that does not matter here."""
    tag, kind, count = struct.unpack_from(f"{order}HH{offset}", content, place)
    if tag not in _STRIP_TAGS or kind not in _TIFF_FORMATS or count > TIFF_EXTENTS:
        return tag, ()
    values = f"{order}{count}{_TIFF_FORMATS[kind]}"
    where = place + struct.calcsize(f"{order}HH{offset}")
    if struct.calcsize(values) > struct.calcsize(offset):  # too many to stand in the entry itself
        where = _at(content, order + offset, where)
    return tag, struct.unpack_from(values, content, where)


def _xml(content: bytes) -> bool:
    """The last tag closes the root element, with nothing but comments and white space behind it."""
    head = content[:HEAD_BYTES]
    root = re.escape(xml_root(head) or "")
    last = _without_epilog(content.decode(xml_encoding(head), "replace")).rpartition("<")[2]
    return bool(re.fullmatch(rf"/{root}\s*>|{root}(\s.*)?/>", last, re.DOTALL))


def _without_epilog(text: str) -> str:
    while True:
        text = text.rstrip()
        start = {"-->": "<!--", "?>": "<?"}.get("-->" if text.endswith("-->") else text[-2:])
        if start is None or (position := text.rfind(start)) < 0:
            return text
        text = text[:position]


def _at(content: bytes, layout: str, position: int) -> int:
    value: int = struct.unpack_from(layout, content, position)[0]
    return value
