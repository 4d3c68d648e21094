"""The e-invoice of a document is found, whatever it is called."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest

from pipeline.errors import BrokenFile, Forbidden, ReaderError, TooLarge, UnknownFormat
from pipeline.reading.einvoice import find, find_einvoice
from pipeline.reading.einvoice.secure import MAX_XML_BYTES
from schemas import MediaType, Severity

PdfWith = Callable[[dict[str, bytes]], bytes]


def test_xml_file_is_an_einvoice(ubl: str) -> None:
    """A standalone UBL file gives syntax, profile and invoice, and no file name."""
    found = find_einvoice(ubl.encode(), MediaType.XML)
    assert found is not None
    assert (found.syntax, found.profile, found.file_name) == ("ubl", "urn:cen.eu:en16931:2017", "")
    assert found.invoice.number == "F-2026/17"


def test_utf_16_invoice_is_read(cii: str) -> None:
    """UTF-16 is legal XML."""
    found = find_einvoice(cii.replace('"UTF-8"', '"UTF-16"').encode("utf-16"), MediaType.XML)
    assert found is not None
    assert found.invoice.seller.name == "Quincaillerie Martin SARL"


@pytest.mark.parametrize("content", [b"<html/>", b"<Invoice/>", b'<Order xmlns="urn:oasis:names:Order-2"/>'])
def test_other_xml_is_of_unknown_format(content: bytes) -> None:
    """XML that is no invoice of a known syntax is refused, also an Invoice of no namespace."""
    with pytest.raises(UnknownFormat, match="no invoice"):
        find_einvoice(content, MediaType.XML)


@pytest.mark.parametrize("name", ["factur-x.xml", "Factur-X.XML", "ZUGFeRD-invoice.xml", "xrechnung.xml", "data.bin"])
def test_invoice_inside_a_pdf_is_found_under_any_name(name: str, cii: str, pdf_with: PdfWith) -> None:
    """The content decides, not the name of the attachment."""
    found = find_einvoice(pdf_with({"a.txt": b"terms", name: cii.encode()}), MediaType.PDF)
    assert found is not None
    assert (found.file_name, found.syntax, found.invoice.number) == (name, "cii", "F-2026/17")


def test_associated_file_outside_the_attachment_tree_is_found(cii: str) -> None:
    """Some writers list the file as associated (AF) only."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    stream = pdf.make_stream(cii.encode())
    spec = pikepdf.Dictionary(F="factur-x.xml", EF=pikepdf.Dictionary(F=stream), Type=pikepdf.Name.Filespec)
    pdf.Root.AF = pikepdf.Array([spec])
    out = BytesIO()
    pdf.save(out)
    found = find_einvoice(out.getvalue(), MediaType.PDF)
    assert found is not None
    assert found.file_name == "factur-x.xml"


def test_zugferd_1_inside_a_pdf_is_found(zugferd1: str, pdf_with: PdfWith) -> None:
    """The old standard is still sent."""
    found = find_einvoice(pdf_with({"ZUGFeRD-invoice.xml": zugferd1.encode()}), MediaType.PDF)
    assert found is not None
    assert (found.syntax, found.findings) == ("zugferd1", ())


def test_pdf_without_invoice_has_none(pdf_with: PdfWith) -> None:
    """Pages only, an order, or a damaged attachment of no standard name are no e-invoice."""
    assert find_einvoice(pdf_with({}), MediaType.PDF) is None
    order = b'<SCRDMCCBDACIOMessageStructure xmlns="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>'
    assert find_einvoice(pdf_with({"order-x.xml": order, "notes.xml": b"<a>"}), MediaType.PDF) is None


def test_picture_has_none() -> None:
    """A picture has no e-invoice."""
    assert find_einvoice(b"\xff\xd8", MediaType.JPEG) is None


def test_damaged_standard_attachment_is_an_error(cii: str, pdf_with: PdfWith) -> None:
    """A file that claims to be the invoice and cannot be read must not pass unnoticed."""
    with pytest.raises(BrokenFile, match="well-formed"):
        find_einvoice(pdf_with({"factur-x.xml": cii.encode()[:-200]}), MediaType.PDF)
    with pytest.raises(Forbidden):
        find_einvoice(pdf_with({"FACTUR-X.xml": b"<!DOCTYPE a><a/>"}), MediaType.PDF)


def test_damaged_pdf_is_broken(pdf_with: PdfWith) -> None:
    """What is no PDF, or needs a password, is a broken file."""
    with pytest.raises(BrokenFile, match="damaged"):
        find_einvoice(b"%PDF-1.7 nothing else", MediaType.PDF)
    locked = BytesIO()
    with pikepdf.open(BytesIO(pdf_with({}))) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(BrokenFile, match="password"):
        find_einvoice(locked.getvalue(), MediaType.PDF)


def test_embedded_bomb_is_not_inflated() -> None:
    """An attachment that inflates beyond the limit is refused, however small it is in the file."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    stream = pdf.make_stream(zlib.compress(bytes(MAX_XML_BYTES + 1)), Filter=pikepdf.Name.FlateDecode)
    pdf.Root.AF = pikepdf.Array([pikepdf.Dictionary(F="factur-x.xml", EF=pikepdf.Dictionary(F=stream))])
    out = BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert len(out.getvalue()) < MAX_XML_BYTES / 100
    with pytest.raises(TooLarge, match=r"factur-x\.xml"):
        find_einvoice(out.getvalue(), MediaType.PDF)


def test_two_invoices_that_agree_are_one(cii: str, zugferd1: str, pdf_with: PdfWith) -> None:
    """A PDF may carry the invoice in the old and the new syntax; the new one is taken."""
    files = {"ZUGFeRD-invoice.xml": zugferd1.encode(), "factur-x.xml": cii.encode()}
    found = find_einvoice(pdf_with(files), MediaType.PDF)
    assert found is not None
    assert (found.syntax, found.findings) == ("cii", ())


def test_two_invoices_that_disagree_are_an_error(cii: str, zugferd1: str, pdf_with: PdfWith) -> None:
    """Two e-invoices with different totals or accounts in one PDF leave open which one is meant."""
    other = zugferd1.replace("120.00", "999.00").replace("0189", "0190")
    found = find_einvoice(pdf_with({"b.xml": other.encode(), "factur-x.xml": cii.encode()}), MediaType.PDF)
    assert found is not None
    (finding,) = found.findings
    assert (finding.rule, finding.severity) == ("e-invoices-disagree", Severity.ERROR)
    assert "gross total 120.00 and 999.00" in finding.message


def test_broken_rule_comes_with_the_invoice(ubl: str) -> None:
    """A total that does not add up is reported under the name that EN 16931 gives the rule."""
    found = find_einvoice(ubl.replace(">120.00<", ">121.00<").encode(), MediaType.XML)
    assert found is not None
    assert "BR-CO-15" in {finding.rule for finding in found.findings if finding.severity is Severity.ERROR}


def test_rules_that_cannot_run_leave_the_invoice_to_a_person(ubl: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When Saxon fails, the invoice is read all the same, with an error finding."""

    def fail(*_: object) -> tuple[()]:
        raise ReaderError("no Saxon", code="rules-failed")

    monkeypatch.setattr(find, "check_rules", fail)
    found = find_einvoice(ubl.encode(), MediaType.XML)
    assert found is not None
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("rules-failed", Severity.ERROR)]
