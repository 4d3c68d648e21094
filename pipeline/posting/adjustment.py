"""Document level allowances and charges of an e-invoice."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Adjustment:
    """A document level allowance (BG-20) or charge (BG-21); `amount` is positive in either case."""

    amount: Decimal
    is_charge: bool
    category: str
    rate: Decimal
    reason: str

    @property
    def signed(self) -> Decimal:
        """What it adds to the net total."""
        return self.amount if self.is_charge else -self.amount
