"""Whether the currency is one, and the amounts have its decimals."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies

from pipeline.validate.finding import Rule, error, say, warning
from schemas import FieldName, Finding, Invoice


def legal_tender(invoice: Invoice, today: date) -> Iterator[Finding]:
    """The currency (BT-5) was legal tender somewhere on the issue date. Source: Unicode CLDR, by babel."""
    code = invoice.currency
    if code is not None and code not in _currencies_on(invoice.issue_date or today):
        message = f"{code} is not a currency that was in use on the issue date."
        yield error("unknown-currency", message, FieldName.CURRENCY)


def decimals_of_currency(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Totals have no more decimals than the currency: 2 for EUR, 0 for JPY."""
    if invoice.currency is None:
        return
    places = get_currency_precision(invoice.currency)
    totals = (
        (FieldName.NET_TOTAL, invoice.totals.net),
        (FieldName.TAX_TOTAL, invoice.totals.tax),
        (FieldName.GROSS_TOTAL, invoice.totals.gross),
    )
    for name, amount in totals:
        if amount is not None and amount != round(amount, places):
            message = f"The {name.replace('_', ' ')} {say(amount)} has more decimals than {invoice.currency} has."
            yield warning("currency-decimals", message, name)


@lru_cache(maxsize=64)
def _currencies_on(day: date) -> frozenset[str]:
    return frozenset(
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, day, day)
    )


RULES: tuple[Rule, ...] = (legal_tender, decimals_of_currency)
