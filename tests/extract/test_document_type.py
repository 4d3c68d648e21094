"""What a document is, by its title, and its language."""

import pytest

from pipeline.extract.candidates import survey
from pipeline.extract.document_type import language_of, propose_document_type, type_in
from schemas import DocumentType

BODY = ((40, 300, "Désignation"), (40, 320, "Vis inox"), (40, 500, "Total 120,00 €"), (40, 520, "Merci"))


@pytest.fixture
def title(page_of):
    """The type of a document that has these texts."""

    def found(*texts):
        options = propose_document_type(survey([page_of(*texts, *BODY)]))
        return options[0].value if options else None

    return found


@pytest.mark.parametrize(
    ("text", "doc_type"),
    [
        ("FACTURE", "invoice"),
        ("Facture n° F-17", "invoice"),
        ("Tax Invoice", "invoice"),
        ("Rechnung Nr. 17", "invoice"),
        ("Factura", "invoice"),
        ("Fattura", "invoice"),
        ("Factuur", "invoice"),
        ("AVOIR", "credit_note"),
        ("Facture d'avoir n° AV-3", "credit_note"),
        ("Credit Note", "credit_note"),
        ("Gutschrift", "credit_note"),
        ("Nota di credito", "credit_note"),
        ("Creditnota", "credit_note"),
        ("Facture pro forma", "proforma"),
        ("PRO-FORMA INVOICE", "proforma"),
        ("Proforma-Rechnung", "proforma"),
        ("Facture d'acompte", "prepayment_invoice"),
        ("DEVIS", "quote"),
        ("Quotation", "quote"),
        ("Angebot Nr. 12", "quote"),
        ("Bon de commande", "order"),
        ("Purchase Order", "order"),
        ("Auftragsbestätigung", "order"),
        ("Bon de livraison", "delivery_note"),
        ("Lieferschein", "delivery_note"),
        ("Relevé de compte", "statement"),
        ("Statement of account", "statement"),
        ("Kontoauszug", "statement"),
        ("Lettre de relance", "reminder"),
        ("Zahlungserinnerung", "reminder"),
        ("Payment reminder", "reminder"),
    ],
)
def test_a_title_tells_the_type(title, text, doc_type):
    """Upper or lower case, with a number behind it."""
    assert title((340, 60, text, 18)) == doc_type
    assert title((340, 60, text.upper(), 18)) == doc_type


@pytest.mark.parametrize(
    ("text", "doc_type"), [("F A C T U R E", "invoice"), ("D E V I S", "quote"), ("A V O I R", "credit_note")]
)
def test_a_letter_spaced_title_is_put_together(title, text, doc_type):
    """Typographers set capitals apart."""
    assert title((340, 60, text, 18)) == doc_type


def test_the_title_beats_a_mention(title):
    """An invoice speaks of the quote and the delivery note that it belongs to."""
    assert (
        title((340, 60, "FACTURE", 18), (40, 120, "Suivant devis n° 12"), (40, 134, "Bon de livraison n° 4"))
        == "invoice"
    )
    assert title((340, 60, "DEVIS", 18), (40, 600, "Une facture vous sera adressée à la livraison")) == "quote"


def test_a_mention_of_the_credited_invoice_makes_no_invoice(title):
    """A credit note names the invoice that it corrects."""
    assert title((340, 60, "AVOIR n° AV-3", 18), (40, 120, "Annule la facture F-17")) == "credit_note"


@pytest.mark.parametrize("text", ["Relevé d'identité bancaire", "RELEVÉ D'IDENTITÉ", "Votre accord sur devis : D-17"])
def test_the_words_of_a_title_in_another_sense_are_none(title, text):
    """A bank's details are no statement, and what the customer agreed to is no quote."""
    assert title((40, 100, text)) is None


def test_a_small_word_low_down_is_a_weak_title(page_of):
    """Its score tells that it is hardly one."""
    strong, weak = (
        propose_document_type(survey([page_of(*BODY, text)]))[0].score
        for text in ((340, 60, "FACTURE", 18), (40, 700, "à réception de votre facture"))
    )
    assert strong > 0.8
    assert weak < 0.4


def test_only_the_first_page_has_the_title(page_of):
    """The terms on the back speak of many documents."""
    pages = [page_of((340, 60, "FACTURE", 18), *BODY), page_of((40, 60, "AVOIR", 24), number=2)]
    assert [option.value for option in propose_document_type(survey(pages))] == ["invoice"]


def test_a_document_without_a_title_has_no_type(title):
    """Parts of longer words are no titles."""
    assert title((40, 60, "Facturation électronique", 18)) is None
    assert title() is None


@pytest.mark.parametrize(
    ("text", "doc_type"),
    [
        ("our pro forma invoice number 7", DocumentType.PROFORMA),
        ("Avoir n°", DocumentType.CREDIT_NOTE),
        ("Invoice number", DocumentType.INVOICE),
        ("Number", None),
    ],
)
def test_a_label_can_name_a_type(text, doc_type):
    """The more specific type first."""
    assert type_in(text) == doc_type


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Facture n° 7 - Montant à payer par virement avec la référence de votre commande", "fr"),
        ("Invoice number 7 - Please pay the amount due by bank transfer within 30 days", "en"),
        ("Rechnungsnummer 7 - Bitte zahlen Sie den Betrag auf das Konto", "de"),
        ("Número de factura 7 - Importe total a pagar por transferencia en los plazos", "es"),
        ("Numero fattura 7 - Importo totale da pagare con bonifico nei termini", "it"),
        ("Factuurnummer 7 - Het bedrag van uw bestelling te voldoen op onze rekening", "nl"),
        ("4711", ""),
    ],
)
def test_the_language_is_that_of_labels_and_small_words(page_of, text, language):
    """Without any word it is unknown."""
    assert language_of(survey([page_of((40, 60, text))])) == language
