"""E-invoices from records."""

import io
from datetime import date
from decimal import Decimal

import facturx
import pikepdf
import pytest

from pipeline.posting.files.einvoices import file_stem, to_cii, to_factur_x, to_ubl
from pipeline.posting.files.prepare import NotEn16931, prepare
from pipeline.reading.einvoice.find import find_einvoice
from schemas import MediaType
from tests.posting.made import line, record_of
from tests.posting.papers import papers, record_of_paper


@pytest.mark.parametrize("write", [to_ubl, to_cii])
def test_generated_invoices_keep_the_rules_of_en_16931(write):
    """The records of 25 generated invoices of all kinds: no rule is broken, for what breaks one is refused."""
    for paper in papers(31, 25):
        write(prepare(record_of_paper(paper)))


@pytest.mark.parametrize("write", [to_ubl, to_cii])
def test_what_was_written_is_read_again(write):
    """Our own reader finds the same values in it."""
    record = record_of(
        [line("Ramette papier", "80"), line("Port", "40")], lines_total=Decimal(120), allowance_total=Decimal(20)
    )
    found = find_einvoice(write(prepare(record)), MediaType.XML)
    read = found.invoice
    assert found.findings == ()
    assert (read.number, read.issue_date, read.seller.vat_id) == ("FA-12", date(2026, 3, 2), "FR44732829320")
    assert (read.totals.gross, read.totals.due) == (120, 120)
    assert [one.net_amount for one in read.lines] == [80, 40]
    assert read.totals.allowances == 20


@pytest.mark.parametrize(
    ("lines", "changes"),
    [
        ([], {}),
        ([line("Papier", "33")], {}),
        ([line("Papier", "120", includes_tax=True)], {}),
        ([line("Papier", "-100")], {"doc_type": "credit_note", "net_total": Decimal(-100), "tax_total": Decimal(-20),
                                    "gross_total": Decimal(-120)}),
        ([line("Papier\x01 <&>", "100")], {"amount_due": Decimal(0)}),
        ([line("Papier", "100")], {"seller_vat_id": None, "seller_siren": "732829320"}),
        ([line("Papier", "100")], {"gross_total": Decimal("120.02")}),
    ],
)  # fmt: skip
def test_a_record_as_pages_give_it_becomes_valid(lines, changes):
    """No lines, lines that do not add up, prices with VAT, minus signs, paid, no VAT id, rounded by a till."""
    ready = prepare(record_of(lines, **changes))
    to_ubl(ready)
    to_cii(ready)
    assert ready.invoice.totals.gross == 120


@pytest.mark.parametrize("category", [None, "E", "AE", "K", "G", "O", "Z"])
def test_each_reason_for_no_vat_is_valid(category):
    """From a seller abroad with its VAT id; outside of the scope nobody has one."""
    record = record_of(
        [line("Beratung", "100", "0")],
        [("0", "100.00", "0.00", category)],
        seller_vat_id="DE136695976",
        seller_siren="732829320" if category == "O" else None,
        buyer_vat_id="FR44732829320",
    )
    ready = prepare(record)
    to_ubl(ready)
    to_cii(ready)
    assert ready.invoice.vat_breakdown[0].category == (category or "AE")


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_number": None},
        {"buyer_name": None},
        {"doc_type": "quote"},
        {"seller_vat_id": None},
        {"currency": "QQQ"},
    ],
)
def test_what_the_standard_cannot_say_is_refused(changes):
    """With the rule or the field that is missing."""
    with pytest.raises(NotEn16931):
        to_ubl(prepare(record_of([line("Papier", "100")], **changes)))


def test_factur_x_is_made_from_a_page_of_ours_or_the_original(tmp_path):
    """The XML is inside and valid by the XSD, the page of ours is PDF/A-3, the original keeps its pages."""
    ready = prepare(record_of([line("Papier & été", "100")]))
    ours = to_factur_x(ready, None)
    assert facturx.get_facturx_xml_from_pdf(ours, check_xsd=True)[0] == "factur-x.xml"
    original = tmp_path / "original"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.add_blank_page()
        pdf.save(original)
    made = to_factur_x(ready, original)
    with pikepdf.open(io.BytesIO(made)) as pdf, pikepdf.open(io.BytesIO(ours)) as page:
        assert (len(pdf.pages), len(page.pages)) == (2, 1)
        metadata = bytes(page.Root.Metadata.read_bytes())
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata or b'pdfaid:part="3"' in metadata
    original.write_bytes(b"\xff\xd8\xff a photo")
    assert to_factur_x(ready, original).startswith(b"%PDF")


def test_a_file_name_is_one_everywhere():
    """Without slashes and dots at its ends."""
    ready = prepare(record_of([line("Papier", "100")], seller_name="../A/B & Cie", invoice_number="F/1"))
    assert file_stem(ready) == "A-B-Cie_F-1"
