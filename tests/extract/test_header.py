"""Candidates for the fields that a label names."""

from datetime import date

import pytest

from pipeline.extract.candidates import survey
from pipeline.extract.header import KEPT, best_first, propose_header
from pipeline.extract.scoring.scorer import LEAST_SCORE
from schemas import Candidate, EvidenceKind, FieldName, TextSource

HEAD = (40, 60, "Quincaillerie Martin SARL")


@pytest.fixture
def propose(page_of):
    """The candidates of one field on a page."""
    return lambda name, *texts, **options: propose_header(survey([page_of(*texts, **options)]))[name]


@pytest.fixture
def best(propose):
    """The value of the best candidate, or None."""
    return lambda name, *texts: next((option.value for option in propose(name, *texts)), None)


@pytest.mark.parametrize(
    "texts",
    [
        [(40, 100, "Facture n° F-17"), (40, 114, "N° client 4711")],
        [(40, 100, "N° client 4711"), (40, 114, "Facture n° F-17")],
        [(40, 100, "N° client"), (200, 100, "N° facture"), (40, 114, "4711"), (200, 114, "F-17")],
        [(40, 100, "Kundennummer: 4711"), (40, 114, "Rechnungsnummer: F-17")],
        [(40, 100, "Customer No: 4711"), (300, 100, "Invoice No: F-17")],
        [(40, 100, "Bon de livraison n° 4711"), (40, 114, "Facture n° F-17"), (40, 128, "Devis n° 12")],
    ],
)
def test_the_invoice_number_is_not_the_customers(best, texts):
    """Nor that of a delivery note or a quote, in whatever order they stand."""
    assert best(FieldName.INVOICE_NUMBER, HEAD, *texts) == "F-17"


@pytest.mark.parametrize(
    "texts",
    [
        [(40, 100, "Facture n° F-17 du 03/03/2026"), (40, 114, "Votre commande n° PO-9 du 01/02/2026")],
        [(40, 100, "Date de commande 01/02/2026"), (40, 114, "Date de facture 03/03/2026")],
        [(40, 100, "Bestelldatum: 01.02.2026"), (40, 114, "Rechnungsdatum: 03.03.2026")],
        [(40, 100, "Order date 1 Feb 2026"), (40, 114, "Invoice date 3 Mar 2026"), (40, 128, "Due 2 Apr 2026")],
        [(350, 100, "Lyon, le 3 mars 2026"), (40, 300, "Période du 01/02/2026 au 28/02/2026")],
    ],
)
def test_the_issue_date_is_not_the_orders(best, texts):
    """Nor the end of a period or the day when it is due."""
    assert best(FieldName.ISSUE_DATE, HEAD, *texts) == date(2026, 3, 3)


def test_the_only_date_of_a_receipt_is_its_date_wherever_it_stands(propose):
    """Tills print it at the foot, without a label."""
    rows = [(40, 60, "BREAD & CO"), (40, 300, "TOTAL 4.20"), (40, 780, "18/03/2026 13:10 POS 2")]
    assert propose(FieldName.ISSUE_DATE, *rows)[0].score > LEAST_SCORE
    more = [*rows, (40, 790, "Exchange until 02/04/2026")]
    assert propose(FieldName.ISSUE_DATE, *more)[0].score < LEAST_SCORE


def test_order_number_and_invoice_number_are_told_apart(best):
    """Each is named by its own label."""
    page = [(40, 100, "Facture n° F-17"), (40, 114, "Votre commande : PO-9")]
    assert best(FieldName.INVOICE_NUMBER, *page) == "F-17"
    assert best(FieldName.PO_NUMBER, *page) == "PO-9"


def test_the_invoice_that_a_credit_note_corrects_is_not_its_own_number(best):
    """Both are numbers of invoices; the labels tell which is which."""
    page = [(40, 100, "Avoir n° AV-3"), (40, 128, "Annule la facture F-17")]
    assert best(FieldName.INVOICE_NUMBER, *page) == "AV-3"
    assert best(FieldName.PRECEDING_INVOICE, *page) == "F-17"


