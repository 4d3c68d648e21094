"""Each line adds up: quantity times price makes its amount. Where it does not, the totals still decide."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pipeline.validate.finding import CENT, Rule, say, warning
from schemas import Finding, Invoice, InvoiceLine

ZERO = Decimal(0)


def line_amounts(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """BT-131 = BT-129 x BT-146 / BT-149 - BT-136 + BT-141 (Peppol R120); the price may be rounded.

    Many senders state the quantity or the price as the base quantity (BT-149) and mean the price of one.
    """
    for position, line in enumerate(invoice.lines, 1):
        if line.quantity is None or line.unit_price is None or line.net_amount is None:
            continue
        bases = {line.price_base_quantity or Decimal(1), Decimal(1)}
        if not any(_fits(line, line.quantity / base, line.unit_price, line.net_amount) for base in bases):
            message = f"Line {position}: {_terms(line)}, but the line says {say(line.net_amount)}."
            yield warning("line-amount", message)


def _fits(line: InvoiceLine, units: Decimal, price: Decimal, amount: Decimal) -> bool:
    expected = units * price - (line.discount or ZERO) + (line.charge or ZERO)
    # a credit note may print quantities or amounts positive or negative
    return abs(abs(expected) - abs(amount)) <= CENT + abs(units) * _half_step(price)


def _half_step(price: Decimal) -> Decimal:
    """Half of the price's last decimal, at least the third: what rounding may have taken away."""
    exponent = price.as_tuple().exponent
    return Decimal("0.5").scaleb(min(exponent, -2) if isinstance(exponent, int) else -2)


def _terms(line: InvoiceLine) -> str:
    terms = [f"{line.quantity} at {line.unit_price}"]
    terms += [f"for {line.price_base_quantity}"] if line.price_base_quantity not in {None, 1} else []
    terms += [f"less {say(line.discount)}"] if line.discount else []
    terms += [f"plus {say(line.charge)}"] if line.charge else []
    return " ".join(terms)


RULES: tuple[Rule, ...] = (line_amounts,)
