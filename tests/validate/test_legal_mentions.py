"""The mentions of French law: reported where neither the record nor the page has them, and only there."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.settings import ReadingSettings, Settings
from pipeline.understand import understand
from pipeline.validate.legal_mentions import DUE, SHOWN, check_legal_mentions, mentions
from schemas import (
    Box,
    Field,
    FieldName,
    InvoiceLine,
    MediaType,
    Page,
    Record,
    Severity,
    TextSource,
    VatBreakdown,
    Word,
)

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
TRUTH = {line["file"]: line for line in map(json.loads, (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines())}

COMPLETE = """
Quincaillerie Martin SARL
12 rue des Tanneurs
69003 Lyon
SIRET 732 829 320 00074  TVA FR44 732829320
Facture n° F-2026-17 du 02/10/2026
Boulangerie Petit SAS
3 place du Marché
35000 Rennes
SIREN : 303 265 045
Adresse de livraison : 8 rue du Port 44000 Nantes
Date de livraison : 28/09/2026
Catégorie de l'opération : livraison de biens
Désignation  Qté  P.U. HT  TVA  Total HT
Vis à bois  10  100,00  20 %  1 000,00
Total HT 1 000,00
TVA 20 % 200,00
Total TTC 1 200,00
Échéance : 01/11/2026
En cas de retard de paiement, une pénalité de 3 fois le taux d'intérêt légal sera appliquée,
ainsi qu'une indemnité forfaitaire pour frais de recouvrement de 40 €. Pas d'escompte pour paiement anticipé.
Option pour le paiement de la taxe d'après les débits
SARL au capital de 7 500 € - R.C.S. Lyon 732 829 320
"""

VALUES = {
    FieldName.DOC_TYPE: "invoice",
    FieldName.INVOICE_NUMBER: "F-2026-17",
    FieldName.ISSUE_DATE: date(2026, 10, 2),
    FieldName.DUE_DATE: date(2026, 11, 1),
    FieldName.DELIVERY_DATE: date(2026, 9, 28),
    FieldName.SELLER_NAME: "Quincaillerie Martin SARL",
    FieldName.SELLER_VAT_ID: "FR44732829320",
    FieldName.SELLER_SIREN: "732829320",
    FieldName.BUYER_NAME: "Boulangerie Petit SAS",
    FieldName.NET_TOTAL: Decimal(1000),
    FieldName.TAX_TOTAL: Decimal(200),
    FieldName.GROSS_TOTAL: Decimal(1200),
}


def record(**changes):
    """The record of the complete invoice with other values; None takes one away."""
    rows = changes.pop("vat_breakdown", ())
    lines = changes.pop("lines", ())
    values = VALUES | {FieldName(name): value for name, value in changes.items()}
    fields = {name: Field(name=name, value=value) for name, value in values.items() if value is not None}
    return Record(fields=fields, vat_breakdown=rows, lines=lines, pages=(1,), language="fr")


def page(text, source=TextSource.TEXT_LAYER, confidence=1.0):
    """Each line of the text as a row of words."""
    words = [
        Word(
            text=part,
            box=Box(x0=60 * column, y0=14 * row, x1=60 * column + 50, y1=14 * row + 10),
            confidence=confidence,
            source=source,
        )
        for row, line in enumerate(text.splitlines())
        for column, part in enumerate(line.split())
    ]
    return Page(number=1, width=900, height=1200, words=tuple(words), source=source)


def missing(text, notes=(), source=TextSource.TEXT_LAYER, **changes):
    """What is reported of a page with that text, without the common beginning of the rules' names."""
    findings = check_legal_mentions(record(**changes), [page(text, source)], notes)
    return {finding.rule.removeprefix("legal-") for finding in findings}


def without(*starts):
    """The complete invoice without the lines that begin so."""
    return "\n".join(line for line in COMPLETE.splitlines() if not line.startswith(starts))


def test_nothing_is_missing_on_a_complete_invoice():
    """Every mention is found in the fields or in the words."""
    assert missing(COMPLETE) == set()


NO_RATE = COMPLETE.replace("de 3 fois le taux d'intérêt légal", "de retard").replace("20 %", "")