def test_an_amount_or_a_year_is_a_bad_invoice_number(best):
    """A table may put something else below the label."""
    assert best(FieldName.INVOICE_NUMBER, (40, 100, "Facture 2026"), (300, 100, "Facture n° 26-0017")) == "26-0017"


def test_the_number_at_the_head_beats_the_one_at_the_foot(propose):
    """The payment slip repeats it, and other invoices are mentioned low down."""
    options = propose(FieldName.INVOICE_NUMBER, (40, 100, "Facture n° F-17"), (40, 780, "Facture n° F-09"))
    assert [option.value for option in options] == ["F-17", "F-09"]
    assert options[0].score > options[1].score


def test_an_iban_needs_no_label_but_a_right_check_digit(propose):
    """The checksum is a witness; a wrong one speaks against the account."""
    right, wrong = "FR76 3000 6000 0112 3456 7890 189", "FR76 3000 6000 0112 3456 7890 188"
    (sure,) = propose(FieldName.IBAN, (40, 700, right))
    (unsure,) = propose(FieldName.IBAN, (40, 700, f"IBAN {wrong}"))
    assert sure.value == right.replace(" ", "")
    assert [e.supports for e in sure.evidence if e.kind is EvidenceKind.CHECKSUM] == [True]
    assert [e.supports for e in unsure.evidence if e.kind is EvidenceKind.CHECKSUM] == [False]
    assert sure.score > unsure.score


def test_an_iban_broken_over_two_lines_is_a_candidate(best):
    """As in a narrow box."""
    page = [(40, 700, "IBAN :"), (80, 700, "FR76 3000 6000 0112"), (80, 712, "3456 7890 189")]
    assert best(FieldName.IBAN, *page) == "FR7630006000011234567890189"


def test_a_bic_stands_beside_its_label(best):
    """Or below it, in a table of bank details."""
    assert best(FieldName.BIC, (40, 700, "IBAN FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP")) == "AGRIFRPP"
    assert best(FieldName.BIC, (40, 700, "IBAN"), (300, 700, "BIC"), (300, 714, "AGRIFRPP")) == "AGRIFRPP"


@pytest.mark.parametrize(
    ("texts", "currency"),
    [
        (["Total 120,00 €", "TVA 20,00 €"], "EUR"),
        (["Total CHF 120.00", "Contre-valeur 115,00 €", "MwSt CHF 9.00"], "CHF"),
        (["Total $120.00", "All prices in USD"], "USD"),
        (["Total 120.00"], None),
    ],
)
def test_the_currency_is_the_one_of_most_amounts(best, texts, currency):
    """A code counts more than a sign; without either it is unknown."""
    assert best(FieldName.CURRENCY, *((40, 100 + 20 * row, text) for row, text in enumerate(texts))) == currency


@pytest.mark.parametrize("source", [TextSource.TEXT_LAYER, TextSource.OCR])
def test_the_first_witness_is_the_reader(propose, source):
    """And the label that names the value is told in words."""
    (option,) = propose(FieldName.INVOICE_NUMBER, (40, 100, "Facture n° F-17"), source=source, confidence=0.9)
    assert option.evidence[0].kind == source.value
    assert option.evidence[0].detail == "0.90"
    assert any(e.kind is EvidenceKind.LABEL and "Facture n°" in e.detail for e in option.evidence)
    assert (option.page, option.raw) == (1, "F-17")


def test_equal_values_are_one_candidate_and_few_are_kept():
    """A value that is seen twice gains a little by it."""
    options = [Candidate(name=FieldName.PO_NUMBER, value=f"PO-{n % 8}", score=0.5 + n / 100) for n in range(9)]
    ranked = best_first(options)
    assert len(ranked) == KEPT
    assert ranked[0].value == "PO-0"
    assert ranked[0].score > 0.58
    assert any(e.kind is EvidenceKind.REPETITION for e in ranked[0].evidence)
    assert [option.value for option in ranked[1:3]] == ["PO-7", "PO-6"]


