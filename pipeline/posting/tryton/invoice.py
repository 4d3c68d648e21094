"""A coded invoice as Tryton's values: a supplier invoice with its lines and its VAT to the cent."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline.posting.tryton.chart import Chart
from pipeline.posting.tryton.parties import Party
from pipeline.posting.tryton.rpc import Row
from pipeline.posting.tryton.vat import vat_of
from schemas import FieldName
from schemas.posting import CodedLine, PostingOrder


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
    vat = vat_of(order, chart, issued)
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
    lines = [_line(line, chart, vat.of_lines.get(line), company, currency) for line in coding.lines]
    header |= {"lines": [["create", lines]], "taxes": [["create", vat.rows]]}
    return Draft(header, (net, tax, net + tax))


def description_of(order: PostingOrder) -> str:
    """What stands in the ledger: whose invoice it is, and our reference, by which it is found again."""
    name, number = order.record.value(FieldName.SELLER_NAME) or order.key.seller, order.key.number
    return f"{name[:60]} {number} [{order.key.reference}]"


def _line(line: CodedLine, chart: Chart, tax: int | None, company: int, currency: int) -> Row:
    """The sign is the quantity's, as in credit notes that Tryton makes itself."""
    return {
        "type": "line",
        "company": company,
        "currency": currency,
        "invoice_type": "in",
        "account": chart.account(line.account).id,
        "description": line.label,
        "quantity": -1.0 if line.net < 0 else 1.0,
        "unit_price": abs(line.net),
        "taxes": [["add", [tax]]] if tax else [],
        **_centre(line, chart),
    }


def _centre(line: CodedLine, chart: Chart) -> Row:
    """The cost centre: an analytic account where Tryton keeps such, else a note that nothing reckons with."""
    if line.cost_centre is None:
        return {}
    if chart.centres is None:
        return {"note": f"Centre: {line.cost_centre}"}
    centre = chart.centre(line.cost_centre)
    return {"analytic_accounts": [["create", [{"root": centre.root, "account": centre.id}]]]}
