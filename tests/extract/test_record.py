"""From pages to a record: whole invoices on a page."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.calibration.calibrate import calibrate
from pipeline.extract.record import extract_record, record_of
from pipeline.route import decide
from schemas import (
    Box,
    DocumentType,
    Draft,
    EInvoice,
    EvidenceKind,
    FieldName,
    FieldStatus,
    Invoice,
    InvoiceLine,
    Page,
    Party,
    Record,
    StraightThrough,
    TextSource,
    Totals,
    VatBreakdown,
    Word,
)

FRENCH = (
    (40, 40, "Quincaillerie Martin SARL", 14), (340, 40, "FACTURE", 20),
    (40, 60, "3 rue Haute"), (340, 70, "Facture n° F-2026-17"),
    (40, 72, "69001 Lyon"), (340, 84, "Date de facture : 03/03/2026"),
    (40, 84, "SIRET 732 829 320 00074"), (340, 98, "Échéance : 02/04/2026"),
    (40, 96, "N° TVA FR44732829320"), (340, 112, "N° client : 4711"),
    (340, 126, "Votre commande : PO-9981"),
    (340, 170, "Boulangerie Petit SAS"), (340, 182, "8 place du Marché"), (340, 194, "38000 Grenoble"),
    (40, 300, "Désignation"), (300, 300, "Qté"), (360, 300, "P.U. HT"), (460, 300, "Montant HT"),
    (40, 320, "Vis inox"), (300, 320, "10"), (360, 320, "6,00"), (460, 320, "60,00"),
    (40, 334, "Écrous"), (300, 334, "4"), (360, 334, "10,00"), (460, 334, "40,00"),
    (360, 400, "Total HT"), (460, 400, "100,00 €"),
    (360, 414, "TVA 20 %"), (460, 414, "20,00 €"),
    (360, 428, "Total TTC"), (460, 428, "120,00 €"),
    (40, 700, "IBAN FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP"),
)  # fmt: skip

AMERICAN = (
    (40, 40, "Acme Tools Inc.", 14), (340, 40, "INVOICE", 20),
    (40, 60, "3 High Street"), (40, 72, "New York, NY 10001"),
    (340, 70, "Invoice number: INV-0017"), (340, 84, "Invoice date: 03/04/2026"), (340, 98, "Due date: 04/03/2026"),
    (40, 170, "Bill to:"), (40, 182, "Petit Bakery LLC"), (40, 194, "8 Main Street"), (40, 206, "Boston, MA 02108"),
    (360, 400, "Subtotal"), (460, 400, "$100.00"),
    (360, 414, "Sales tax 8%"), (460, 414, "$8.00"),
    (360, 428, "Total"), (460, 428, "$108.00"),
)  # fmt: skip


def values(record):
    """The fields that were read, as text."""
    return {name.value: str(field.value) for name, field in record.fields.items() if field.value is not None}


def without(texts, *words):
    return [text for text in texts if not any(word in text[2] for word in words)]


def test_a_whole_french_invoice_is_read(page_of):
    """Every field, every line, the breakdown, the pages and the language."""
    record = extract_record([page_of(*FRENCH)])
    read = values(record)
    assert read == read | {
        "invoice_number": "F-2026-17",
        "doc_type": "invoice",
        "issue_date": "2026-03-03",
        "due_date": "2026-04-02",
        "seller_name": "Quincaillerie Martin SARL",
        "seller_vat_id": "FR44732829320",
        "seller_siren": "732829320",
        "seller_siret": "73282932000074",
        "buyer_name": "Boulangerie Petit SAS",
        "currency": "EUR",
        "net_total": "100.00",
        "tax_total": "20.00",
        "gross_total": "120.00",
        "iban": "FR7630006000011234567890189",
        "bic": "AGRIFRPP",
        "po_number": "PO-9981",
    }
    assert "buyer_vat_id" not in read
    assert [(line.description, line.net_amount) for line in record.lines] == [("Vis inox", 60), ("Écrous", 40)]
    assert [(row.rate, row.amount) for row in record.vat_breakdown] == [(20, 20)]
    assert (record.pages, record.language) == ((1,), "fr")


def test_a_sound_invoice_goes_straight_through(page_of):
    """From the text layer, without a finding, and sure of every field once calibrated: nothing keeps it back."""
    record = calibrate(extract_record([page_of(*FRENCH)]))
    assert decide(Draft(record=record), ()).decision == StraightThrough()


def test_a_columns_heading_is_no_sum_of_lines(page_of):
    """The lines make the net total, so "Line total" above their amounts is none."""
    texts = (
        *((40, 100, "Description"), (250, 100, "Qty"), (320, 100, "Price"), (420, 100, "Line total")),
        *((40, 114, "Steel screws"), (250, 114, "2"), (320, 114, "30.00"), (420, 114, "60.00")),
        *((40, 128, "Nuts"), (250, 128, "4"), (320, 128, "10.00"), (420, 128, "40.00")),
        *((320, 160, "Subtotal"), (420, 160, "100.00"), (320, 174, "VAT 20%"), (420, 174, "20.00")),
        *((320, 188, "Total"), (420, 188, "120.00")),
    )
    record = extract_record([page_of((40, 60, "INVOICE No. 77"), *texts)])
    assert record.value(FieldName.NET_TOTAL) == 100
    assert record.value(FieldName.LINES_TOTAL) in (None, 100)


def test_an_invoice_that_names_a_quote_is_an_invoice(page_of):
    """The number's own label says what it numbers."""
    texts = (
        (40, 60, "Quote no.: D57882"),
        (40, 90, "Invoice number: 2026-393"),
        (40, 104, "Invoice date: 26 Feb 2026"),
    )
    assert extract_record([page_of(*texts)]).value(FieldName.DOC_TYPE) == "invoice"