def test_a_page_without_words_has_no_candidates(page_of):
    """Every field is there, each with none."""
    assert set(propose_header(survey([page_of()])).values()) == {()}


def test_a_bic_beside_an_account_of_its_country_needs_no_label(best):
    """Of words in capitals that look like one, none is taken elsewhere."""
    account = (40, 700, "FR76 3000 6000 0112 3456 7890 189")
    assert best(FieldName.BIC, account, (40, 714, "AGRIFRPP")) == "AGRIFRPP"
    assert best(FieldName.BIC, account, (40, 714, "DEUTDEFF")) is None
    assert best(FieldName.BIC, account, (40, 100, "AGRIFRPP")) is None


@pytest.mark.parametrize(
    "rows",
    [
        [(40, 700, "Montant prélevé sur votre compte {iban}")],
        [
            (40, 688, "Le montant sera prélevé le 12/03/2026 en vertu du mandat signé sur le compte"),
            (40, 700, "{iban}"),
        ],
        [(40, 700, "Der Betrag wird von Ihrem Konto {iban} abgebucht")],
    ],
)
def test_an_account_that_is_to_be_debited_is_not_the_sellers(propose, rows):
    """It is the customer's: nothing is to be paid to it, whether its own row says so or the sentence before."""
    iban = "FR76 3000 6000 0112 3456 7890 189"
    assert propose(FieldName.IBAN, (40, 700, f"IBAN {iban}"))
    assert not propose(FieldName.IBAN, *((x, y, text.format(iban=iban)) for x, y, text in rows))
    assert propose(FieldName.IBAN, (40, 688, "Paiement par prélèvement"), (40, 700, f"IBAN {iban}"))


@pytest.mark.parametrize(
    "texts",
    [
        [(40, 100, "En déduction de la facture : F-16"), (40, 114, "Facture d'avoir n° F-17")],
        [(40, 100, "Nota di credito F-17"), (40, 114, "STORNO FATTURA N. F-16")],
        [(40, 100, "Correctiefactuur F-17"), (40, 114, "Correctie op factuur: F-16")],
        [(40, 100, "Abono n.º F-17"), (40, 114, "Abono de la factura: F-16")],
        [(40, 100, "Gutschrift Nr. F-17"), (40, 114, "Korrektur zu unserer Rechnung Nr. F-16")],
        [(40, 100, "Credit note no. F-17"), (40, 114, "This replaces our invoice no. F-16")],
        [(40, 100, "Facture n° F-17, en remplacement de la"), (40, 112, "facture F-16")],
    ],
)
def test_the_number_of_a_credited_invoice_is_another_ones(propose, texts):
    """It goes to the preceding invoice (BT-25), in whatever words it is named, also when a row ends in between."""
    assert next(iter(propose(FieldName.INVOICE_NUMBER, HEAD, *texts))).value == "F-17"
    assert [option.value for option in propose(FieldName.PRECEDING_INVOICE, HEAD, *texts)][:1] == ["F-16"]


def test_a_postal_code_beside_the_label_is_no_number(propose):
    """The column of the address begins with five figures on the row of the label."""
    found = propose(
        FieldName.INVOICE_NUMBER, HEAD, (40, 100, "Fattura N°"), (300, 100, "00184 Roma"), (40, 114, "F-17")
    )
    assert [option.value for option in found if option.value in ("00184", "F-17")] == ["F-17"]


def test_the_number_of_an_article_is_no_currency(best):
    """Articles are numbered "AUD-9799" for "audit", which is no dollar."""
    rows = [(40, 300 + 14 * n, f"AUD-979{n} Audit 100.00") for n in range(4)]
    assert best(FieldName.CURRENCY, HEAD, *rows, (40, 400, "All amounts in GBP 400.00")) == "GBP"


def test_the_date_of_an_order_is_not_the_invoices(best):
    """A bare "fecha" behind the number of the order dates the order."""
    order = (40, 140, "Según su pedido 4508259483 de fecha 11/2/2026.")
    assert str(best(FieldName.ISSUE_DATE, HEAD, (40, 100, "Valencia, 8/3/2026"), order)) == "2026-03-08"
