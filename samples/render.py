"""A paper becomes a PDF: Jinja2 makes the page, WeasyPrint prints it."""

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from samples.model import Paper
from samples.sheet import SheetPrinter
from schemas import DocumentType, FieldName

_LETTERS = {DocumentType.STATEMENT, DocumentType.REMINDER}
_LETTER_OF = {"train": "statement", "test": "account", "blind": "reckoning"}
"""The layout of each split's letters about an account."""


@dataclass(frozen=True)
class Printed:
    """A PDF and what its page shows."""

    pdf: bytes
    fields: frozenset[FieldName]
    line_keys: frozenset[str]
    taxes: bool


def print_paper(paper: Paper) -> Printed:
    """Print a paper in its supplier's layout. The bytes depend on the paper alone."""
    html, printer = _html(paper)
    return Printed(html_to_pdf(html), frozenset(printer.printed), frozenset(printer.line_keys), printer.taxes_printed)


def fields_shown(paper: Paper) -> frozenset[FieldName]:
    """The fields that stand on a paper's page, without printing it."""
    return frozenset(_html(paper)[1].printed)


def html_to_pdf(html: str) -> bytes:
    """Print HTML; the page size stands in its CSS."""
    pdf: bytes = HTML(string=html).write_pdf(font_config=_fonts(), pdf_identifier=b"backoffice-sample")
    return pdf


def _html(paper: Paper) -> tuple[str, SheetPrinter]:
    printer = SheetPrinter(paper)
    return _environment().get_template(_template(paper)).render(p=printer, style=printer.style), printer


def _template(paper: Paper) -> str:
    layout = paper.supplier.style.layout
    if paper.invoice.doc_type in _LETTERS:
        return f"{_LETTER_OF[layout.split]}.html.j2"
    return f"{layout.name}.html.j2"


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "layouts"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _fonts() -> FontConfiguration:
    # WeasyPrint warns about glyphs and CSS it knows not; the pages were looked at instead.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return FontConfiguration()