def test_the_same_invoice_from_pixels_is_less_sure(page_of):
    """The reader's doubt is in the confidence of what nothing proves."""
    clear, blurred = (
        extract_record([page_of(*FRENCH, source=source, confidence=confidence)])
        for source, confidence in ((TextSource.TEXT_LAYER, 1.0), (TextSource.OCR, 0.5))
    )
    assert values(clear) == values(blurred)
    name = FieldName.INVOICE_NUMBER
    assert blurred.fields[name].confidence < clear.fields[name].confidence
    assert blurred.fields[FieldName.IBAN].confidence == clear.fields[FieldName.IBAN].confidence


def test_an_american_invoice_has_the_month_first(page_of):
    """Dollars, and neither euros nor pounds: 03/04 is the fourth of March."""
    read = values(extract_record([page_of(*AMERICAN)]))
    assert (read["issue_date"], read["due_date"]) == ("2026-03-04", "2026-04-03")
    assert (read["seller_name"], read["buyer_name"]) == ("Acme Tools Inc.", "Petit Bakery LLC")
    assert (read["currency"], read["gross_total"]) == ("USD", "108.00")


def test_a_dollar_invoice_in_euro_country_has_the_day_first(page_of):
    """A euro sign anywhere makes the American reading unlikely."""
    read = values(extract_record([page_of(*AMERICAN, (40, 780, "All fees in €"))]))
    assert read["issue_date"] == "2026-04-03"


def test_the_siren_follows_from_siret_or_vat_id(page_of):
    """Its first nine digits, or its last; the evidence says so."""
    for printed in ("SIRET", "TVA FR"):
        field = extract_record([page_of(*without(FRENCH, *({"SIRET", "TVA FR"} - {printed})))]).fields["seller_siren"]
        assert field.value == "732829320"
        assert any(e.kind is EvidenceKind.ARITHMETIC and "follows from" in e.detail for e in field.evidence)


def test_without_a_title_the_label_of_the_number_tells_the_type(page_of):
    """The number of an "avoir" is that of a credit note."""
    texts = [*without(FRENCH, "FACTURE", "Facture n°"), (340, 70, "N° avoir : AV-2026-3")]
    assert extract_record([page_of(*texts)]).value(FieldName.DOC_TYPE) == "credit_note"


def test_the_number_of_the_invoice_is_not_the_orders_too(page_of):
    """One value has one meaning."""
    texts = [*without(FRENCH, "commande"), (340, 126, "Votre référence : F-2026-17")]
    record = extract_record([page_of(*texts)])
    assert record.value(FieldName.INVOICE_NUMBER) == "F-2026-17"
    assert record.value(FieldName.PO_NUMBER) is None


