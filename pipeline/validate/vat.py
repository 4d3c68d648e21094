"""The VAT breakdown (BG-23) agrees with the totals and with its rates."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pipeline.validate.finding import CENT, Rule, error, say, warning
from schemas import FieldName, Finding, Invoice

WITHOUT_VAT = {
    "Z": "zero rated",
    "E": "exempt",
    "AE": "reverse charge",
    "K": "intra-Community supply",
    "G": "export",
    "O": "outside the scope of VAT",
}
"""UNCL 5305 codes under which no VAT is charged. Source: EN 16931, BR-Z-9, E-9, AE-9, IC-9, G-9, O-9."""


def vat_total(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """BR-CO-14: BT-110 is the sum of BT-117, to 0.01 a rate."""
    amounts, tax = [row.amount for row in invoice.vat_breakdown], invoice.totals.tax
    if not amounts or tax is None or None in amounts:
        return
    found = sum(filter(None, amounts), Decimal(0))
    if abs(found - tax) > CENT * len(amounts):
        message = f"The VAT amounts of the rates add up to {say(found)}, but the total VAT says {say(tax)}."
        yield error("vat-total", message, FieldName.TAX_TOTAL)


def vat_bases(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """The bases (BT-116) add up to the net total; a page may leave out the base of what bears no VAT."""
    bases, net = [row.base for row in invoice.vat_breakdown], invoice.totals.net
    if not bases or net is None or None in bases:
        return
    found = sum(filter(None, bases), Decimal(0))
    if abs(found - net) > CENT * len(bases):
        message = f"The bases of the VAT rates add up to {say(found)}, but the net total says {say(net)}."
        yield warning("vat-bases", message, FieldName.NET_TOTAL)


def vat_of_rate(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """BR-CO-17: BT-117 = BT-116 x BT-119 / 100, to 0.01 a line of that rate: many senders round each line."""
    for row in invoice.vat_breakdown:
        if row.base is None or row.rate is None or row.amount is None:
            continue
        lines = sum(line.tax_rate == row.rate for line in invoice.lines)
        expected = round(row.base * row.rate / 100, 2)
        if abs(expected - row.amount) > CENT * max(1, lines):
            message = (
                f"{row.rate.normalize():f} % of {say(row.base)} is {say(expected)}, but the VAT says {say(row.amount)}."
            )
            yield error("vat-of-rate", message, FieldName.TAX_TOTAL)


def no_vat_where_exempt(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """A category without VAT has no VAT amount."""
    for row in invoice.vat_breakdown:
        if row.category in WITHOUT_VAT and row.amount:
            reason = WITHOUT_VAT[row.category]
            message = f"The part that bears no VAT ({reason}) has {say(row.amount)} of VAT."
            yield error("vat-where-exempt", message, FieldName.TAX_TOTAL)


RULES: tuple[Rule, ...] = (vat_total, vat_bases, vat_of_rate, no_vat_where_exempt)
