"""Invoice lines (BG-25) from the tables of pages."""

from collections.abc import Sequence

from pipeline.extract.line_items.body import has_subtotals
from pipeline.extract.line_items.choose import choose, lines_sum, mark_tax_inclusive
from pipeline.extract.line_items.header import find_headers
from pipeline.extract.line_items.rows import rows_of
from pipeline.extract.line_items.tables import bare_tables, headed_tables, main_headers, summed_tables
from schemas import InvoiceLine, Page

_PROVED = 0.9
"""When so many rows of a table with a header multiply out, no table without a header is looked for."""

__all__ = ["extract_lines", "lines_sum", "mark_tax_inclusive"]


def extract_lines(pages: Sequence[Page]) -> tuple[InvoiceLine, ...]:
    """The invoice lines that the pages of one invoice show, in reading order; empty when no table is found.

    Amounts are as printed. Where columns are called so ("Total TTC"), `includes_tax` is True; where only the sums
    can tell, `mark_tax_inclusive` does.
    """
    rows = rows_of(pages)
    headers = tuple(find_headers(page) for page in rows)
    readings = [
        headed_tables(rows, chosen, beyond_subtotals=beyond)
        for chosen in dict.fromkeys((headers, main_headers(headers)))
        for beyond in ((False, True) if has_subtotals(rows) else (False,))
    ]
    if not any(table.multiplies > _PROVED for tables in readings for table in tables):
        readings += [bare_tables(rows), summed_tables(rows)]
    return choose(readings, rows)
