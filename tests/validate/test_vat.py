"""The VAT breakdown."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pipeline.validate import vat
from schemas import Finding, Invoice, InvoiceLine, Severity, VatBreakdown

TODAY = date(2026, 3, 10)
Change = Callable[..., Invoice]


def findings(invoice: Invoice) -> list[Finding]:
    return [finding for rule in vat.RULES for finding in rule(invoice, TODAY)]


def row(rate: str, base: str | None, amount: str | None, category: str = "S") -> VatBreakdown:
    return VatBreakdown(category=category, rate=rate, base=base and Decimal(base), amount=amount and Decimal(amount))


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ((row("20", "50", "10"), row("20", "50", "10")), []),
        ((row("20", "100", "20"), row("0", "0", "0", "E")), []),
        ((row("20", "100", None),), []),
        ((row("20", None, "20"),), []),
        ((row("20", "90", "18"), row("20", "10", "2.01")), []),
        ((row("20", "100", "25"),), ["vat-total", "vat-of-rate"]),
        ((row("10", "100", "20"),), ["vat-of-rate"]),
        ((row("20", "90", "18"),), ["vat-total", "vat-bases"]),
        ((row("0", "100", "20", "AE"),), ["vat-of-rate", "vat-where-exempt"]),
        ((), []),
    ],
)
def test_breakdown_is_held_against_rates_and_totals(
    change: Change, rows: tuple[VatBreakdown, ...], rules: list[str]
) -> None:
    """Amounts against the total VAT, bases against net, amount against base times rate, none where exempt."""
    assert [finding.rule for finding in findings(change(vat_breakdown=rows))] == rules


def test_base_left_out_of_the_breakdown_is_a_warning(change: Change) -> None:
    """A page may print the taxed part only."""
    rows = (row("20", "90", "20"),)
    assert {f.rule: f.severity for f in findings(change(vat_breakdown=rows))}["vat-bases"] is Severity.WARNING


def test_vat_rounded_line_by_line_is_accepted(change: Change) -> None:
    """Three lines of one rate may be rounded three times."""
    rows, line = (row("20", "100", "20.03"),), InvoiceLine(tax_rate=Decimal(20))
    assert [f.rule for f in findings(change(vat_breakdown=rows, lines=(line,)))] == ["vat-total", "vat-of-rate"]
    assert [f.rule for f in findings(change(vat_breakdown=rows, lines=(line,) * 3))] == ["vat-total"]


def test_message_says_the_figures(change: Change) -> None:
    """A clerk sees rate, base, what it makes and what the document says."""
    messages = [finding.message for finding in findings(change(vat_breakdown=(row("5.50", "100", "20"),)))]
    assert messages == ["5.5 % of 100.00 is 5.50, but the VAT says 20.00."]
