from random import Random

from hypothesis import given
from hypothesis import strategies as st
from stdnum import bic, iban
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren, siret, tva
from stdnum.gb import vat as gb_vat

from samples.company import make_company
from samples.identifiers import grouped

seeds = st.integers(0, 10**6)


@given(seeds)
def test_a_french_company_has_valid_numbers_that_belong_together(seed: int) -> None:
    """SIREN, SIRET and VAT id of a French company pass their check digits and hold the same SIREN."""
    party = make_company(Random(seed), "fr", "FR").party
    assert siren.is_valid(str(party.siren))
    assert siret.is_valid(str(party.siret))
    assert siret.to_siren(str(party.siret)) == party.siren
    assert tva.is_valid(str(party.vat_id))
    assert tva.to_siren(str(party.vat_id)) == party.siren


@given(seeds, st.sampled_from(["BE", "DE", "AT", "IE"]))
def test_vat_ids_of_other_countries_are_valid(seed: int, country: str) -> None:
    """VAT ids of the European Union pass their country's check."""
    language = {"BE": "fr", "IE": "en"}.get(country, "de")
    assert eu_vat.is_valid(str(make_company(Random(seed), language, country).party.vat_id))


@given(seeds)
def test_british_vat_ids_are_valid(seed: int) -> None:
    """British VAT ids pass modulus 97."""
    assert gb_vat.is_valid(str(make_company(Random(seed), "en", "GB").party.vat_id))


@given(seeds, st.sampled_from(["fr", "en", "de"]))
def test_accounts_have_valid_iban_and_bic(seed: int, language: str) -> None:
    """An account's IBAN passes mod 97-10 and its country's own check, its BIC has the right form."""
    account = make_company(Random(seed), language).account
    if account is not None:
        assert iban.is_valid(account.iban, check_country=True)
        assert bic.is_valid(account.bic)


def test_a_sole_trader_bears_a_name_and_no_vat_id() -> None:
    """A French micro-entreprise is a person without VAT id but with a SIRET."""
    company = make_company(Random(1), "fr", "FR", sole_trader=True)
    assert company.party.vat_id is None
    assert siret.is_valid(str(company.party.siret))


def test_grouping_repeats_the_last_size() -> None:
    """The last group size goes on to the end, the rest stands alone."""
    assert grouped("FR7630004", 4) == "FR76 3000 4"
    assert grouped("12345678900012", 3, 3, 3, 5) == "123 456 789 00012"
