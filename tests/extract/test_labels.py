"""Labels in six languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.labels import expectations, find_labels, plain, tokens_of
from schemas import FieldName


def found(line_of, text):
    """The meanings in a text with the words that carry them."""
    return {(label.meaning, text[label.start : label.end]) for label in find_labels(line_of(text))}


@pytest.mark.parametrize(
    ("text", "meaning", "words"),
    [
        ("Facture n° F-17", "invoice_number", "Facture n°"),
        ("Rechnungsnummer: 17", "invoice_number", "Rechnungsnummer"),
        ("Invoice number 17", "invoice_number", "Invoice number"),
        ("Número de factura 17", "invoice_number", "Número de factura"),
        ("Numero fattura 17", "invoice_number", "Numero fattura"),
        ("Factuurnummer 17", "invoice_number", "Factuurnummer"),
        ("Date d'échéance : 30/04/2026", "due_date", "Date d'échéance"),
        ("Fällig am 30.04.2026", "due_date", "Fällig am"),
        ("Net à payer 12,00", "amount_due", "Net à payer"),
        ("zzgl. MwSt. 19 %", "tax_total", "zzgl. MwSt"),
        ("Ihre Kundennummer 4711", "not_customer_number", "Ihre Kundennummer"),
        ("Bill to:", "buyer", "Bill to"),
    ],
)
def test_labels_are_known_in_six_languages(line_of, text, meaning, words):
    """Case, accents and punctuation do not matter."""
    assert (meaning, words) in found(line_of, text)
    assert meaning in {label.meaning for label in find_labels(line_of(text.upper()))}


def test_the_longest_label_wins(line_of):
    """A date of delivery is no issue date, although "date" alone would be."""
    meanings = {meaning for meaning, _ in found(line_of, "Date de livraison 27/02/2026")}
    assert "delivery_date" in meanings
    assert "issue_date" not in meanings


@pytest.mark.parametrize("sign", ["n°", "N°", "nº", "n °", "No", "Nr.", "No.", "#", "numéro", "n*"])
def test_all_spellings_of_the_number_sign_are_one(line_of, sign):
    """Also the ring that OCR takes for a star."""
    assert any(meaning == "invoice_number" for meaning, _ in found(line_of, f"Facture {sign} 17"))


@pytest.mark.parametrize("text", ["Invoice No.123", "Invoice No123", "Rechnung Nr.123", "Facture n°123"])
def test_a_number_sign_may_touch_its_number(line_of, text):
    """The label ends where the number begins."""
    (label,) = [label for label in find_labels(line_of(text)) if label.meaning == "invoice_number"]
    assert text[label.end :].strip(".") == "123"


@pytest.mark.parametrize("text", ["PO-BUYER-7788", "PO_7788", "x-po", "info@facture"])
def test_a_part_of_a_longer_word_is_no_label(line_of, text):
    """A prefix of an identifier or of an address names nothing."""
    assert found(line_of, text) == set()


def test_a_misread_long_word_is_still_known(line_of):
    """OCR takes one letter for another; short words must match to the letter."""
    assert ("invoice_number", "Rechnungsnurnmer") in found(line_of, "Rechnungsnurnmer 17")
    assert ("iban", "IBAM") not in found(line_of, "IBAM 17")


def test_a_label_may_have_several_meanings(line_of):
    """VAT stands before an amount as well as before an identifier; which one it is, the value tells."""
    assert {("tax_total", "TVA"), ("seller_vat_id", "TVA")} <= found(line_of, "TVA")


def test_a_label_glued_to_its_value_has_only_its_share_of_the_box(line_of):
    """In "Total:120,00" the label's box ends where the value begins."""
    line = line_of("Total:120,00")
    label = next(label for label in find_labels(line) if label.meaning == "gross_total")
    assert label.box.x1 == pytest.approx(line.box.x0 + line.box.width * 5 / 12)


def test_every_meaning_is_a_field_or_takes_values_away():
    """A meaning in labels.yaml that is neither would be a slip of the pen."""
    parties = {"buyer", "seller", "payee"}
    assert all(
        meaning.startswith("not_") or meaning in parties or meaning in set(FieldName) for meaning in expectations()
    )


@given(st.text(max_size=40))
def test_plain_text_has_the_same_length_and_tokens_their_places(text):
    """Places found in the plain text hold in the printed one, whatever the script."""
    assert len(plain(text)) == len(text)
    assert all(0 <= start < end <= len(text) for _, start, end in tokens_of(text))
