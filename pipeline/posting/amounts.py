"""What is bought and what is taxed, in amounts that make the total with VAT to the cent; pure.

Both the coding and the e-invoices rest on it. Credit notes come out positive, whatever signs the page prints.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from pipeline.errors import PostingError
from pipeline.extract.rates import VAT_RATES
from pipeline.posting.adjustment import Adjustment
from schemas import DocumentType, Invoice, InvoiceLine, Totals, VatBreakdown

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
COIN = Decimal("0.05")
"""So much may the total differ from net and VAT: what a till rounds to (BT-114)."""
STANDARD = "S"


class NotBookable(PostingError):
    """Its amounts do not make the total with VAT, or one of them is unknown."""

    code = "not-bookable"
    remedy = "Correct the totals, the VAT breakdown or the lines in the review."


@dataclass(frozen=True)
class Share:
    """A part of the net total: an invoice line, or all of a VAT rate where the lines do not add up."""

    net: Decimal
    category: str | None
    rate: Decimal
    label: str
    texts: tuple[str, ...]
    """The descriptions of what was bought."""
    line: InvoiceLine | None = None


@dataclass(frozen=True)
class Split:
    """Shares and adjustments are the bases; bases, VAT and rounding are the total with VAT (BT-112)."""

    shares: tuple[Share, ...]
    adjustments: tuple[Adjustment, ...]
    taxes: tuple[VatBreakdown, ...]
    rounding: Decimal
    gross: Decimal
    by_rate: bool
    """True when there are no lines that add up to the bases."""


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to two decimals, as commerce does."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def apportion(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in cents, cut up by weights; the cents that rounding leaves go to the greatest weight."""
    whole = sum(weights, Decimal(0))
    if not whole:
        return [amount, *[ZERO] * (len(weights) - 1)]
    parts = [cents(amount * weight / whole) for weight in weights]
    parts[_greatest(weights)] += amount - sum(parts, Decimal(0))
    return parts


def split(invoice: Invoice) -> Split:
    """The invoice in shares and taxes.

    Prices with VAT are netted. Where lines are missing, or differ from the VAT bases by more than a cent a line and
    than the stated allowances and charges, each VAT rate is one share. Raises NotBookable.
    """
    try:
        whole = _positive(invoice)
        totals, rounding = _totals(whole)
        taxes = _tax_rows(whole, totals)
        found = _by_line(whole, taxes, totals)
    except ArithmeticError as error:  # a rate of -100 %, a number of twenty digits
        raise NotBookable("Its amounts cannot be reckoned with.") from error
    shares, adjustments = found or (tuple(_of_rate(whole, row) for row in taxes), ())
    return Split(shares, adjustments, taxes, rounding, _known(totals.gross), by_rate=found is None)


def is_negative(invoice: Invoice) -> bool:
    """Whether it is booked the other way round: what is owed becomes less."""
    return invoice.doc_type is DocumentType.CREDIT_NOTE


def _positive(invoice: Invoice) -> Invoice:
    """A credit note with positive sums: totals, breakdown and lines may each be printed with either sign."""
    if not is_negative(invoice):
        return invoice
    totals, rows, lines = invoice.totals, invoice.vat_breakdown, invoice.lines
    if (totals.gross or totals.net or ZERO) < 0:
        stated = totals.model_dump(exclude_none=True)
        signed = {"allowances", "charges", "prepaid"}  # these are positive on any paper, or negative with the rest
        turned = {name: abs(value) if name in signed else -value for name, value in stated.items()}
        totals = Totals(**turned)
    if sum((row.base or ZERO for row in rows), ZERO) < 0:
        rows = tuple(row.model_copy(update=_turned(row, "base", "amount")) for row in rows)
    if sum((line.net_amount or ZERO for line in lines), ZERO) < 0:
        lines = tuple(_positive_line(line) for line in lines)
    return invoice.model_copy(update={"totals": totals, "vat_breakdown": rows, "lines": lines})


def _positive_line(line: InvoiceLine) -> InvoiceLine:
    """The line with its amount turned round; the quantity follows it, so that the price stays positive."""
    net = -(line.net_amount or ZERO)
    quantity = abs(line.quantity).copy_sign(net) if line.quantity is not None else None
    update = {"net_amount": net, "quantity": quantity, **_turned(line, "discount", "charge")}
    if line.discount is not None and line.discount >= 0:
        update["discount"] = line.discount
    price = {"unit_price": abs(line.unit_price)} if line.unit_price is not None else {}
    return line.model_copy(update=update | price)


