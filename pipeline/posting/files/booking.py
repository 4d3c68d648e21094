"""A coding as movements on accounts, debit or credit, in the currency of the books."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipeline.errors import InputError
from pipeline.posting.coding.plan import Plan
from schemas import FieldName, PostingOrder

HOME = "EUR"
"""The currency of French books."""
_CENT = Decimal("0.01")

Rate = Callable[[str, date], Decimal | None]
"""What one euro was worth in a currency on a day, as the European Central Bank quotes it; None when unknown."""


class RateMissing(InputError):
    """Nobody said what the currency was worth."""

    code = "rate-missing"
    remedy = "Give the rates of the European Central Bank: --rates eurofxref-hist.csv."


class Movement(NamedTuple):
    """One line of an entry; exactly one of debit and credit is not zero. Amounts in euros."""

    account: str
    account_name: str
    auxiliary: str
    auxiliary_name: str
    cost_centre: str
    label: str
    debit: Decimal
    credit: Decimal
    foreign: Decimal | None
    """The amount in the invoice's currency, positive, where that is not the euro."""


def no_rates(_currency: str, _day: date) -> Decimal | None:
    """Only invoices in euros can be booked."""
    return None


def movements(order: PostingOrder, plan: Plan, rate: Rate = no_rates) -> tuple[Movement, ...]:
    """The expense and VAT accounts of an order, then the supplier's; debit and credit are equal to the cent.

    In another currency each amount is converted at the rate of the issue date, and the supplier's is their sum.
    Raises RateMissing.
    """
    seller = str(order.record.value(FieldName.SELLER_NAME) or "")
    title = f"{seller} {order.record.value(FieldName.INVOICE_NUMBER) or ''}".strip()
    coding, worth = order.coding, _rate(order, rate)
    amounts = [(line.account, line.cost_centre or "", line.label, line.net) for line in coding.lines]
    amounts += [(tax.account, "", f"TVA {tax.rate.normalize():f} % {title}", tax.amount) for tax in coding.taxes]
    made = [
        _movement(plan, account, ("", ""), centre, f"{title} {label}", _euros(amount, worth), amount if worth else None)
        for account, centre, label, amount in amounts
        if _euros(amount, worth)
    ]
    owed = sum((one.debit - one.credit for one in made), Decimal(0))
    account, auxiliary = _supplier(coding.supplier_account, seller, plan)
    foreign = -coding.total if worth else None
    if owed:
        made.append(_movement(plan, account, auxiliary, "", title, -owed, foreign))
    return tuple(made)


def _movement(
    plan: Plan,
    account: str,
    auxiliary: tuple[str, str],
    centre: str,
    label: str,
    amount: Decimal,
    foreign: Decimal | None,
) -> Movement:
    return Movement(
        account=account,
        account_name=plan.name_of(account),
        auxiliary=auxiliary[0],
        auxiliary_name=auxiliary[1],
        cost_centre=centre,
        label=label,
        debit=max(amount, Decimal(0)),
        credit=max(-amount, Decimal(0)),
        foreign=None if foreign is None else abs(foreign),
    )


def _supplier(account: str, name: str, plan: Plan) -> tuple[str, tuple[str, str]]:
    """The collective account and the auxiliary one: an account with letters is one of a single supplier."""
    if account.isdigit():
        return account, ("", "")
    return plan.collective_account, (account, name or account)


def _rate(order: PostingOrder, rate: Rate) -> Decimal | None:
    """What a euro was worth; None for an invoice in euros."""
    currency = order.record.value(FieldName.CURRENCY) or HOME
    if currency == HOME:
        return None
    worth = rate(currency, order.key.issue_date)
    if not worth:
        raise RateMissing(f"What {currency} was worth on {order.key.issue_date} is unknown.")
    return worth


def _euros(amount: Decimal, worth: Decimal | None) -> Decimal:
    return (amount / worth if worth else amount).quantize(_CENT, ROUND_HALF_UP)
