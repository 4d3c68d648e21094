"""Texts of an e-invoice become typed values."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.einvoice.values import document_type, read_currency, read_date, read_decimal
from schemas import DocumentType


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100", "100"),
        ("100.00", "100.00"),
        (" -12.50 ", "-12.50"),
        ("158.1250000000", "158.125"),
        ("0.000000000", "0.00"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0.12345678", "0.123457"),
        ("+3", "3"),
    ],
)
def test_decimals_keep_what_counts(text: str, expected: str) -> None:
    """Zeros beyond two decimals go, real decimals stay, up to six."""
    assert str(read_decimal(text)) == expected


@pytest.mark.parametrize("text", ["", "1,5", "1 000", "1e5", "NaN", "INF", "1_000", "١", "--1", "1" * 13, "9" * 200])
def test_other_notations_are_refused(text: str) -> None:
    """XML knows one notation; another may mean another number."""
    with pytest.raises(ValueError):  # noqa: PT011 (any message)
        read_decimal(text)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=6))
def test_every_decimal_is_read_as_it_is(number: Decimal) -> None:
    """Writing a number and reading it gives the number."""
    assert read_decimal(f"{number:f}") == number


@pytest.mark.parametrize(
    "text", ["2026-03-02", "20260302", "202603021530", "2026-03-02Z", "2026-03-02+01:00", "2026-03-02T00:00:00"]
)
def test_dates_of_both_syntaxes(text: str) -> None:
    """UBL writes ISO dates, CII writes year, month and day in a row."""
    assert read_date(text) == date(2026, 3, 2)


@pytest.mark.parametrize("text", ["", "20260230", "2026-13-01", "02.03.2026", "260302", "202603"])
def test_impossible_and_ambiguous_dates_are_refused(text: str) -> None:
    """A day that does not exist or another order of day and month is not guessed."""
    with pytest.raises(ValueError):  # noqa: PT011 (any message)
        read_date(text)


def test_currency_is_a_code() -> None:
    """Three letters, also in lower case; a sign is no code."""
    assert read_currency(" eur ") == "EUR"
    with pytest.raises(ValueError, match="currency"):
        read_currency("€")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("380", DocumentType.INVOICE),
        ("751", DocumentType.INVOICE),
        ("381", DocumentType.CREDIT_NOTE),
        ("261", DocumentType.CREDIT_NOTE),
        ("384", DocumentType.CORRECTED_INVOICE),
        ("386", DocumentType.PREPAYMENT_INVOICE),
        ("389", DocumentType.SELF_BILLED_INVOICE),
        ("325", DocumentType.PROFORMA),
        ("220", DocumentType.OTHER),
        ("XYZ", DocumentType.OTHER),
    ],
)
def test_document_types_of_untdid_1001(code: str, expected: DocumentType) -> None:
    """Each code gives its type; an order (220) or an unknown code is no invoice."""
    assert document_type(code) is expected