def _turned(value: InvoiceLine | VatBreakdown, *names: str) -> dict[str, Decimal | None]:
    amounts = {name: getattr(value, name) for name in names}
    return {name: None if amount is None else -amount for name, amount in amounts.items()}


def _totals(invoice: Invoice) -> tuple[Totals, Decimal]:
    """The totals with net and VAT worked out where one is not stated, and what the total was rounded by."""
    totals = invoice.totals
    net, tax, gross = totals.net, totals.tax, totals.gross
    if gross is None:
        raise NotBookable("The total with VAT is unknown.")
    if tax is None:
        rows = [row.amount for row in invoice.vat_breakdown]
        tax = sum(filter(None, rows), ZERO) if rows and None not in rows else None
    if net is None and tax is not None:
        net = gross - tax
    if net is None:
        raise NotBookable("Neither the net total nor the VAT is known.")
    tax = gross - net if tax is None else tax
    rounding = gross - net - tax
    if abs(rounding) > COIN:
        raise NotBookable(f"Net {net} and VAT {tax} are {net + tax}, but the total is {gross}.")
    return totals.model_copy(update={"net": net, "tax": tax}), rounding


def _tax_rows(invoice: Invoice, totals: Totals) -> tuple[VatBreakdown, ...]:
    """The VAT breakdown, every amount known, adding up to the net total and the VAT."""
    net, tax = _known(totals.net), _known(totals.tax)
    rows = _merged(map(_whole_row, invoice.vat_breakdown)) or [_only_row(invoice, net, tax)]
    rest = net - sum((_known(row.base) for row in rows), ZERO)
    if abs(rest) > CENT * len(rows):  # a page may leave out what bears no VAT
        if rest < 0 or net < 0:
            raise NotBookable(f"The bases of the VAT rates are {net - rest}, but the net total is {net}.")
        rows, rest = _merged([*rows, VatBreakdown(rate=Decimal(0), base=rest, amount=ZERO)]), ZERO
    off = tax - sum((_known(row.amount) for row in rows), ZERO)
    if abs(off) > CENT * len(rows):
        raise NotBookable(f"The VAT of the rates is {tax - off}, but the total VAT is {tax}.")
    rows = _with_rest(rows, "base", rest)
    return tuple(_with_rest(rows, "amount", off))


def _with_rest(rows: list[VatBreakdown], name: str, rest: Decimal) -> list[VatBreakdown]:
    """The rows with a cent or two of rounding on the greatest of their amounts."""
    greatest = _greatest([abs(getattr(row, name)) for row in rows])
    changed = rows[greatest].model_copy(update={name: getattr(rows[greatest], name) + rest})
    return [changed if number == greatest else row for number, row in enumerate(rows)]


def _whole_row(row: VatBreakdown) -> VatBreakdown:
    """A row of the breakdown with what follows from the rest of it."""
    rate, base, amount = row.rate, row.base, row.amount
    if rate is None and base and amount is not None:
        rate = _rate(base, amount)
    if amount is None and base is not None and rate is not None:
        amount = cents(base * rate / 100)
    if base is None and amount and rate:
        base = cents(amount * 100 / rate)
    if rate is None or base is None or amount is None:
        raise NotBookable("A row of the VAT breakdown is incomplete.")
    category = row.category or (STANDARD if rate or amount else None)
    return VatBreakdown(category=category, rate=rate, base=base, amount=amount)


def _only_row(invoice: Invoice, net: Decimal, tax: Decimal) -> VatBreakdown:
    """The one rate of an invoice that prints no breakdown."""
    rates = {line.tax_rate for line in invoice.lines if line.tax_rate is not None}
    rate = rates.pop() if len(rates) == 1 else _rate(net, tax)
    if abs(cents(net * rate / 100) - tax) > CENT * max(1, len(invoice.lines)):
        rate = _rate(net, tax)
    categories = {line.tax_category for line in invoice.lines}
    category = categories.pop() if len(categories) == 1 else None
    return _whole_row(VatBreakdown(category=category, rate=rate, base=net, amount=tax))


def _rate(base: Decimal, amount: Decimal) -> Decimal:
    """The rate that gives the amount, one of those in use. Raises NotBookable, for several rates may be mixed."""
    if not amount:
        return Decimal(0)
    fits = [rate for rate in VAT_RATES if abs(cents(base * rate / 100) - amount) <= CENT]
    if len(fits) != 1:
        raise NotBookable(f"No single VAT rate makes {amount} of {base}.")
    return fits[0]


