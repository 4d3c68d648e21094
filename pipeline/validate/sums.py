"""The totals of EN 16931 add up: BR-CO-10, 13, 15 and 16, with a tolerance of 0.01 (for lines: 0.01 a line).

EN 16931 reads an absent allowance, charge or prepayment as zero; a scanned page may merely not name it. So a
difference that an unnamed amount could explain gives a warning, any other an error.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pipeline.validate.finding import CENT, Rule, error, info, say, warning
from schemas import DocumentType, FieldName, Finding, Invoice, InvoiceLine

ZERO = Decimal(0)
COIN = Decimal("0.05")
"""The smallest coin where cash is rounded."""
HIGHEST_VAT = Decimal(30)
"""Per cent; the highest rate in Europe is 27 (Hungary)."""


def sum_of_lines(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """BR-CO-10: BT-106 is the sum of BT-131. Lines printed with VAT are compared without it."""
    stated = invoice.totals.lines
    amounts = [_without_tax(line) for line in invoice.lines]
    found = _sum(amounts)
    if stated is None or found is None:
        return
    printed = _sum([line.net_amount for line in invoice.lines])
    tolerance = CENT * len(amounts)
    if not any(_same(invoice, total, stated, tolerance) for total in (found, printed) if total is not None):
        message = f"The lines add up to {say(found)}, but their stated sum is {say(stated)}."
        yield error("sum-of-lines", message, FieldName.LINES_TOTAL)


def lines_make_net(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Where no sum of lines is stated: the lines less allowances plus charges are the net total (BT-109)."""
    totals, net = invoice.totals, invoice.totals.net
    found = _sum([_without_tax(line) for line in invoice.lines])
    if totals.lines is not None or net is None or found is None:
        return
    expected = found - (totals.allowances or ZERO) + (totals.charges or ZERO)
    if not _same(invoice, expected, net, CENT * len(invoice.lines)):
        message = f"The lines make {say(expected)}, but the net total says {say(net)}."
        yield warning("lines-net-total", message, FieldName.NET_TOTAL)


def net_total(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """BR-CO-13: BT-109 = BT-106 - BT-107 + BT-108."""
    totals = invoice.totals
    if totals.lines is None or totals.net is None or any(line.includes_tax for line in invoice.lines):
        return
    expected = totals.lines - (totals.allowances or ZERO) + (totals.charges or ZERO)
    if _same(invoice, expected, totals.net, CENT):
        return
    terms = _terms(expected, Lines=totals.lines, minus_allowances=totals.allowances, plus_charges=totals.charges)
    message = f"{terms}, but the net total says {say(totals.net)}."
    complete = totals.allowances is not None or totals.charges is not None
    yield (error if complete else warning)("net-total", message, FieldName.NET_TOTAL, FieldName.LINES_TOTAL)


def gross_total(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """BR-CO-15: BT-112 = BT-109 + BT-110. A till prints the total after rounding, which BT-114 then tells."""
    net, tax, gross = invoice.totals.net, invoice.totals.tax, invoice.totals.gross
    if net is None or tax is None or gross is None or abs(net + tax - gross) <= CENT:
        return
    if abs(net + tax + _cash_rounding(invoice) - gross) <= CENT:
        return
    message = f"Net {say(net)} + VAT {say(tax)} is {say(net + tax)}, but the total says {say(gross)}."
    yield error("gross-total", message, FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL)


def _cash_rounding(invoice: Invoice) -> Decimal:
    """BT-114 where the total is one that can be paid in coins of five cents, so that it may be rounded already."""
    rounding, gross = invoice.totals.rounding, invoice.totals.gross
    is_cash = rounding is not None and gross is not None and abs(rounding) < COIN and gross % COIN == 0
    return rounding if is_cash and rounding is not None else ZERO


def amount_due(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """BR-CO-16: BT-115 = BT-112 - BT-113 + BT-114. Nothing due and no prepayment named: already paid."""
    totals = invoice.totals
    if totals.due is None or totals.gross is None:
        return
    before = totals.gross - (totals.prepaid or ZERO)
    expected = before + (totals.rounding or ZERO)
    if _same(invoice, expected, totals.due, CENT) or (
        _cash_rounding(invoice) and _same(invoice, before, totals.due, CENT)
    ):
        return
    if totals.due == 0:
        yield info("paid", "Nothing is due: the invoice seems to be paid already.", FieldName.AMOUNT_DUE)
        return
    terms = _terms(expected, Total=totals.gross, minus_paid=totals.prepaid, plus_rounding=totals.rounding)
    message = f"{terms}, but the amount due says {say(totals.due)}."
    complete = totals.prepaid is not None
    yield (error if complete else warning)("amount-due", message, FieldName.AMOUNT_DUE)


def vat_share(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """VAT is at most `HIGHEST_VAT` per cent of the net total."""
    net, tax = invoice.totals.net, invoice.totals.tax
    if net is None or tax is None:
        return
    if abs(tax) > abs(net) * HIGHEST_VAT / 100 + CENT:
        message = f"VAT {say(tax)} is more than {HIGHEST_VAT} % of the net total {say(net)}."
        yield error("vat-share", message, FieldName.TAX_TOTAL, FieldName.NET_TOTAL)


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    """The sum, or None without amounts or when one is unknown."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if known and len(known) == len(amounts) else None


def _terms(result: Decimal, **amounts: Decimal | None) -> str:
    terms = [f"{name.replace('_', ' ')} {say(amount)}" for name, amount in amounts.items() if amount]
    return terms[0] if len(terms) == 1 else f"{' '.join(terms)} is {say(result)}"


def _without_tax(line: InvoiceLine) -> Decimal | None:
    if line.net_amount is None or not line.includes_tax:
        return line.net_amount
    return None if line.tax_rate is None else line.net_amount / (1 + line.tax_rate / 100)


def _same(invoice: Invoice, one: Decimal, other: Decimal, tolerance: Decimal) -> bool:
    # a credit note may print some of its amounts positive and others negative
    if invoice.doc_type is DocumentType.CREDIT_NOTE:
        one, other = abs(one), abs(other)
    return abs(one - other) <= tolerance


RULES: tuple[Rule, ...] = (sum_of_lines, lines_make_net, net_total, gross_total, amount_due, vat_share)