@pytest.mark.parametrize(
    ("text", "changes", "rule"),
    [
        (COMPLETE.replace("n° F", "F"), {"invoice_number": None}, "number"),
        (re.sub(r"\d\d/\d\d/\d{4}", "", COMPLETE), {"issue_date": None}, "issue-date"),
        (without("69003", "35000", "Adresse"), {}, "seller"),
        (without("35000", "Adresse"), {}, "buyer"),
        (without("Date de livraison", "Adresse", "Catégorie"), {"delivery_date": None}, "delivery-date"),
        (without("Désignation"), {}, "quantity"),
        (without("Désignation"), {}, "unit-price"),
        (without("Échéance"), {"due_date": None}, "due-date"),
        (without("En cas de retard"), {}, "late-payment-rate"),
        (
            NO_RATE,
            {},
            "late-payment-rate",
        ),
        (without("ainsi qu'une"), {}, "recovery-fee"),
        (without("ainsi qu'une"), {}, "early-payment"),
        (COMPLETE.replace("TVA FR44 732829320", ""), {"seller_vat_id": None}, "seller-vat-id"),
        (COMPLETE.replace("20 %", ""), {}, "vat-rate"),
        (COMPLETE, {"tax_total": Decimal(0)}, "exemption"),
        (without("SIRET", "SIREN", "SARL"), {"seller_siren": None, "seller_vat_id": None}, "siren"),
        (COMPLETE.replace("R.C.S. Lyon", ""), {}, "register"),
        (COMPLETE.replace("SARL", "").replace("SAS", ""), {"seller_name": "Quincaillerie Martin"}, "form"),
        (without("SARL au capital"), {}, "share-capital"),
        (without("SIREN"), {}, "buyer-siren"),
        (COMPLETE.replace("8 rue du Port 44000 Nantes", "voir ci-dessous"), {}, "delivery-address"),
        (without("Catégorie"), {}, "category"),
        (COMPLETE.replace("Option pour le paiement de la taxe", "TVA acquittée"), {}, "vat-on-debits"),
        (COMPLETE + "\nTVA due par le preneur, art. 283-2 du CGI", {"tax_total": Decimal(0)}, "reverse-charge"),
        (COMPLETE, {"doc_type": "self_billed_invoice"}, "self-billing"),
        (COMPLETE + "\nFacture établie par le client au nom et pour le compte du vendeur", {}, "self-billing"),
        (COMPLETE + "\nTVA sur la marge", {}, "margin-scheme"),
    ],
)
def test_what_is_not_printed_is_reported(text, changes, rule):
    """One mention is taken away; its rule speaks, never as an error, and names the law."""
    findings = check_legal_mentions(record(**changes), [page(text)])
    (found,) = [finding for finding in findings if finding.rule == f"legal-{rule}"]
    assert found.severity in {Severity.INFO, Severity.WARNING}
    assert "art." in found.message


def test_every_rate_needs_its_sums():
    """Lines with two rates, and a VAT breakdown with one."""
    lines = tuple(InvoiceLine(net_amount=Decimal(500), tax_rate=Decimal(rate)) for rate in (20, 10))
    rows = tuple(VatBreakdown(rate=Decimal(rate), base=Decimal(500), amount=Decimal(rate * 5)) for rate in (20, 10))
    assert "vat-per-rate" in missing(COMPLETE, lines=lines, vat_breakdown=rows[:1])
    assert "vat-per-rate" not in missing(COMPLETE, lines=lines, vat_breakdown=rows)


def test_an_invoice_to_another_country_names_both_vat_ids():
    """An intra-Community supply without the buyer's VAT id; with it nothing is missing, nor is a French SIREN."""
    text = without("SIREN") + "\nExonération de TVA, art. 262 ter I du CGI"
    changes = {"tax_total": Decimal(0)}
    assert {"buyer-vat-id", "buyer-siren"} <= missing(text, **changes)
    assert not {"buyer-vat-id", "buyer-siren", "exemption"} & missing(text + "\nUSt-IdNr. DE 123456789", **changes)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("Intérêts de retard : 12 % l'an", "late-payment-rate"),
        ("pénalités au taux BCE majoré de 10 points", "late-payment-rate"),
        ("Late payment penalty: three times the legal interest rate", "late-payment-rate"),
        ("Penalités de retard (trois fois le taux légal)", "late-payment-rate"),
        ("frais de recouvrement : quarante euros", "recovery-fee"),
        ("Indemnité de 40€ (D441-5)", "recovery-fee"),
        ("Escompte : néant", "early-payment"),
        ("Aucune remise en cas de paiement anticipé", "early-payment"),
    ],
)
def test_a_mention_may_be_worded_in_many_ways(said, rule):
    """What the law asks for is the thing, not the words."""
    text = without("En cas de retard", "ainsi qu'une")
    assert rule in missing(text)
    assert rule not in missing(f"{text}\n{said}")


def test_bad_print_hides_no_mention():
    """OCR that loses accents, letters and spaces."""
    text = COMPLETE.replace("pénalité", "pénalilé").replace("indemnité forfaitaire", "indernnite forfailaire")
    text = text.replace("frais de recouvrement", "frais derecouvrernent").replace("intérêt légal", "intérét Iégal")
    assert missing(text, source=TextSource.OCR) == set()


def test_lost_spaces_hide_no_mention():
    """Some text layers have none between words."""
    text = COMPLETE.replace("frais de recouvrement de 40 €", "fraisderecouvrementde 40 €")
    assert missing(text.replace("paiement anticipé", "paiementanticipé")) == set()


