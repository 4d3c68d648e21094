"""Seller and buyer are told apart."""

import pytest

from pipeline.extract.candidates import survey
from pipeline.extract.parties import choose_parties, propose_parties
from schemas import FieldName

SELLER, BUYER = "Quincaillerie Martin SARL", "Boulangerie Petit"
BODY = (
    (40, 300, "Facture n° F-17 du 03/03/2026"),
    (40, 400, "Total TTC 120,00 €"),
    (40, 430, "Merci de votre confiance"),
)


@pytest.fixture
def parties(page_of):
    """The names of seller and buyer on a page."""

    def found(*texts, **options):
        proposals = choose_parties(propose_parties(survey([page_of(*texts, *BODY, **options)])))
        names = (FieldName.SELLER_NAME, FieldName.BUYER_NAME)
        return tuple(proposals[name][0].value if proposals[name] else None for name in names)

    return found


def address(x, y, name, *rest):
    return [(x, y + 12 * n, text) for n, text in enumerate((name, *rest))]


def test_the_seller_heads_the_page_and_the_buyer_has_the_address_window(parties):
    """No label at all: the place tells."""
    assert parties(
        *address(40, 40, SELLER, "3 rue Haute", "69001 Lyon", "Tél. 04 78 00 00 00"),
        *address(340, 140, BUYER, "8 place du Marché", "38000 Grenoble"),
    ) == (SELLER, BUYER)


@pytest.mark.parametrize(
    "label", ["Facturé à :", "Bill to:", "Rechnungsempfänger:", "Facturar a:", "Spett.le", "Factuuradres:", "Client"]
)
def test_the_buyer_is_named_by_a_label_above(parties, label):
    """In six languages, even when it stands left of and above the seller."""
    assert parties(
        *address(40, 120, label, BUYER, "8 place du Marché", "38000 Grenoble"),
        *address(340, 120, SELLER, "3 rue Haute", "69001 Lyon", "SIRET 732 829 320 00074"),
    ) == (SELLER, BUYER)


def test_both_are_named_by_labels(parties):
    """Whatever the order, and on the label's own row."""
    assert parties(
        (40, 60, "Client : Boulangerie Petit"), (40, 100, "Vendeur : Quincaillerie Martin SARL")
    ) == (SELLER, BUYER)  # fmt: skip


@pytest.mark.parametrize("address_text", ["www.quincaillerie-martin.fr", "contact@quincaillerie-martin.fr"])
def test_the_seller_is_known_by_its_web_or_mail_address(parties, address_text):
    """The name that the domain spells is the seller's, although the other one heads the page."""
    assert parties(
        *address(40, 60, BUYER, "8 place du Marché", "38000 Grenoble"),
        *address(340, 60, "Quincaillerie Martin", "3 rue Haute", "69001 Lyon"),
        (40, 800, address_text),
    ) == ("Quincaillerie Martin", BUYER)


def test_a_mail_provider_is_nobodys_name(parties):
    """The Orange shop is not the seller because the seller's mail is at orange.fr."""
    seller, _ = parties(
        *address(40, 40, SELLER, "3 rue Haute", "69001 Lyon", "martin@orange.fr"),
        *address(340, 140, "Orange", "8 place du Marché", "38000 Grenoble"),
    )
    assert seller == SELLER


def test_the_senders_line_of_a_german_window_is_the_seller(parties):
    """DIN 5008: a small line with name and address above the address of the buyer."""
    assert parties(
        (60, 130, "Werkzeug Maier GmbH · Bahnhofstraße 3 · 80331 München", 7),
        *address(60, 148, "Bäckerei Klein", "Hauptstraße 8", "50667 Köln"),
    ) == ("Werkzeug Maier GmbH", "Bäckerei Klein")


def test_the_ship_to_address_is_not_the_seller(parties):
    """A third address confuses nobody."""
    assert parties(
        *address(40, 40, "Martin Hardware Ltd", "3 High Street", "London SW1A 1AA"),
        *address(40, 140, "Bill to", "Petit Bakery Ltd", "8 Market Place", "Leeds LS1 1UR"),
        *address(340, 140, "Ship to", "Petit Warehouse Ltd", "1 Dock Road", "Hull HU1 1UU"),
    ) == ("Martin Hardware Ltd", "Petit Bakery Ltd")


def test_the_legal_line_at_the_foot_names_the_seller(parties):
    """A logo cannot be read; the name with its legal form stands in the foot."""
    seller, buyer = parties(
        *address(340, 140, "Client", BUYER, "38000 Grenoble"),
        (40, 800, "Quincaillerie Martin SARL au capital de 10 000 € - SIRET 732 829 320 00074 - RCS Lyon"),
    )
    assert (seller, buyer) == (SELLER, BUYER)


@pytest.mark.parametrize("title", ["FACTURE", "INVOICE", "Rechnung", "TAX INVOICE", "Page 1/1", "Date : 03/03/2026"])
def test_a_title_is_no_name(parties, title):
    """However large it is printed."""
    assert parties(
        (340, 30, title, 20),
        *address(40, 40, SELLER, "3 rue Haute", "69001 Lyon"),
        *address(340, 140, BUYER, "8 place du Marché", "38000 Grenoble"),
    ) == (SELLER, BUYER)


