"""Accounts and VAT ids that are broken over two rows are put together by their check digits."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from pipeline.extract.layout import Block, TextLine
from pipeline.extract.spans import VAT_BEGINS, Span, is_iban, is_vat_id
from schemas import Word

SHORTEST_IBAN = 15
"""Norway's; anything shorter is the first row of a broken one."""
MOST_PARTS = 5
"""Words of the first row of a broken VAT id at most: "FR 68 927 933"."""


def with_whole_identifiers(
    spans: Iterable[Span], blocks: Iterable[Block], lines: Iterable[TextLine]
) -> tuple[Span, ...]:
    """The values, with those put together that were broken over two rows of a block."""
    below = {id(upper.words[-1]): lower for block in blocks for upper, lower in pairwise(block.lines)}
    whole = [span for span in spans if span.kind != "iban" or len(str(span.value)) >= SHORTEST_IBAN]
    return (*whole, *_continued_ibans(spans, below), *_continued_vat_ids(lines, below))


def _continued_ibans(spans: Iterable[Span], below: dict[int, TextLine]) -> Iterator[Span]:
    for span in spans:
        lower = below.get(id(span.line.words[span.last - 1]))
        if span.kind == "iban" and not span.valid and lower is not None:
            yield from (replace(span, value=value, valid=True) for value in _grown(str(span.value), lower, is_iban))


def _continued_vat_ids(lines: Iterable[TextLine], below: dict[int, TextLine]) -> Iterator[Span]:
    ends = (
        (line, last, below[id(word)]) for line in lines for last, word in enumerate(line.words, 1) if id(word) in below
    )
    for line, last, lower in ends:
        for first in range(max(0, last - MOST_PARTS), last):
            begun = _compact(line.words[first:last])
            if VAT_BEGINS.match(line.words[first].text) and not is_vat_id(begun):
                yield from (Span("vat_id", value, line, first, last) for value in _grown(begun, lower, is_vat_id))


def _grown(begun: str, lower: TextLine, is_valid: Callable[[str], bool]) -> list[str]:
    """What the row below makes valid of a beginning; the shortest, or nothing."""
    joined = (f"{begun}{_compact(lower.words[:count])}" for count in range(1, len(lower.words) + 1))
    return [value for value in joined if is_valid(value)][:1]


def _compact(words: Iterable[Word]) -> str:
    return "".join(re.sub(r"[^0-9A-Z]", "", word.text) for word in words)
