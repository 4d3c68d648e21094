"""The VAT of a coded invoice as tax lines: with taxes of Tryton where it has them, so that they are declared."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline.posting.coding.taxes import HOME, UNION, country_of
from pipeline.posting.tryton.chart import SERVICES, Chart, Tax
from pipeline.posting.tryton.rpc import Row
from schemas.posting import CodedLine, CodedTax, PostingOrder

REVERSED = frozenset(("AE", "K", "G"))
"""UNCL 5305: the buyer owes the tax, and deducts it."""
INSIDE, OUTSIDE = "intracommunautaire", "hors communaut"
"""What is in the name of a reverse charge of Tryton's French chart, by where the seller is."""


class Vat(NamedTuple):
    """What the lines of an invoice are given, and its tax lines."""

    of_lines: Mapping[CodedLine, int]
    rows: list[Row]


def vat_of(order: PostingOrder, chart: Chart, issued: date) -> Vat:
    """Each tax in one of two ways. Raises TargetRefused.

    Where a tax of Tryton, or a pair of a reverse charge, has the rate and the account, and stands on the sum of the
    lines of that rate, the lines get that tax and the amount is set as printed, for Tryton's own may differ by a cent.
    All else is entered by hand.
    """
    taxes = [tax for tax in order.coding.taxes if tax.amount]
    of_lines: dict[CodedLine, int] = {}
    known: dict[CodedTax, Tax] = {}
    for tax in taxes:
        mine = _lines_of(tax, order.coding.lines)
        if _is_base(mine, tax.base) and (found := _known(tax, taxes, mine, order, chart, issued)):
            known[tax] = found
            of_lines |= dict.fromkeys(mine, found.top)
    return Vat(of_lines, [_row(tax, known.get(tax), chart) for tax in taxes])


def _lines_of(tax: CodedTax, lines: Sequence[CodedLine]) -> list[CodedLine]:
    """What a tax stands on. Under a reverse charge the invoice has no rate."""
    if tax.category in REVERSED:
        return [line for line in lines if line.tax_category == tax.category]
    return [line for line in lines if (line.tax_category, line.tax_rate) == (tax.category, tax.rate)]


def _is_base(lines: list[CodedLine], base: Decimal) -> bool:
    """Tryton keeps what is added and what is taken off apart: a base of both signs would be two."""
    nets = [line.net for line in lines]
    return sum(nets, Decimal(0)) == base and (min(nets) >= 0 or max(nets) < 0) if nets else False


def _known(
    tax: CodedTax, taxes: Sequence[CodedTax], lines: Sequence[CodedLine], order: PostingOrder, chart: Chart, day: date
) -> Tax | None:
    services = all(line.account.startswith(SERVICES) for line in lines)
    if tax.category not in REVERSED:
        return chart.tax(tax.rate, chart.account(tax.account), day, services)
    both = [one for one in taxes if (one.category, one.rate, one.base) == (tax.category, tax.rate, tax.base)]
    if len(both) != 2 or sum(one.amount for one in both) != 0 or not (word := _scope(order)):
        return None
    deducted, due = sorted(both, key=lambda one: one.amount * one.base, reverse=True)
    accounts = chart.account(deducted.account), chart.account(due.account)
    pair = chart.reversal(tax.rate, accounts, day, word, services)
    return pair and (pair.deducted if tax is deducted else pair.due)


def _scope(order: PostingOrder) -> str:
    """A reverse charge between French companies is declared as VAT on sales, and has no tax in Tryton's chart."""
    country = country_of(order.record.invoice())
    if country in (None, HOME):
        return ""
    return INSIDE if country in UNION else OUTSIDE


def _row(tax: CodedTax, known: Tax | None, chart: Chart) -> Row:
    row: Row = {"base": tax.base, "amount": tax.amount, "manual": known is None}
    if known is None:
        account = chart.account(tax.account).id
        return row | {"account": account, "description": f"TVA {tax.rate.normalize():f} %"}
    account = known.account if tax.base >= 0 else known.credit_account
    return row | {"account": account, "tax": known.id, "description": known.description}
