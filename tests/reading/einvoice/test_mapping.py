"""The mapping of UBL, CII and ZUGFeRD 1 to the terms of EN 16931."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.reading.einvoice.mapping import read_invoice, read_profile
from pipeline.reading.einvoice.secure import parse_xml
from pipeline.reading.einvoice.table import table_for
from schemas import (
    DocumentType,
    FieldName,
    Finding,
    Invoice,
    InvoiceLine,
    Party,
    Payment,
    Severity,
    Totals,
    VatBreakdown,
)

SALE = Invoice(
    number="F-2026/17",
    doc_type=DocumentType.INVOICE,
    issue_date=date(2026, 3, 2),
    due_date=date(2026, 4, 1),
    delivery_date=date(2026, 2, 27),
    currency="EUR",
    po_number="PO-9",
    preceding_invoice="F-2026/3",
    seller=Party(
        name="Quincaillerie Martin SARL",
        vat_id="FR44732829320",
        siren="732829320",
        street="3 rue du Lac",
        postcode="69001",
        city="Lyon",
        country="FR",
    ),
    buyer=Party(
        name="Boulangerie Petit",
        vat_id="FR40303265045",
        street="8 rue Keller",
        postcode="75011",
        city="Paris",
        country="FR",
    ),
    payment=Payment(iban="FR76 3000 6000 0112 3456 7890 189", bic="AGRIFRPP"),
    totals=Totals(
        lines=Decimal("100.00"),
        net=Decimal("100.00"),
        tax=Decimal("20.00"),
        gross=Decimal("120.00"),
        prepaid=Decimal("50.00"),
        due=Decimal("70.00"),
    ),
    vat_breakdown=(VatBreakdown(category="S", rate=Decimal(20), base=Decimal("100.00"), amount=Decimal("20.00")),),
    lines=(
        InvoiceLine(
            identifier="1",
            item_id="V4",
            description="Vis 4x40",
            quantity=Decimal(10),
            unit="C62",
            unit_price=Decimal("10.50"),
            price_base_quantity=Decimal(1),
            discount=Decimal("5.00"),
            net_amount=Decimal("100.00"),
            tax_category="S",
            tax_rate=Decimal(20),
        ),
    ),
    notes=("Merci de votre confiance",),
)


def mapped(xml: str) -> tuple[Invoice, tuple[Finding, ...]]:
    root = parse_xml(xml.encode())
    table = table_for(root)
    assert table is not None
    return read_invoice(root, table)


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_cii_and_ubl_give_the_same_invoice(syntax: str, request: pytest.FixtureRequest) -> None:
    """The same sale written in CII and in UBL gives one and the same invoice, with every term."""
    assert mapped(request.getfixturevalue(syntax)) == (SALE, ())


def test_zugferd_1_gives_all_terms_it_has(zugferd1: str) -> None:
    """ZUGFeRD 1 names things differently and knows no preceding invoice; all else is read."""
    assert mapped(zugferd1) == (SALE.model_copy(update={"preceding_invoice": None}), ())


def test_ubl_credit_note_gives_the_same_terms(ubl_credit_note: str) -> None:
    """A UBL credit note has its own root, lines and place for the due date, and the type credit note."""
    expected = SALE.model_copy(update={"doc_type": DocumentType.CREDIT_NOTE})
    assert mapped(ubl_credit_note) == (expected, ())


def test_credit_note_without_type_code_is_one_by_its_root(ubl_credit_note: str) -> None:
    """A UBL credit note that leaves out its type code is a credit note all the same."""
    xml = ubl_credit_note.replace("<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>", "")
    assert mapped(xml)[0].doc_type is DocumentType.CREDIT_NOTE


def test_profile_is_the_specification_identifier(cii: str) -> None:
    """BT-24 is given as it stands."""
    root = parse_xml(cii.encode())
    table = table_for(root)
    assert table is not None
    assert read_profile(root, table) == "urn:cen.eu:en16931:2017"


def test_vat_total_is_the_one_in_the_invoice_currency(cii: str) -> None:
    """Of two VAT totals, the one in the invoice's currency is BT-110; the other is for the tax office."""
    total = '<ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>'
    foreign = '<ram:TaxTotalAmount currencyID="GBP">17.00</ram:TaxTotalAmount>'
    assert mapped(cii.replace(total, foreign + total)) == (SALE, ())