def test_one_name_is_not_both_parties(parties):
    """Where only one party can be found, the other stays unknown rather than doubled."""
    seller, buyer = parties(*address(40, 40, SELLER, "3 rue Haute"), (40, 800, SELLER))
    assert seller == SELLER
    assert buyer != SELLER


def test_a_short_word_in_a_sentence_is_no_label(parties):
    """The words "pour" and "to" name a buyer only alone or before a colon."""
    assert parties(
        *address(40, 40, SELLER, "3 rue Haute", "69001 Lyon"),
        *address(340, 140, BUYER, "8 place du Marché", "38000 Grenoble"),
        (40, 250, "Pour tout renseignement"),
    ) == (SELLER, BUYER)


def test_a_page_without_words_names_nobody(page_of):
    """Both fields are there, without candidates."""
    assert propose_parties(survey([page_of()])) == {FieldName.SELLER_NAME: (), FieldName.BUYER_NAME: ()}


def test_a_block_with_the_customers_vat_id_is_the_buyers(parties):
    """Even at the head of the page, where the seller usually stands."""
    assert parties(
        *address(40, 40, BUYER + " SARL", "8 place du Marché", "38000 Grenoble", "TVA client : FR 44 732829320"),
        *address(340, 40, SELLER, "3 rue Haute", "69001 Lyon"),
    ) == (SELLER, BUYER + " SARL")


def test_a_heading_in_two_languages_is_no_name(parties):
    """ "Client / Bill-to" announces the buyer, the first row below it is the name."""
    assert parties(
        *address(40, 40, SELLER, "3 rue Haute", "69001 Lyon", "SIRET 732 829 320 00074"),
        *address(340, 140, "Client / Opdrachtgever", BUYER, "8 place du Marché", "38000 Grenoble"),
    ) == (SELLER, BUYER)


def test_a_company_stands_below_the_person_it_is_addressed_through(parties):
    """The name with the legal form is the buyer, not the person above it."""
    assert parties(
        *address(40, 40, SELLER, "3 rue Haute", "69001 Lyon", "SIRET 732 829 320 00074"),
        *address(340, 140, "Jeanne Roux", "Boulangerie Petit SAS", "8 place du Marché", "38000 Grenoble"),
    ) == (SELLER, "Boulangerie Petit SAS")


@pytest.mark.parametrize("separator", [", ", ".- ", " .· ", "- "])
def test_what_follows_the_legal_form_and_a_separator_is_no_part_of_the_name(parties, separator):
    """An address on the same row, after a mark that was read as it may be; and a legal form alone names nobody."""
    seller, _ = parties(
        (40, 780, "Sarl au capital de 10 000 €"),
        (40, 800, f"Papeterie Garnier SAS{separator}Bâtiment C"),
        (300, 100, "Client SARL"),
        (300, 112, "1 rue Haute"),
        (300, 124, "75001 Paris"),
    )
    assert seller == "Papeterie Garnier SAS"


@pytest.mark.parametrize("bank", ["Istituto Banca Popolare", "Banque Populaire du Nord", "Nordische Handelsbank"])
def test_the_bank_is_not_the_seller(parties, bank):
    """Where a shop's plain name stands on the page, the name of the bank to pay through is not taken for it."""
    seller, _ = parties((40, 60, "Ortofrutta Garda"), (40, 72, "info@ortofruttagarda.it"), (40, 700, bank))
    assert seller == "Ortofrutta Garda"


@pytest.mark.parametrize("name", ["Rizzo Telefonia S.p.A.", "Télécom Duval SARL", "Phonetic Systems Ltd"])
def test_a_company_whose_trade_is_the_telephone_has_a_name(parties, name):
    """Such words are no contact row and no label."""
    seller, _ = parties(
        *address(40, 40, name, "138 rue Haute", "69001 Lyon", "Telefono 072 3397352"),
        *address(340, 140, BUYER, "8 place du Marché", "38000 Grenoble"),
    )
    assert seller == name


@pytest.mark.parametrize("row", ["{}, Stationsplein 124, 2312 AA Leiden", "{}, 12 rue Haute, 69001 Lyon"])
def test_the_address_on_the_row_of_a_name_is_no_part_of_it(parties, row):
    """Also where the street comes before the number, and no legal form ends the name."""
    name = "Dekker Adviseurs"
    places = [(40, 40, row.format(name)), (40, 60, "info@dekkeradviseurs.nl")]
    assert parties(*places, *address(340, 140, BUYER, "8 place du Marché", "38000 Grenoble"))[0] == name


def test_the_legal_name_on_the_senders_line_is_the_seller(parties):
    """A trade name above it, which the web address bears, is another name of the same party (BT-28)."""
    seller, _ = parties(
        (40, 40, "Optimhum", 18),
        (40, 62, "Fontvieille & Fils SARL · 108 route de Paris · 92100 Boulogne-Billancourt · France"),
        (40, 76, "info@optimhum.fr · www.optimhum.fr"),
        *address(340, 140, BUYER, "8 place du Marché", "38000 Grenoble"),
    )
    assert seller == "Fontvieille & Fils SARL"
