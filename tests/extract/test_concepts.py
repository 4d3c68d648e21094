"""Labels that no list has word for word are understood by what their words mean."""

import pytest

from pipeline.extract.concepts import concepts_of, understand
from pipeline.extract.labels import expectations, find_labels, tokens_of


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Rg.-Nr.", "invoice_number"),
        ("N° fact.", "invoice_number"),
        ("Inv #", "invoice_number"),
        ("Ft. n.", "invoice_number"),
        ("V/Cde", "po_number"),
        ("Uw bestelnr.", "po_number"),
        ("Cust. order no.", "po_number"),
        ("Rif. Vs. ordine", "po_number"),
        ("Kd-Nr.", "not_customer_number"),
        ("N/Réf.", "not_other_number"),
        ("Date d'éch.", "due_date"),
        ("Payable jusqu'au", "due_date"),
        ("Date pièce", "issue_date"),
        ("Best.-Datum", "not_order_date"),
        ("Tot. netto", "net_total"),
        ("Net à régler", "amount_due"),
        ("N° intracom. client", "buyer_vat_id"),
    ],
)
def test_abbreviations_and_any_order_of_words_are_understood(line_of, text, meaning):
    """In six languages; punctuation, case and small words do not matter."""
    assert {label.meaning for label in find_labels(line_of(f"{text} : 17"))} == {meaning}


@pytest.mark.parametrize("text", ["N° 17", "client", "rue de la commande", "1234", ""])
def test_words_that_together_name_no_field_are_no_label(text):
    """A single concept that several fields share says nothing."""
    assert understand(tokens_of(text), 0, text) is None


def test_a_colon_or_a_spaced_slash_ends_a_label(line_of):
    """ "Datum / Date" are two labels, and what follows a colon is a value."""
    text = "Rg.-Nr. / Inv. no."
    assert [text[label.start : label.end] for label in find_labels(line_of(text))] == ["Rg.-Nr", "Inv. no"]
    assert understand(tokens_of("Cde : date"), 0, "Cde : date") is None


def test_compounds_are_taken_apart():
    """German and Dutch write two concepts as one word."""
    assert concepts_of("rechnungsdatum") == ("invoice", "date")
    assert concepts_of("bestelnr") == ("order", "number")
    assert concepts_of("datum") == ("date",)
    assert concepts_of("quincaillerie") == ()


def test_every_meaning_is_one_that_labels_have(line_of):
    """The concepts name no field that `labels.yaml` does not know."""
    found = [label for text in ("Inv #", "Vos réf.", "Éch.") for label in find_labels(line_of(text))]
    assert all(expectations()[label.meaning] == label.phrase.expects for label in found)