def _merged(rows: Iterable[VatBreakdown]) -> list[VatBreakdown]:
    """One row a category and rate."""
    sums: dict[tuple[str | None, Decimal], VatBreakdown] = {}
    for row in rows:
        key = (row.category, _known(row.rate).normalize())
        before = sums.get(key)
        if before is not None:
            amounts = {name: _known(getattr(before, name)) + _known(getattr(row, name)) for name in ("base", "amount")}
            sums[key] = before.model_copy(update=amounts)
        else:
            sums[key] = row
    return list(sums.values())


def _by_line(
    invoice: Invoice, taxes: Sequence[VatBreakdown], totals: Totals
) -> tuple[tuple[Share, ...], tuple[Adjustment, ...]] | None:
    """A share a line, and the adjustments between lines and bases; None when they do not explain the bases."""
    placed = [_of_line(line, taxes) for line in invoice.lines]
    shares = [share for share in placed if share is not None]
    if not shares or len(shares) < len(placed):
        return None
    made: list[Share] = []
    gaps: list[tuple[VatBreakdown, Decimal]] = []
    for row in taxes:
        mine = [share for share in shares if (share.category, share.rate) == (row.category, row.rate)]
        gap = _known(row.base) - sum((share.net for share in mine), ZERO)
        if mine and abs(gap) <= CENT * len(mine):
            greatest = _greatest([abs(share.net) for share in mine])
            mine[greatest] = replace(mine[greatest], net=mine[greatest].net + gap)
        elif gap:
            gaps.append((row, gap))
        made += mine
    adjustments = _adjustments(gaps, totals)
    if adjustments is None:
        return None
    order = {id(share.line): number for number, share in enumerate(shares)}
    return tuple(sorted(made, key=lambda share: order[id(share.line)])), adjustments


def _adjustments(gaps: Sequence[tuple[VatBreakdown, Decimal]], totals: Totals) -> tuple[Adjustment, ...] | None:
    """The stated allowances and charges, by rate; None when they do not fill the gaps."""
    allowances, charges = abs(totals.allowances or ZERO), abs(totals.charges or ZERO)
    if not gaps:
        return ()
    if abs(sum((gap for _, gap in gaps), ZERO) - charges + allowances) > CENT:
        return None
    pairs = list(gaps)
    if len(gaps) == 1:
        (row, gap), charge = gaps[0], charges
        pairs = [(row, -(charge - gap)), (row, charge)] if charge and allowances else [(row, gap)]
    return tuple(
        Adjustment(abs(gap), gap > 0, row.category or "", _known(row.rate), "Frais" if gap > 0 else "Remise")
        for row, gap in pairs
        if gap
    )


def _of_line(line: InvoiceLine, taxes: Sequence[VatBreakdown]) -> Share | None:
    """The share of a line; None when its amount or its rate is unknown."""
    row = _row_of(line, taxes)
    amount = line.net_amount
    if amount is None and line.quantity is not None and line.unit_price is not None:
        amount = cents(line.quantity * line.unit_price / (line.price_base_quantity or 1)) - (line.discount or ZERO)
    if row is None or amount is None:
        return None
    rate = _known(row.rate)
    net = cents(amount / (1 + rate / 100) if line.includes_tax else amount)
    label = line.description or line.item_id or ""
    return Share(net, row.category, rate, label, (label,) if label else (), line)


def _row_of(line: InvoiceLine, taxes: Sequence[VatBreakdown]) -> VatBreakdown | None:
    if len(taxes) == 1 and line.tax_rate in (None, taxes[0].rate):
        return taxes[0]
    fits = [row for row in taxes if row.rate == line.tax_rate]
    exact = [row for row in fits if row.category == line.tax_category]
    return exact[0] if exact else fits[0] if len(fits) == 1 else None


def _of_rate(invoice: Invoice, row: VatBreakdown) -> Share:
    rate = _known(row.rate)
    lines = [line for line in invoice.lines if line.tax_rate in (None, rate)] or list(invoice.lines)
    texts = tuple(dict.fromkeys(line.description for line in lines if line.description))
    label = f"{texts[0] if texts else invoice.seller.name or invoice.number or 'Facture'} ({rate.normalize():f} %)"
    return Share(_known(row.base), row.category, rate, label, texts)


def _known(amount: Decimal | None) -> Decimal:
    if amount is None:
        raise NotBookable("An amount is unknown.")
    return amount


def _greatest(amounts: Sequence[Decimal]) -> int:
    return max(range(len(amounts)), key=lambda number: abs(amounts[number]))
