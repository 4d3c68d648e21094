"""Accounts and VAT ids that are broken over two rows are put together by their check digits."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from pipeline.extract.layout import Block, TextLine
from pipeline.extract.spans import VAT_BEGINS, Span, is_iban, is_vat_id
from schemas import Word

SHORTEST_IBAN = 15
"""Norway's; anything shorter is the first row of a broken one."""
MOST_PARTS = 6
"""Words of the first row of a broken identifier at most: "FR76 1695 8749 8756 5274"."""
MOST_ROWS = 2
"""Rows below that may hold the rest: columns of a footer are narrow."""
_IBAN_BEGINS = re.compile(r"\W*[A-Z]{2}\d{2}[A-Z0-9]*\W*$")


def with_whole_identifiers(
    spans: Iterable[Span], blocks: Iterable[Block], lines: Sequence[TextLine]
) -> tuple[Span, ...]:
    """The values, with those put together that were broken over the rows of a block."""
    below = {id(upper.words[-1]): lower for block in blocks for upper, lower in pairwise(block.lines)}
    whole = [span for span in spans if span.kind != "iban" or len(str(span.value)) >= SHORTEST_IBAN]
    ibans = _continued("iban", lines, below, _IBAN_BEGINS, is_iban)
    return (*whole, *ibans, *_continued("vat_id", lines, below, VAT_BEGINS, is_vat_id))


def _continued(
    kind: str,
    lines: Iterable[TextLine],
    below: dict[int, TextLine],
    begins: re.Pattern[str],
    is_valid: Callable[[str], bool],
) -> Iterator[Span]:
    ends = ((line, last) for line in lines for last, word in enumerate(line.words, 1) if id(word) in below)
    for line, last in ends:
        rest = _rows_below(line.words[last - 1], below)
        for first in range(max(0, last - MOST_PARTS), last):
            begun = _compact(line.words[first:last])
            if begins.match(line.words[first].text) and not is_valid(begun):
                yield from (Span(kind, value, line, first, last) for value in _grown(begun, rest, is_valid))


def _rows_below(word: Word, below: dict[int, TextLine]) -> list[Word]:
    """The words of the next rows of the block that a word ends a row of."""
    words: list[Word] = []
    for _ in range(MOST_ROWS):
        lower = below.get(id(word))
        if lower is None:
            break
        words += lower.words
        word = lower.words[-1]
    return words


def _grown(begun: str, rest: Sequence[Word], is_valid: Callable[[str], bool]) -> list[str]:
    """What the words below make valid of a beginning; the shortest, or nothing."""
    joined = (f"{begun}{_compact(rest[:count])}" for count in range(1, len(rest) + 1))
    return [value for value in joined if is_valid(value)][:1]


def _compact(words: Iterable[Word]) -> str:
    return "".join(re.sub(r"[^0-9A-Z]", "", word.text) for word in words)
