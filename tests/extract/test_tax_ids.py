"""Tax and company identifiers are given to seller and buyer."""

import pytest

from pipeline.extract.candidates import survey
from pipeline.extract.parties import choose_parties, propose_parties
from pipeline.extract.tax_ids import UNLIKELY, propose_tax_ids
from schemas import EvidenceKind, FieldName

SELLER, BUYER = "Quincaillerie Martin SARL", "Boulangerie Petit SAS"
SELLER_VAT, BUYER_VAT = "FR44732829320", "FR40303265045"


@pytest.fixture
def identify(page_of):
    """The likely identifiers on a page, by field."""

    def found(*texts):
        sheet = survey([page_of(*texts)])
        parties = choose_parties(propose_parties(sheet))
        seller, buyer = (next(iter(parties[n]), None) for n in (FieldName.SELLER_NAME, FieldName.BUYER_NAME))
        proposals = propose_tax_ids(sheet, seller, buyer)
        return {
            name: options[0].value for name, options in proposals.items() if options and options[0].score >= UNLIKELY
        }

    return found


def address(x, y, name, *rest):
    return [(x, y + 12 * n, text) for n, text in enumerate((name, *rest))]


@pytest.mark.parametrize(
    "texts",
    [
        [
            *address(40, 40, SELLER, "69001 Lyon", "TVA FR 44 732 829 320"),
            *address(340, 140, BUYER, "38000 Grenoble", "TVA FR 40 303 265 045"),
        ],
        [
            *address(340, 40, "Client", BUYER, "38000 Grenoble", "N° TVA FR40303265045"),
            *address(40, 40, "Vendeur", SELLER, "69001 Lyon", "N° TVA FR44732829320"),
        ],
        [
            *address(40, 40, SELLER, "69001 Lyon"),
            *address(340, 140, BUYER, "38000 Grenoble"),
            (40, 250, "Votre n° de TVA : FR40303265045"),
            (40, 800, "SARL au capital de 10 000 € - N° TVA FR44732829320"),
        ],
    ],
    ids=["in the addresses", "under labels", "your VAT number"],
)
def test_the_buyers_vat_id_is_not_the_sellers(identify, texts):
    """It stands in the buyer's block, or is called yours."""
    found = identify(*texts)
    assert (found[FieldName.SELLER_VAT_ID], found[FieldName.BUYER_VAT_ID]) == (SELLER_VAT, BUYER_VAT)


def test_a_single_vat_id_without_a_block_is_the_sellers(identify):
    """The law makes the seller print it."""
    found = identify(*address(40, 40, SELLER, "69001 Lyon"), (40, 800, "TVA intracommunautaire FR44732829320"))
    assert found[FieldName.SELLER_VAT_ID] == SELLER_VAT
    assert FieldName.BUYER_VAT_ID not in found


def test_siret_and_siren_are_the_sellers_unless_they_stand_with_the_buyer(identify):
    """A professional buyer's SIRET is often printed too."""
    found = identify(
        *address(40, 40, SELLER, "69001 Lyon", "SIRET 732 829 320 00074"),
        *address(340, 140, "Client", BUYER, "38000 Grenoble", "SIRET 303 265 045 00006"),
        (40, 800, "RCS Lyon 732 829 320"),
    )
    assert found[FieldName.SELLER_SIRET] == "73282932000074"
    assert found[FieldName.SELLER_SIREN] == "732829320"


def test_nine_digits_by_chance_are_not_likely_a_siren(identify):
    """One phone number in ten has a right check digit."""
    assert FieldName.SELLER_SIREN not in identify(*address(40, 40, SELLER, "69001 Lyon"), (40, 300, "Lot 732829320"))


def test_a_british_vat_number_without_country_is_known_by_its_label(identify):
    """A number such as 980 7806 84 has no prefix to tell it by."""
    found = identify(*address(40, 40, "Martin Hardware Ltd", "London SW1A 1AA"), (40, 800, "VAT Reg No: 980 7806 84"))
    assert found[FieldName.SELLER_VAT_ID] == "980780684"


def test_a_wrong_check_digit_speaks_against_a_vat_id(page_of):
    """The evidence says so, and the rules will."""
    sheet = survey([page_of((40, 800, "N° TVA FR44732829321"))])
    option = propose_tax_ids(sheet, None, None)[FieldName.SELLER_VAT_ID][0]
    assert [e.supports for e in option.evidence if e.kind is EvidenceKind.CHECKSUM] == [False]


def test_a_page_without_words_has_no_identifiers(page_of):
    """All fields are there, without candidates."""
    assert set(propose_tax_ids(survey([page_of()]), None, None).values()) == {()}
