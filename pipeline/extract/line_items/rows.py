"""The pages of a document as rows of tokens."""

from collections.abc import Sequence
from statistics import median

from pipeline.extract.layout import lines_of
from pipeline.extract.line_items.straighten import straightened
from pipeline.extract.line_items.tokens import Row, row_of
from pipeline.extract.parsing import decimal_mark_of
from schemas import Page

_TALL = 2.5
"""Words so many times taller than most are titles, watermarks or written upwards along a margin."""


def rows_of(pages: Sequence[Page]) -> tuple[tuple[Row, ...], ...]:
    """For each page its rows from top to bottom; numbers are read with the decimal mark that the document uses."""
    mark = decimal_mark_of([word.text for page in pages for word in page.words])
    return tuple(tuple(row_of(line, mark) for line in lines_of(straightened(_running_text(page)))) for page in pages)


def _running_text(page: Page) -> Page:
    """The page without words that cannot be part of a table."""
    if not page.words:
        return page
    limit = _TALL * median(word.box.height for word in page.words)
    words = tuple(word for word in page.words if word.box.height <= limit)
    return page.model_copy(update={"words": words})
