"""Accounts that are broken over two rows are put together by their check digits."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from pipeline.extract.layout import Block
from pipeline.extract.spans import Span, is_iban

SHORTEST_IBAN = 15
"""Norway's; anything shorter is the first row of a broken one."""


def with_whole_ibans(spans: Iterable[Span], blocks: Iterable[Block]) -> tuple[Span, ...]:
    """The values, with the IBANs that were broken over two rows of a block put together by their check digits."""
    whole = [span for span in spans if span.kind != "iban" or len(str(span.value)) >= SHORTEST_IBAN]
    return (*whole, *_continued_ibans(spans, blocks))


def _continued_ibans(spans: Iterable[Span], blocks: Iterable[Block]) -> list[Span]:
    below = {id(upper.words[-1]): lower for block in blocks for upper, lower in pairwise(block.lines)}
    found = []
    for span in spans:
        lower = below.get(id(span.line.words[span.last - 1]))
        if span.kind != "iban" or span.valid or lower is None:
            continue
        texts = [re.sub(r"[^0-9A-Z]", "", word.text) for word in lower.words]
        joined = (f"{span.value}{''.join(texts[:count])}" for count in range(1, len(texts) + 1))
        found += [replace(span, value=value, valid=True) for value in joined if is_iban(value)][:1]
    return found
