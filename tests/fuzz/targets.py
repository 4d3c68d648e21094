"""What every parser of untrusted bytes must hold; each target takes any bytes and raises where it does not.

Atheris looks for bytes that reach new code (`python -m tests.fuzz`), Hypothesis for short ones (test_targets.py).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from lxml import etree

from pipeline.errors import InputError
from pipeline.extract.candidates import survey
from pipeline.extract.discount import find_discount
from pipeline.extract.labels import expectations, find_labels, plain, tokens_of
from pipeline.extract.layout import lines_of
from pipeline.extract.parsing import (
    CURRENCY_CODES,
    currency_of,
    decimal_mark_of,
    find_dates,
    month_first_of,
    parse_amount,
    parse_date,
    parse_percent,
)
from pipeline.reading.einvoice.mapping import read_invoice, read_profile
from pipeline.reading.einvoice.secure import MAX_DEPTH, parse_xml
from pipeline.reading.einvoice.table import table_for
from schemas import Box, Invoice, Page, Word
from tests.fuzz.trees import grown

MOST_CHARACTERS = 400
CHAR, LINE = 6.0, 14.0
"""Points a character and a line of a page that is drawn from fuzzed text."""


def amounts(data: bytes) -> None:
    """An amount is a finite number of the figures that stand in the text, or None; a mark is a mark."""
    text = _text(data)
    mark = decimal_mark_of(text.splitlines())
    assert mark in (None, ",", ".")
    for settled in {None, mark}:
        value = parse_amount(text, settled)
        if value is not None:
            assert value.is_finite()
            assert _figures(value) in _figures_of(text), (text, value)
    percent = parse_percent(text)
    assert percent is None or 0 <= percent < 1000
    assert currency_of(text) in CURRENCY_CODES | {None}


def dates(data: bytes) -> None:
    """Dates stand in order within the text, each with at least one figure, and the first is the date of the text."""
    text = _text(data)
    month_first = month_first_of(text.splitlines())
    for first in (False, True, month_first):
        found = find_dates(text, first)
        assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)
        for day, start, end in found:
            assert isinstance(day, date)
            assert 0 <= start < end <= len(text)
            assert any(char.isdigit() for char in text[start:end])
        assert parse_date(text, first) == (found[0][0] if found else None)
    find_discount([text])


def labels(data: bytes) -> None:
    """Labels and values lie within the words of a page made of the text, and mean something that is known."""
    text = _text(data)
    assert len(plain(text)) == len(text)
    for _, start, end in tokens_of(text):
        assert 0 <= start < end <= len(text)
    page = _page(text)
    for line in lines_of(page):
        for segment in line.segments:
            for label in find_labels(segment):
                assert 0 <= label.start < label.end <= len(segment.text)
                assert label.meaning in expectations()
                assert label.box.x0 <= label.box.x1
    for span in survey([page]).spans:
        assert 0 <= span.first < span.last <= len(span.line.words)
        assert span.raw
        assert not isinstance(span.value, Decimal) or span.value.is_finite()


def xml(data: bytes) -> None:
    """XML is refused with an error of ours, or is no invoice, or gives one that can be written down and read again."""
    if data[:1] == b"\1":
        data = grown(data[1:])
    try:
        root = parse_xml(data)
    except InputError:
        return
    assert root.getroottree().docinfo.internalDTD is None
    assert sum(1 for _ in root.iterancestors()) == 0
    assert _depth(root) <= MAX_DEPTH
    table = table_for(root)
    if table is None:
        return
    invoice, _ = read_invoice(root, table)
    read_profile(root, table)
    assert Invoice.model_validate_json(invoice.model_dump_json()) == invoice


TARGETS: dict[str, Callable[[bytes], None]] = {"amounts": amounts, "dates": dates, "labels": labels, "xml": xml}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")[:MOST_CHARACTERS]


def _page(text: str) -> Page:
    """A page whose rows are the lines of the text, each character as wide as the other; a tab leaves a wide gap."""
    words = []
    for row, line in enumerate(text.splitlines()):
        x, y = 30.0, 40 + row * LINE
        for part in line.replace("\t", " " * 8).split(" "):
            wide = len(part) * CHAR
            if part.strip():
                words.append(Word(text=part, box=Box(x0=x, y0=y, x1=x + wide, y1=y + 10)))
            x += wide + CHAR
    return Page(number=1, width=595, height=842, words=tuple(words))


def _figures(value: Decimal) -> str:
    return "".join(str(digit) for digit in value.as_tuple().digits).strip("0")


def _figures_of(text: str) -> str:
    """The ASCII figures of a text; figures of other scripts as they are valued."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def _depth(root: etree._Element) -> int:
    return max(sum(1 for _ in leaf.iterancestors()) for leaf in root.iter()) + 1