def test_a_text_beside_the_page_counts():
    """An e-invoice may hold the terms in a note."""
    text = without("En cas de retard", "ainsi qu'une")
    notes = ("Pénalités : 3 fois le taux légal. Frais de recouvrement : 40 EUR.", "Pas d'escompte.")
    assert missing(text, notes) == set()


def test_a_credit_note_is_not_paid():
    """What is said of paying does not concern it."""
    text = without("En cas de retard", "ainsi qu'une", "Échéance", "Date de livraison", "Désignation")
    assert missing(text, doc_type="credit_note", due_date=None, delivery_date=None) == set()


def test_the_mentions_of_2026_are_asked_for_from_then_on():
    """Decree 2022-1299 is in force since September 2026."""
    text = without("SIREN", "Catégorie")
    assert missing(text, issue_date=date(2026, 9, 1)) == {"buyer-siren", "category"}
    assert missing(text, issue_date=date(2026, 8, 31)) == set()
    assert missing(text, issue_date=None) == set(), "the date is printed, but was not read"


def test_a_small_invoice_needs_no_vat_id():
    """Up to 150 EUR without VAT."""
    text = COMPLETE.replace("TVA FR44 732829320", "")
    small = {"net_total": Decimal(150), "tax_total": Decimal(30), "seller_vat_id": None}
    assert missing(text, **small) == set()


@pytest.mark.parametrize(
    "kind", ["quote", "order", "proforma", "delivery_note", "statement", "reminder", "other", None]
)
def test_nothing_is_said_of_what_is_no_invoice(kind):
    """Nor of what is not known to be one."""
    assert missing("Devis " * 40, doc_type=kind) == set()


@pytest.mark.parametrize(
    ("vat_id", "siren", "text", "expected"),
    [
        ("FR44732829320", None, "mot " * 40, True),
        (None, "732829320", "mot " * 40, True),
        (None, None, "Martin 12 rue des Tanneurs 69003 Lyon " + "mot " * 40, True),
        (None, None, "Martin Hauptstr. 3 10115 Berlin USt-IdNr. DE123456789 " + "mot " * 40, False),
        ("DE136695976", None, "mot " * 40, False),
        (None, None, "mot " * 40, False),
        ("FR44732829320", None, "mot " * 10, False),
    ],
)
def test_only_a_readable_invoice_of_a_french_seller_is_checked(vat_id, siren, text, expected):
    """Known by VAT id, SIREN or address; a handful of words is no readable page."""
    found = missing(text, seller_name="Martin", seller_vat_id=vat_id, seller_siren=siren)
    assert bool(found) == expected


def test_a_page_that_is_read_badly_proves_nothing():
    """Words that OCR hardly believes itself."""
    assert check_legal_mentions(record(), [page("mot " * 40, TextSource.OCR, 0.3)]) == ()


def test_an_invoice_without_a_page_is_not_checked():
    """An e-invoice alone is judged by the rules of EN 16931."""
    assert check_legal_mentions(record(), []) == ()


def test_the_file_names_only_what_the_module_knows():
    """Conditions and proofs exist, and each is used."""
    assert {mention.due for mention in mentions()} == set(DUE)
    assert {mention.shown for mention in mentions()} - {""} == set(SHOWN)
    assert Severity.ERROR not in {mention.severity for mention in mentions()}
    assert len({mention.rule for mention in mentions()}) == len(mentions())


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("native-fr-1.pdf", {"late-payment-rate", "recovery-fee", "early-payment"}),
        ("native-fr-3.pdf", set()),
        ("sums-fr.pdf", {"late-payment-rate", "recovery-fee", "share-capital"}),
        ("quote-fr.pdf", set()),
        ("native-en-1.pdf", set()),
    ],
)
def test_what_a_printed_page_lacks_is_found(file, expected):
    """Seen by eye on the samples."""
    (draft,) = understand(SAMPLES / file, MediaType.PDF, Settings(reading=ReadingSettings(ignore_xml=True)))
    found = {each.rule.removeprefix("legal-") for each in draft.findings if each.rule.startswith("legal-")}
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.text(max_size=14), max_size=60),
    source=st.sampled_from(TextSource),
    kind=st.sampled_from(["invoice", "credit_note", "self_billed_invoice"]),
    tax=st.sampled_from([None, Decimal(0), Decimal(200)]),
    name=st.none() | st.text(min_size=1, max_size=20),
)
def test_no_words_upset_it(words, source, kind, tax, name):
    """Whatever a page says, there are findings and none of them is an error."""
    findings = check_legal_mentions(
        record(doc_type=kind, tax_total=tax, seller_name=name, seller_vat_id=None),
        [page(" ".join(words) + " mot" * 30, source)],
    )
    assert all(finding.severity is not Severity.ERROR for finding in findings)
