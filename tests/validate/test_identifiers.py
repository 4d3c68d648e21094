"""Check digits and cross-checks of identifiers."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.validate import identifiers
from pipeline.validate.identifiers import plain, siren_in_vat_id, valid_vat_id
from schemas import Finding, Invoice, Severity

Change = Callable[..., Invoice]


def findings(invoice: Invoice) -> list[Finding]:
    return [finding for rule in identifiers.RULES for finding in rule(invoice, date(2026, 3, 10))]


def rules(invoice: Invoice) -> dict[str, Severity]:
    return {finding.rule: finding.severity for finding in findings(invoice)}


@pytest.mark.parametrize(
    "number",
    [
        "FR 44 732 829 320",
        "DE136695976",
        "ATU13585627",
        "BE0428759497",
        "NL004495445B01",
        "ESA13585625",
        "IT00743110157",
        "EL094259216",
        "SE556188840401",
        "XI432525179",
        "EU372022452",
        "GB 980 7806 84",
        "CHE-107.787.577 IVA",
        "CHE-107.787.577",
        "NO995525828MVA",
        "NO 995 525 828",
    ],
)
def test_valid_vat_ids_of_europe(number: str) -> None:
    """EU members, Northern Ireland, Great Britain, Switzerland and Norway, however they are written."""
    assert valid_vat_id(number) is True


@pytest.mark.parametrize("number", ["FR45732829320", "DE136695977", "GB980780685", "CHE107787578", "NO995525829MVA"])
def test_wrong_check_digits_are_found(number: str) -> None:
    """One wrong digit is enough."""
    assert valid_vat_id(number) is False


@pytest.mark.parametrize("number", ["US12-3456789", "", "123456789", "Ä"])
def test_other_countries_are_not_judged(number: str) -> None:
    """What no rule is known for is neither right nor wrong."""
    assert valid_vat_id(number) is None


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_changed_digit_breaks_a_siren(position: int, by: int) -> None:
    """Every single misread digit of a SIREN is noticed."""
    digits = [int(digit) for digit in "732829320"]
    digits[position] = (digits[position] + by) % 10
    wrong = "".join(map(str, digits))
    invoice = Invoice.model_validate({"seller": {"siren": wrong}})
    assert rules(invoice) == {"siren": Severity.ERROR}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"payment": {"iban": "FR7630006000011234567890188"}}, {"iban": Severity.ERROR}),
        ({"payment": {"iban": "FR763000600001123456789018"}}, {"iban": Severity.ERROR}),
        ({"payment": {"iban": None}}, {}),
        ({"payment": {"bic": "AGRIFR"}}, {"bic": Severity.WARNING}),
        ({"payment": {"bic": "AGRIRERX"}}, {}),
        ({"payment": {"bic": "COBADEFF"}}, {"bic-country": Severity.WARNING}),
        ({"seller": {"siret": "73282932000075"}}, {"siret": Severity.ERROR}),
        ({"seller": {"siret": "30326504500011"}}, {"siret-siren": Severity.ERROR}),
        ({"seller": {"siren": None, "siret": None}}, {}),
        ({"seller": {"vat_id": "FR45732829320"}}, {"seller-vat-id": Severity.ERROR}),
        ({"seller": {"vat_id": "US123456789"}}, {"vat-id-unchecked": Severity.INFO}),
        ({"buyer": {"vat_id": "FR41303265045"}}, {"buyer-vat-id": Severity.WARNING}),
        ({"buyer": {"vat_id": "fr 44732829320"}}, {"same-party": Severity.ERROR}),
    ],
)
def test_each_identifier_is_judged(change: Change, changes: dict[str, object], expected: dict[str, Severity]) -> None:
    """IBAN and seller weigh as errors, BIC and buyer as warnings."""
    assert rules(change(**changes)) == expected


def test_vat_id_of_another_company_is_an_error(change: Change) -> None:
    """A French VAT id ends with the SIREN; a right one of another company was read from the wrong place."""
    invoice = change(seller={"vat_id": "FR40303265045"}, buyer={"vat_id": None})
    (finding,) = findings(invoice)
    assert finding.message == "The VAT id FR40303265045 belongs to SIREN 303265045, not to 732829320."


def test_la_poste_has_a_rule_of_its_own(change: Change) -> None:
    """La Poste's SIRETs do not follow Luhn."""
    assert rules(change(seller={"siren": "356000000", "siret": "35600000049837", "vat_id": None})) == {}


def test_monaco_has_no_siren() -> None:
    """A VAT id of Monaco begins with FR and has no SIREN inside."""
    assert siren_in_vat_id("FR 44 732 829 320") == "732829320"
    assert siren_in_vat_id("FR53000004605") is None
    assert siren_in_vat_id(None) is None


def test_plain_identifier_is_letters_and_digits() -> None:
    """Spaces, dots and slashes do not count."""
    assert plain(" fr76-3000.6 ") == "FR7630006"
    assert plain(None) == ""
