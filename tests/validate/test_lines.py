"""Each line adds up."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.validate import lines
from schemas import Invoice, InvoiceLine, Severity

TODAY = date(2026, 3, 10)


def line(**values: str) -> InvoiceLine:
    return InvoiceLine.model_validate(values)


@pytest.mark.parametrize(
    "good",
    [
        line(quantity="2", unit_price="10.00", net_amount="20.00"),
        line(quantity="2", unit_price="10.00", discount="1.50", charge="0.50", net_amount="19.00"),
        line(quantity="250", unit_price="4.00", price_base_quantity="100", net_amount="10.00"),
        # the sender repeats the quantity as base quantity
        line(quantity="6", unit_price="1.65", price_base_quantity="6", net_amount="9.90"),
        # 1000 pieces at 0.333..., printed as 0.33
        line(quantity="1000", unit_price="0.33", net_amount="333.33"),
        line(quantity="-2", unit_price="10.00", net_amount="20.00"),
        line(quantity="2", unit_price="10.00"),
        line(net_amount="20.00"),
    ],
)
def test_line_that_fits_has_no_finding(change: Callable[..., Invoice], good: InvoiceLine) -> None:
    """Quantity, price, base quantity, discount, charge and rounding of the price are taken into account."""
    assert list(lines.line_amounts(change(lines=(good,)), TODAY)) == []


def test_line_that_does_not_fit_is_a_warning_with_its_figures(change: Callable[..., Invoice]) -> None:
    """The clerk sees which line and which figures."""
    good = line(quantity="1", unit_price="5.00", net_amount="5.00")
    bad = line(quantity="2", unit_price="10.00", price_base_quantity="5", discount="1", charge="2", net_amount="25")
    (finding,) = lines.line_amounts(change(lines=(good, bad)), TODAY)
    assert finding.severity is Severity.WARNING
    assert finding.message == "Line 2: 2 at 10.00 for 5 less 1.00 plus 2.00, but the line says 25.00."
