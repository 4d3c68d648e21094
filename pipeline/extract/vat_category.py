"""The category of each row of the VAT breakdown (BT-118): from its rate, and from the words that explain why none."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from pipeline.extract.data import load_data
from pipeline.extract.labels import plain
from schemas import Page, VatBreakdown

STANDARD = "S"


def with_categories(breakdown: Iterable[VatBreakdown], pages: Sequence[Page]) -> tuple[VatBreakdown, ...]:
    """The rows with their category: S where VAT is charged, else what the pages say; None where they say nothing."""
    rows = tuple(breakdown)
    reason = None if all(row.rate or row.amount for row in rows) else untaxed_category(pages)
    return tuple(row.model_copy(update={"category": STANDARD if row.rate or row.amount else reason}) for row in rows)


def untaxed_category(pages: Sequence[Page]) -> str | None:
    """K, AE, G, O, E or Z (UNCL 5305), by the first of their words on the pages; None without any."""
    text = plain(" ".join(word.text for page in pages for word in page.words)).replace("’", "'")
    return next((category for category, words in _words().items() if words.search(text)), None)


@cache
def _words() -> dict[str, re.Pattern[str]]:
    return {
        category: re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})")
        for category, phrases in load_data("vat_categories.yaml").items()
    }
