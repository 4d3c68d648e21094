"""Writes a record as UBL 2.1 or Factur-X, profile EN 16931; only what keeps the standard's rules leaves the house."""

import logging
import re
from pathlib import Path

from pipeline.posting.files.cii import write_cii
from pipeline.posting.files.page import print_page
from pipeline.posting.files.prepare import EInvoice, NotEn16931
from pipeline.posting.files.ubl import write_ubl

PROFILE = "urn:cen.eu:en16931:2017"
_PDF = b"%PDF-"
_SHOWN = 5


def to_ubl(ready: EInvoice) -> bytes:
    """The invoice as UBL. Raises NotEn16931 with the rules it breaks, ReaderError when they cannot be run."""
    return _checked(write_ubl(ready.invoice, ready.adjustments), "ubl")


def to_cii(ready: EInvoice) -> bytes:
    """The invoice as CII, the XML of Factur-X. Raises as `to_ubl`."""
    return _checked(write_cii(ready.invoice, ready.adjustments), "cii")


def to_factur_x(ready: EInvoice, original: Path | None, language: str = "fr") -> bytes:
    """A PDF with the invoice inside: the original where it is a PDF, else a page of ours (PDF/A-3).

    An original stays what it is: if it is no PDF/A, neither is the result. Parses an untrusted original: call it in a
    child process. Raises as `to_ubl`.
    """
    xml = to_cii(ready)
    content = original.read_bytes() if original else b""
    if content.lstrip()[:5] == _PDF:
        try:
            return embed_xml(content, xml, language)
        except Exception as error:  # encrypted or broken in a way that only the library sees; the page says the same
            logging.getLogger(__name__).warning("The original takes no XML (%s): a page of ours is made.", error)
    return embed_xml(print_page(ready.invoice), xml, language)


def embed_xml(pdf: bytes, xml: bytes, language: str) -> bytes:
    """A Factur-X PDF, profile EN 16931. Raises ValueError when the XML does not fit the XSD."""
    from facturx import generate_from_binary  # noqa: PLC0415 (slow import)

    # The library's schematron check needs a Saxon server and says yes without one, so it stays off.
    logging.getLogger("factur-x").setLevel(logging.ERROR)
    made: bytes = generate_from_binary(
        pdf, xml, flavor="factur-x", level="en16931", check_schematron=False, lang=language
    )
    return made


def file_stem(ready: EInvoice) -> str:
    """A file name of seller and number that every file system takes."""
    said = f"{ready.invoice.seller.name or 'seller'}_{ready.invoice.number}"
    return re.sub(r"[^\w.-]+", "-", said).strip("-.")[:80] or "invoice"


def _checked(xml: bytes, syntax: str) -> bytes:
    from pipeline.reading.einvoice.rules import check_rules  # noqa: PLC0415 (only the child imports the readers)

    broken = check_rules(xml, syntax, PROFILE)
    if broken:
        said = "; ".join(f"{one.rule}: {one.message}" for one in broken[:_SHOWN])
        raise NotEn16931(f"It breaks rules of EN 16931: {said}")
    return xml
