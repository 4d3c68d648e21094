"""The currency and its decimals."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pipeline.validate import currency
from schemas import Finding, Invoice, Severity

Change = Callable[..., Invoice]


def findings(invoice: Invoice) -> list[Finding]:
    return [finding for rule in currency.RULES for finding in rule(invoice, date(2026, 3, 10))]


@pytest.mark.parametrize("code", ["EUR", "USD", "CHF", "SEK", "GBP", None])
def test_currencies_in_use_are_accepted(change: Change, code: str | None) -> None:
    """Legal tender of any country will do; a missing currency is another rule's business."""
    assert findings(change(currency=code)) == []


@pytest.mark.parametrize("code", ["FRF", "DEM", "EUE", "XYZ"])
def test_currency_not_in_use_is_an_error(change: Change, code: str) -> None:
    """The franc of 2001 and a misread code are no currencies of 2026."""
    (finding,) = findings(change(currency=code))
    assert (finding.rule, finding.severity) == ("unknown-currency", Severity.ERROR)


def test_currency_is_judged_by_the_issue_date(change: Change) -> None:
    """Croatia paid in kuna until 2022."""
    assert findings(change(currency="HRK", issue_date=date(2022, 5, 1))) == []
    assert findings(change(currency="HRK")) != []


def test_decimals_beyond_the_currency_are_a_warning(change: Change) -> None:
    """A yen has no decimals, a euro two."""
    assert findings(change(currency="JPY")) == []
    (finding,) = findings(change(currency="JPY", totals={"gross": Decimal("120.50")}))
    assert finding.message == "The gross total 120.50 has more decimals than JPY has."
    (finding,) = findings(change(totals={"tax": Decimal("20.005")}))
    assert finding.severity is Severity.WARNING
