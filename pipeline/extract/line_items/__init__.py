"""Invoice lines (BG-25) from the tables of pages."""

from collections.abc import Sequence

from pipeline.extract.layout import lines_of
from pipeline.extract.line_items.choose import choose, lines_sum, mark_tax_inclusive
from pipeline.extract.line_items.tables import bare_tables, headed_tables
from pipeline.extract.line_items.tokens import row_of
from pipeline.extract.parsing import decimal_mark_of
from schemas import InvoiceLine, Page

__all__ = ["extract_lines", "lines_sum", "mark_tax_inclusive"]


def extract_lines(pages: Sequence[Page]) -> tuple[InvoiceLine, ...]:
    """The invoice lines that the pages of one invoice show, in reading order; empty when no table is found.

    Amounts are as printed: where the document prints prices with VAT in columns called so, `includes_tax` is True;
    where only the sums can tell, `mark_tax_inclusive` does.
    """
    mark = decimal_mark_of([word.text for page in pages for word in page.words])
    rows = [tuple(row_of(line, mark) for line in lines_of(page)) for page in pages]
    readings = [
        headed_tables(rows, beyond_subtotals=False),
        headed_tables(rows, beyond_subtotals=True),
        bare_tables(rows),
    ]
    return choose(readings, rows)