def test_every_field_carries_where_and_why(page_of):
    """Page, box, printed text, evidence and reader, so that each decision can be explained."""
    record = extract_record([page_of(*FRENCH, number=4)])
    for field in record.fields.values():
        if field.status is FieldStatus.MISSING:
            continue
        assert field.evidence, field.name
        assert field.reader, field.name
        assert (field.page, field.box is not None, bool(field.raw)) == (4, True, True), field.name


def test_totals_on_a_second_page_are_read(page_of):
    """Head on the first page, totals on the last."""
    head = [text for text in FRENCH if text[1] < 390]
    foot = [(x, y - 300, *rest) for x, y, *rest in FRENCH if y >= 390]
    record = extract_record([page_of(*head), page_of(*foot, number=2)])
    assert values(record) == values(record) | {"invoice_number": "F-2026-17", "gross_total": "120.00"}
    assert record.fields[FieldName.GROSS_TOTAL].page == 2
    assert record.pages == (1, 2)


def test_a_watermark_changes_nothing(page_of):
    """Huge letters across the page are no part of any row."""
    marked = page_of(*FRENCH, (150, 280, "P", 90), (230, 330, "A", 90), (310, 380, "YÉ", 90))
    assert values(extract_record([marked])) == values(extract_record([page_of(*FRENCH)]))


def test_what_lost_is_shown_as_a_rival(page_of):
    """A person sees the other amounts that might have been meant."""
    record = extract_record([page_of(*FRENCH, (360, 460, "Total"), (460, 460, "999,00 €"))])
    gross = record.fields[FieldName.GROSS_TOTAL]
    assert gross.value == 120
    assert Decimal("999.00") in [rival.value for rival in gross.rivals]


def test_a_page_without_words_gives_an_empty_record(page_of):
    """All fields are there, and missing."""
    record = extract_record([page_of()])
    assert {field.status for field in record.fields.values()} == {FieldStatus.MISSING}
    assert (record.lines, record.vat_breakdown, record.language) == ((), (), "")


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 590),
            st.floats(0, 840),
            st.floats(1, 200),
            st.floats(1, 60),
            st.one_of(
                st.text(min_size=1, max_size=12),
                st.sampled_from(
                    "Facture n° Total TTC TVA 20% 1.234,56 € 03/03/2026 IBAN FR76 FR44732829320 Client: Date SIRET 12 "
                    "Qté x - 99999999999999999999 0,00 Désignation @ www.a.fr".split()
                ),
            ),
        ),
        max_size=40,
    )
)
def test_no_page_upsets_the_extraction(placed):
    """Whatever words stand wherever, the result is a record that can be written and read again."""
    words = tuple(Word(text=text, box=Box(x0=x, y0=y, x1=x + w, y1=y + h)) for x, y, w, h, text in placed)
    record = extract_record([Page(number=1, width=595, height=842, words=words)])
    assert Record.model_validate_json(record.model_dump_json()).fields == record.fields


# --- electronic invoices


INVOICE = Invoice(
    number="F-17",
    doc_type=DocumentType.INVOICE,
    issue_date=date(2026, 3, 3),
    currency="EUR",
    seller=Party(name="Martin", vat_id="FR44732829320"),
    totals=Totals(net=Decimal(100), tax=Decimal(20), gross=Decimal(120), due=Decimal(0)),
    vat_breakdown=(VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(20)),),
    lines=(InvoiceLine(description="Vis", net_amount=Decimal(100)),),
)


def test_an_e_invoice_is_taken_at_its_word(page_of):
    """Its record says the same as its XML, and gives back the same invoice."""
    record = record_of(EInvoice(syntax="cii", profile="urn:cen.eu:en16931:2017", invoice=INVOICE), [page_of(number=2)])
    assert record.invoice() == INVOICE
    assert record.pages == (2,)
    field = record.fields[FieldName.AMOUNT_DUE]
    assert (field.value, field.status) == (0, FieldStatus.READ)
    assert [(e.kind, e.detail) for e in field.evidence] == [(EvidenceKind.XML, "cii urn:cen.eu:en16931:2017")]


@pytest.mark.parametrize("name", [FieldName.IBAN, FieldName.DUE_DATE, FieldName.BUYER_NAME])
def test_what_an_e_invoice_leaves_out_is_missing(name):
    """Nothing is made up from the page."""
    record = record_of(EInvoice(syntax="ubl", profile="", invoice=INVOICE))
    assert record.fields[name].status is FieldStatus.MISSING
