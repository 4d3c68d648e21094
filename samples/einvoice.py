"""E-invoices from a paper: UBL, CII and Factur-X."""

import io
import re
from typing import Any

import pikepdf

from pipeline.posting.files import einvoices
from pipeline.posting.files.cii import write_cii
from pipeline.posting.files.ubl import write_ubl
from samples.model import Paper

__all__ = ["can_be_electronic", "embed_xml", "write_cii", "write_ubl"]

_FIXED = "2026-01-01T00:00:00+00:00"


def can_be_electronic(paper: Paper) -> bool:
    """Whether EN 16931 can say what the paper says: VAT ids where VAT asks for them, net prices, postable."""
    invoice = paper.invoice
    postable = invoice.doc_type is not None and invoice.doc_type.is_postable
    return postable and invoice.seller.vat_id is not None and not any(line.includes_tax for line in invoice.lines)


def embed_xml(pdf: bytes, xml: bytes, language: str) -> bytes:
    """A Factur-X PDF, profile EN 16931; the same input gives the same bytes.

    Raises ValueError when the XML does not fit the XSD.
    """
    return _without_clock(einvoices.embed_xml(pdf, xml, language))


def _without_clock(pdf: bytes) -> bytes:
    """Fix the dates the library takes from the clock, so that a seed gives the same file on every day."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for key in ("/ModDate", "/CreationDate"):
            document.docinfo[key] = "D:20260101000000+00'00'"
        metadata = document.Root.Metadata
        metadata.write(re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+\-\d:Z]*", _FIXED.encode(), metadata.read_bytes()))
        for attachment in document.attachments.values():
            dates: Any = attachment.get_file().obj.get("/Params", {})
            for key in {"/ModDate", "/CreationDate"} & set(dates.keys()):
                del dates[key]
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()