def test_vat_total_left_out_is_zero_where_net_is_gross(cii: str) -> None:
    """An invoice outside the scope of VAT may leave the VAT total out: it is zero, since net is gross."""
    xml = cii.replace('<ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>', "")
    assert mapped(xml)[0].totals.tax is None
    assert mapped(xml.replace("120.00", "100.00"))[0].totals.tax == 0


def test_unreadable_value_is_an_error_not_a_guess(cii: str) -> None:
    """A total with a decimal comma is left out, and an error finding names the field and the value."""
    invoice, (finding,) = mapped(cii.replace("120.00", "120,00"))
    assert invoice.totals.gross is None
    assert (finding.severity, finding.fields) == (Severity.ERROR, (FieldName.GROSS_TOTAL,))
    assert "'120,00' is not a decimal number" in finding.message


def test_value_stated_twice_is_an_error(ubl: str) -> None:
    """Two different amounts for one total leave open which one counts."""
    total = '<cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount>'
    (finding,) = mapped(ubl.replace(total, total + total.replace("120", "12")))[1]
    assert (finding.rule, finding.fields) == ("ambiguous-value", (FieldName.GROSS_TOTAL,))
    assert finding.message == "The e-invoice states gross total (BT-112) as 120.00 and 12.00."


def test_group_stated_twice_is_an_error(cii: str) -> None:
    """A second group of totals leaves open which one counts."""
    start = cii.index("<ram:SpecifiedTradeSettlementHeaderMonetarySummation>")
    end = cii.index("<ram:InvoiceReferencedDocument>")
    invoice, (finding,) = mapped(cii[:end] + cii[start:end].replace("120", "12") + cii[end:])
    assert invoice.totals == SALE.totals
    assert finding.message == "The e-invoice states its totals more than once."


def test_bank_account_that_is_no_iban_is_left_out(ubl: str) -> None:
    """UBL writes any account into the same element; a Swedish giro number is no IBAN."""
    assert mapped(ubl.replace("FR76 3000 6000 0112 3456 7890 189", "3334444"))[0].payment == Payment()


def test_iban_in_the_place_of_a_national_account_is_read(cii: str) -> None:
    """Some French senders write the IBAN as a proprietary account number."""
    assert mapped(cii.replace("IBANID", "ProprietaryID")) == (SALE, ())
    national = cii.replace("IBANID", "ProprietaryID").replace("FR76 3000 6000 0112 3456 7890 189", "12345678")
    assert mapped(national)[0].payment.iban is None


def test_amounts_without_a_currency_are_in_the_invoice_currency(ubl: str) -> None:
    """A sender who leaves the attribute out means BT-5."""
    assert mapped(ubl.replace(' currencyID="EUR"', "")) == (SALE, ())


def test_amounts_beyond_bounds_are_unreadable(ubl: str) -> None:
    """Discounts that add up beyond what a value may be are an error, not an exception."""
    huge = str(10**12 - 1)
    invoice, (finding,) = mapped(ubl.replace(">3.00<", f">{huge}<"))
    assert invoice.lines[0].discount is None
    assert (finding.rule, finding.severity) == ("unreadable-value", Severity.ERROR)


def test_lines_that_only_inform_are_left_out(cii: str) -> None:
    """Sub-lines of the EXTENDED profile that group or inform would be counted twice."""
    grouped = "<ram:LineID>1</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    assert mapped(cii.replace("<ram:LineID>1</ram:LineID>", grouped))[0].lines == ()


def test_comment_inside_a_value_does_not_cut_it(cii: str) -> None:
    """A comment within an amount would otherwise turn 120.00 into 12."""
    assert mapped(cii.replace("120.00", "12<!-- x -->0.00")) == (SALE, ())


def test_longest_texts_are_cut(cii: str) -> None:
    """A note longer than a text may be is cut instead of refusing the invoice."""
    (note,) = mapped(cii.replace("Merci de votre confiance", "long " * 1000))[0].notes
    assert len(note) == 2000
