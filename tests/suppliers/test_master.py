"""Which supplier an invoice is of."""

import pytest

from pipeline.extract.candidates import survey
from pipeline.suppliers.master import (
    Contradiction,
    Key,
    Master,
    Match,
    by_name,
    find_on,
    find_supplier,
    mask_iban,
    named,
)
from pipeline.suppliers.model import UnknownSupplier
from schemas import FieldName
from tests.suppliers.conftest import NEW_IBAN, OTHER_IBAN, OTHER_VAT_ID, VAT_ID, option


@pytest.fixture
def master(martin, durand):
    return Master((martin, durand))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, Key.VAT_ID),
        ({"seller_vat_id": None, "seller_siret": "73282932000074"}, Key.SIREN),
        ({"seller_vat_id": None, "seller_name": "Mrtn"}, Key.IBAN),
        ({"seller_vat_id": None, "iban": NEW_IBAN}, Key.NAME),
        ({"seller_vat_id": None, "iban": None, "seller_name": "MARTIN OUTILLAGE"}, Key.NAME),
        ({"seller_vat_id": None, "iban": None, "seller_name": "Quincaillerle Martin S.A.R.L."}, Key.NAME),
    ],
)
def test_a_supplier_is_known_by_the_surest_key(master, martin, make_record, changes, key):
    """VAT id, SIREN (also inside a SIRET), account, then a name, an alias or a misread name."""
    match = find_supplier(make_record(**changes), master)
    assert isinstance(match, Match)
    assert (match.supplier, match.key) == (martin, key)
    assert match.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"iban": OTHER_IBAN},
        {"seller_vat_id": None, "seller_name": "Durand Transports"},
        {"seller_vat_id": OTHER_VAT_ID, "iban": None, "seller_name": "Quincaillerie Martin"},
        {"seller_vat_id": "DE136695976", "seller_name": "Nobody known"},
        {"seller_vat_id": "FR61954506077", "iban": None},
    ],
    ids=["account of another", "name of another", "VAT id of another", "foreign VAT id", "same name, other firm"],
)
def test_keys_of_different_suppliers_contradict(master, make_record, changes):
    """An invoice whose name, identifiers and account lead to different firms is nobody's."""
    found = find_supplier(make_record(**changes), master)
    assert isinstance(found, Contradiction)
    assert len(found.reasons) == 2


def test_an_unknown_supplier_is_not_found(master, make_record):
    """A firm that is not in the master, and whose name is like none, matches nobody."""
    record = make_record(seller_vat_id="FR61954506077", iban=None, seller_name="Plomberie du Rhône")
    assert find_supplier(record, master) is None


def test_a_vat_id_with_wrong_check_digits_counts_for_nothing(master, martin, make_record):
    """A misread VAT id does not contradict the account."""
    match = find_supplier(make_record(seller_vat_id="FR44732829321"), master)
    assert isinstance(match, Match)
    assert match.supplier == martin


def test_two_names_that_are_equally_like_name_nobody(martin):
    """A name that could be of two suppliers is not settled by chance."""
    twins = (martin.model_copy(update={"key": "A", "name": "Garage Nord 1"}), martin.model_copy(update={"key": "B", "name": "Garage Nord 2"}))  # fmt: skip  # noqa: E501
    assert by_name("Garage Nord", Master(twins)) is None


def test_a_factor_s_account_names_nobody_alone(martin, durand, make_record):
    """An account that several suppliers share does not tell them apart; the VAT id does."""
    shared = durand.model_copy(update={"ibans": martin.ibans})
    master = Master((martin, shared))
    unnamed = make_record(seller_vat_id=None, seller_name="Factor SA")
    assert find_supplier(unnamed, master) is None
    match = find_supplier(make_record(), master)
    assert isinstance(match, Match)
    assert match.supplier == martin


def test_candidates_name_their_supplier(master, martin, draw):
    """Before anything is chosen, the best candidates name the supplier."""
    proposals = {FieldName.SELLER_NAME: (option(FieldName.SELLER_NAME, "Martin Outillage"),)}
    match = find_on(survey(draw((40, 40, "Martin Outillage"))), proposals, master)
    assert match is not None
    assert match.supplier == martin


def test_an_identifier_on_the_page_names_its_supplier(master, martin, draw):
    """A logo has no name to read; the VAT id in the footer is enough."""
    proposals = {FieldName.SELLER_NAME: (option(FieldName.SELLER_NAME, "Facture"),)}
    match = find_on(survey(draw((40, 40, "Facture"), (40, 800, f"TVA {VAT_ID}"))), proposals, master)
    assert match is not None
    assert match.supplier == martin


def test_a_known_name_on_the_page_names_its_supplier(martin, draw):
    """A supplier without any identifier, whose name was not taken for the seller's; but never the buyer's name."""
    nameless = martin.model_copy(update={"vat_id": None, "siren": None, "ibans": ()})
    sheet = survey(draw((40, 40, "Sales invoice"), (40, 80, "Quincaillerie MARTIN SARL")))
    seller = (option(FieldName.SELLER_NAME, "Sales invoice"),)
    match = find_on(sheet, {FieldName.SELLER_NAME: seller}, Master((nameless,)))
    assert match is not None
    assert (match.supplier, match.key) == (nameless, Key.NAME)
    buyer = (option(FieldName.BUYER_NAME, "Quincaillerie Martin"),)
    assert find_on(sheet, {FieldName.SELLER_NAME: seller, FieldName.BUYER_NAME: buyer}, Master((nameless,))) is None


def test_identifiers_of_two_suppliers_on_a_page_name_nobody(master, draw):
    """Memory keeps out of what is contradictory; the buyer's own identifier does not count."""
    sheet = survey(draw((40, 700, f"TVA {VAT_ID}"), (40, 750, f"TVA {OTHER_VAT_ID}")))
    assert find_on(sheet, {}, master) is None
    buyer = {FieldName.BUYER_VAT_ID: (option(FieldName.BUYER_VAT_ID, OTHER_VAT_ID),)}
    match = find_on(sheet, buyer, master)
    assert match is not None
    assert match.reason == f"VAT id {VAT_ID}"


@pytest.mark.parametrize("name", ["F001", VAT_ID, "732 829 320", "quincaillerie martin"])
def test_an_operator_names_a_supplier_as_he_likes(master, martin, name):
    """Key, VAT id, SIREN and whole name all do."""
    assert named(name, master.suppliers) == martin


def test_a_name_of_nobody_is_an_error(master):
    """The message repeats the name."""
    with pytest.raises(UnknownSupplier, match="Dupont"):
        named("Dupont", master.suppliers)


def test_an_account_is_shown_masked():
    """Country, check digits and bank, and the last four."""
    assert mask_iban("FR76 3000 6000 0112 3456 7890 189") == "FR76 3000 … 0189"
