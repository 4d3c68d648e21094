from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from samples.notation import NARROW, NO_BREAK, Notation, make_notation

FRENCH = Notation("fr", "FR", NARROW, ",", "symbol", False, False, "d MMMM y", NO_BREAK, False, 0)
GERMAN = Notation("de", "DE", ".", ",", "code", False, True, "dd.MM.yy", NO_BREAK, True, 2)
BRITISH = Notation("en", "GB", ",", ".", "symbol", True, False, "dd/MM/y", "", False, 0)


@pytest.mark.parametrize(
    ("notation", "currency", "amount", "printed"),
    [
        (FRENCH, "EUR", "1234.56", f"1{NARROW}234,56{NO_BREAK}€"),
        (FRENCH, "EUR", "-5", f"-5,00{NO_BREAK}€"),
        (GERMAN, "EUR", "1234567.80", f"1.234.567,80{NO_BREAK}EUR"),
        (GERMAN, "EUR", "-12", f"12,00-{NO_BREAK}EUR"),
        (BRITISH, "GBP", "1234.5", "£1,234.50"),
        (BRITISH, "GBP", "-1", "-£1.00"),
        (replace(BRITISH, currency_form=""), "GBP", "1", "1.00"),
    ],
)
def test_amounts_are_written_as_the_country_does(notation: Notation, currency: str, amount: str, printed: str) -> None:
    """Thousands, decimal sign, currency and minus stand where the notation puts them."""
    assert notation.money(Decimal(amount), currency) == printed


@pytest.mark.parametrize(
    ("notation", "printed"), [(FRENCH, "3 mars 2026"), (GERMAN, "03.03.26"), (BRITISH, "03/03/2026")]
)
def test_dates_follow_the_pattern(notation: Notation, printed: str) -> None:
    """Dates are written in the supplier's pattern and language."""
    assert notation.date(date(2026, 3, 3)) == printed


def test_rates_and_quantities_keep_what_they_need() -> None:
    """A rate of 5.5 keeps its decimal; a quantity shows as many decimals as it has."""
    assert FRENCH.percent(Decimal("5.5")) == f"5,5{NO_BREAK}%"
    assert GERMAN.percent(Decimal("19")) == f"19,00{NO_BREAK}%"
    assert FRENCH.quantity(Decimal("12")) == "12"
    assert FRENCH.quantity(Decimal("0.125")) == "0,125"


def test_an_american_writes_the_month_first() -> None:
    """No American date pattern starts with the day."""
    for seed in range(50):
        assert make_notation(Random(seed), "en", "US").date_pattern[0] == "M"
