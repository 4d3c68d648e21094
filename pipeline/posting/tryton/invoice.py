"""A coded invoice as Tryton's values: a supplier invoice with its lines and its VAT to the cent."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline.posting.tryton.chart import SERVICES, Account, Chart, Tax
from pipeline.posting.tryton.parties import Party
from pipeline.posting.tryton.rpc import Row
from schemas import FieldName
from schemas.posting import CodedLine, CodedTax, PostingOrder

REVERSED = frozenset(("AE", "K", "G"))
"""UNCL 5305: the buyer owes the tax. It is booked on both accounts, without one of Tryton's taxes."""


class Draft(NamedTuple):
    """The values of an invoice that is to be made."""

    values: Row
    totals: tuple[Decimal, Decimal, Decimal]
    """Net, VAT and gross, in the invoice's currency."""


def draft_of(order: PostingOrder, chart: Chart, party: Party, company: int, currency: int) -> Draft:
    """All values of the invoice, so that it is made in one transaction or not at all. Raises TargetRefused.

    Tryton is told the totals as well (`source_…`) and refuses to post when its own differ.
    """
    record, coding = order.record, order.coding
    issued: date = record.value(FieldName.ISSUE_DATE)
    taxes = _Taxes(coding.lines, coding.taxes, chart, issued)
    net, tax = sum((line.net for line in coding.lines), Decimal(0)), sum((t.amount for t in coding.taxes), Decimal(0))
    payable = chart.supplier_account(coding.supplier_account)
    header: Row = {
        "type": "in",
        "company": company,
        "party": party.id,
        "invoice_address": party.address,
        "account": payable.id if payable else party.payable,
        "journal": chart.journal,
        "currency": currency,
        "invoice_date": issued,
        "payment_term_date": record.value(FieldName.DUE_DATE) or issued,
        "reference": record.value(FieldName.INVOICE_NUMBER),
        "description": description_of(order),
        "source_untaxed_amount": net,
        "source_tax_amount": tax,
        "source_total_amount": net + tax,
    }
    lines = [_line(line, chart, taxes.of_line(line), company, currency) for line in coding.lines]
    header |= {"lines": [["create", lines]], "taxes": [["create", taxes.rows()]]}
    return Draft(header, (net, tax, net + tax))


def description_of(order: PostingOrder) -> str:
    """What stands in the ledger: whose invoice it is, and our reference, by which it is found again."""
    name, number = order.record.value(FieldName.SELLER_NAME) or order.key.seller, order.key.number
    return f"{name[:60]} {number} [{order.key.reference}]"


class _Taxes:
    """The VAT of an invoice, each rate in one of two ways.

    Where a tax of Tryton has the rate and the account, and stands on the sum of the lines of that rate, the lines get
    that tax and the amount is set as printed, for Tryton's own may differ by a cent. All else is entered by hand.
    """

    def __init__(self, lines: tuple[CodedLine, ...], taxes: tuple[CodedTax, ...], chart: Chart, issued: date) -> None:
        self._chart = chart
        self._taxes = [tax for tax in taxes if tax.amount]
        self._by_line: dict[CodedLine, Tax] = {}
        self._known: dict[CodedTax, Tax] = {}
        for tax in self._taxes:
            mine = [line for line in lines if (line.tax_category, line.tax_rate) == (tax.category, tax.rate)]
            services = bool(mine) and all(line.account.startswith(SERVICES) for line in mine)
            known = chart.tax(tax.rate, chart.account(tax.account), issued, services)
            if known and tax.category not in REVERSED and _is_base(mine, tax.base):
                self._known[tax] = known
                self._by_line |= dict.fromkeys(mine, known)

    def of_line(self, line: CodedLine) -> list[int]:
        """The taxes that Tryton computes on a line."""
        return [self._by_line[line].top] if line in self._by_line else []

    def rows(self) -> list[Row]:
        """The tax lines of the invoice."""
        return [self._row(tax, self._known.get(tax)) for tax in self._taxes]

    def _row(self, tax: CodedTax, known: Tax | None) -> Row:
        row: Row = {"base": tax.base, "amount": tax.amount, "manual": known is None}
        if known is None:
            return row | {
                "account": self._chart.account(tax.account).id,
                "description": f"TVA {tax.rate.normalize():f} %",
            }
        account = known.account if tax.base >= 0 else known.credit_account
        return row | {"account": account, "tax": known.id, "description": known.description}


def _is_base(lines: list[CodedLine], base: Decimal) -> bool:
    """Tryton keeps what is added and what is taken off apart: a base of both signs would be two."""
    nets = [line.net for line in lines]
    return sum(nets, Decimal(0)) == base and (min(nets) >= 0 or max(nets) < 0) if nets else False


def _line(line: CodedLine, chart: Chart, taxes: list[int], company: int, currency: int) -> Row:
    """The sign is the quantity's, as in credit notes that Tryton makes itself."""
    account: Account = chart.account(line.account)
    return {
        "type": "line",
        "company": company,
        "currency": currency,
        "invoice_type": "in",
        "account": account.id,
        "description": line.label,
        "note": f"Centre: {line.cost_centre}" if line.cost_centre else None,
        "quantity": -1.0 if line.net < 0 else 1.0,
        "unit_price": abs(line.net),
        "taxes": [["add", taxes]] if taxes else [],
    }
