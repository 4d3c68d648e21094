"""Values are compared by what they mean, not by how they are written."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measure.normalise import identifier, normalise, same
from schemas import FieldName


@pytest.mark.parametrize(
    ("name", "written", "normal"),
    [
        (FieldName.GROSS_TOTAL, "120.50", Decimal("120.5")),
        (FieldName.GROSS_TOTAL, "-0.00", Decimal(0)),
        (FieldName.ISSUE_DATE, "2026-03-01", date(2026, 3, 1)),
        (FieldName.IBAN, "FR76 3000-6000", "FR7630006000"),
        (FieldName.INVOICE_NUMBER, "fa/2026_001", "FA2026001"),
        (FieldName.CURRENCY, "eur", "EUR"),
        (FieldName.SELLER_NAME, "  Dupont &  Fils ", "dupont & fils"),
        (FieldName.SELLER_NAME, "", None),
        (FieldName.SELLER_NAME, None, None),
    ],
)
def test_a_value_has_one_normal_form(name: FieldName, written: str | None, normal: object) -> None:
    """Spaces, punctuation, case and trailing zeros make no difference."""
    assert normalise(name, written) == normal


@pytest.mark.parametrize("name", [FieldName.ISSUE_DATE, FieldName.GROSS_TOTAL])
def test_what_is_neither_date_nor_number_is_refused(name: FieldName) -> None:
    """A truth file with such a value has a mistake."""
    with pytest.raises((ValueError, ArithmeticError)):
        normalise(name, "soon")


def test_names_agree_by_their_words_and_identifiers_by_every_character() -> None:
    """A name may lack its legal form; an invoice number may not lack a digit."""
    assert same(FieldName.SELLER_NAME, "dupont sas", "sas dupont")
    assert same(FieldName.SELLER_NAME, "dupont", "dupont sas")
    assert not same(FieldName.SELLER_NAME, "dupont", "durand")
    assert not same(FieldName.INVOICE_NUMBER, "FA2026001", "FA202600")


@given(st.text(max_size=40))
def test_an_identifier_stays_as_it_is_once_normalised(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert identifier(identifier(text)) == identifier(text)
