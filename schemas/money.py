"""Money: a decimal amount that knows its currency."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field as Constraint

from schemas.base import Amount, Value

CurrencyCode = Annotated[str, Constraint(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 alphabetic code (BT-5)."""


class Money(Value):
    """An amount in one currency; amounts of two currencies never add up."""

    amount: Amount
    currency: CurrencyCode

    def __add__(self, other: "Money") -> "Money":
        return Money(amount=self.amount + self._same_currency(other), currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(amount=self.amount - self._same_currency(other), currency=self.currency)

    def _same_currency(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.amount
