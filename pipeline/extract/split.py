"""Splits a file into its invoices where that is plain: a new number and a title on a later page."""

from collections.abc import Sequence

from pipeline.extract.candidates import survey
from pipeline.extract.document_type import propose_document_type
from pipeline.extract.header import propose_header
from schemas import FieldName, Page

SURE_NUMBER = 0.7
SURE_TITLE = 0.5


def split_pages(pages: Sequence[Page]) -> tuple[tuple[Page, ...], ...]:
    """The pages of each invoice, in order; blank pages are left out, a file without words is one part."""
    written = [page for page in pages if page.words]
    parts: list[list[Page]] = []
    current: str | None = None
    for page in written:
        number, has_title = _number_and_title(page) if len(written) > 1 else (None, False)
        begins_new = not parts or (number is not None and current is not None and number != current and has_title)
        if begins_new:
            parts.append([])
            current = None
        parts[-1].append(page)
        current = current or number
    return tuple(tuple(part) for part in parts) or (tuple(pages),)


def _number_and_title(page: Page) -> tuple[str | None, bool]:
    """The invoice number that a page prints beside a label in its upper half, and whether it has a title."""
    sheet = survey([page])
    best = next(iter(propose_header(sheet)[FieldName.INVOICE_NUMBER]), None)
    is_sure = best is not None and best.score >= SURE_NUMBER and best.box is not None
    number = str(best.value) if best and is_sure and best.box and best.box.y_mid < 0.5 * page.height else None
    title = next(iter(propose_document_type(sheet)), None)
    return number, title is not None and title.score >= SURE_TITLE
