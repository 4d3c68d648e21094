"""Invoice lines (BG-25) from the tables of pages."""

from collections.abc import Sequence
from statistics import median

from pipeline.extract.layout import lines_of
from pipeline.extract.line_items.choose import choose, lines_sum, mark_tax_inclusive
from pipeline.extract.line_items.header import find_headers
from pipeline.extract.line_items.tables import bare_tables, headed_tables, main_headers
from pipeline.extract.line_items.tokens import row_of
from pipeline.extract.parsing import decimal_mark_of
from schemas import InvoiceLine, Page

_TALL = 2.5
"""Words so many times taller than most are titles, watermarks or written upwards along a margin."""

__all__ = ["extract_lines", "lines_sum", "mark_tax_inclusive"]


def extract_lines(pages: Sequence[Page]) -> tuple[InvoiceLine, ...]:
    """The invoice lines that the pages of one invoice show, in reading order; empty when no table is found.

    Amounts are as printed: where the document prints prices with VAT in columns called so, `includes_tax` is True;
    where only the sums can tell, `mark_tax_inclusive` does.
    """
    mark = decimal_mark_of([word.text for page in pages for word in page.words])
    rows = [tuple(row_of(line, mark) for line in lines_of(_running_text(page))) for page in pages]
    headers = tuple(find_headers(page) for page in rows)
    readings = [
        headed_tables(rows, chosen, beyond_subtotals=beyond)
        for chosen in dict.fromkeys((headers, main_headers(headers)))
        for beyond in (False, True)
    ]
    return choose([*readings, bare_tables(rows)], rows)


def _running_text(page: Page) -> Page:
    """The page without words that cannot be part of a table."""
    if not page.words:
        return page
    limit = _TALL * median(word.box.height for word in page.words)
    words = tuple(word for word in page.words if word.box.height <= limit)
    return page.model_copy(update={"words": words})
