"""Exact sums of an invoice by EN 16931 (BR-CO-10 to BR-CO-17)."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from pipeline.posting.adjustment import Adjustment
from schemas import InvoiceLine, Totals, VatBreakdown

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

Rate = tuple[str, Decimal]
"""VAT category code (UNCL 5305) and rate in per cent."""


def cents(value: Decimal) -> Decimal:
    """Rounded half up to two decimals, as commerce does."""
    return value.quantize(CENT, ROUND_HALF_UP)


def breakdown_of(lines: Iterable[InvoiceLine], adjustments: Iterable[Adjustment]) -> tuple[VatBreakdown, ...]:
    """The VAT breakdown (BG-23): BT-116 by category and rate, BT-117 = BT-116 x BT-119.

    Lines that include VAT give gross sums; their base is gross / (1 + rate), and base + VAT is the gross again.
    """
    sums: dict[Rate, Decimal] = {}
    gross = False
    for line in lines:
        gross |= line.includes_tax
        _add(sums, (str(line.tax_category), line.tax_rate or ZERO), line.net_amount or ZERO)
    for adjustment in adjustments:
        _add(sums, (adjustment.category, adjustment.rate), adjustment.signed)
    rows = []
    for (category, rate), total in sorted(sums.items(), key=lambda item: -item[0][1]):
        base = cents(total / (1 + rate / 100)) if gross else total
        amount = total - base if gross else cents(base * rate / 100)
        rows.append(VatBreakdown(category=category, rate=rate, base=base, amount=amount))
    return tuple(rows)


def totals_of(
    lines: Sequence[InvoiceLine],
    adjustments: Sequence[Adjustment],
    breakdown: Sequence[VatBreakdown],
    prepaid: Decimal = ZERO,
    rounding: Decimal = ZERO,
) -> Totals:
    """The document totals (BG-22). Sums of lines are left out when the lines include VAT."""
    gross_prices = any(line.includes_tax for line in lines)
    net = sum((row.base or ZERO for row in breakdown), ZERO)
    tax = sum((row.amount or ZERO for row in breakdown), ZERO)
    allowances = sum((a.amount for a in adjustments if not a.is_charge), ZERO)
    charges = sum((a.amount for a in adjustments if a.is_charge), ZERO)
    return Totals(
        lines=None if gross_prices else sum((line.net_amount or ZERO for line in lines), ZERO),
        allowances=allowances or None,
        charges=charges or None,
        net=net,
        tax=tax,
        gross=net + tax,
        prepaid=prepaid or None,
        rounding=rounding or None,
        due=net + tax - prepaid + rounding,
    )


def swiss_rounding(amount: Decimal) -> Decimal:
    """What brings an amount to the next 0.05 franc."""
    step = Decimal("0.05")
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step - amount


def _add(sums: dict[Rate, Decimal], rate: Rate, amount: Decimal) -> None:
    sums[rate] = sums.get(rate, ZERO) + amount
