"""Prints an invoice on a page of ours, where the original is no PDF. The home of WeasyPrint in the pipeline."""

from decimal import Decimal
from functools import cache
from typing import cast

from jinja2 import Environment, PackageLoader, Template

from schemas import DocumentType, Invoice

_TITLES = {DocumentType.CREDIT_NOTE: "Avoir", DocumentType.PREPAYMENT_INVOICE: "Facture d'acompte"}


def print_page(invoice: Invoice) -> bytes:
    """The invoice as a PDF/A-3 with embedded fonts."""
    from weasyprint import HTML  # noqa: PLC0415 (slow import)

    title = _TITLES.get(invoice.doc_type or DocumentType.INVOICE, "Facture")
    html = _template().render(invoice=invoice, title=title)
    return cast(bytes, HTML(string=html).write_pdf(pdf_variant="pdf/a-3b"))


@cache
def _template() -> Template:
    loader = PackageLoader("pipeline.posting.files", "")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = _plain
    return environment.get_template("page.html.j2")


def _plain(value: Decimal | None) -> str:
    if value is None:
        return ""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2) if value % 1 else 2
    return f"{value:.{decimals}f}".replace(".", ",")
