"""What a seller takes off for early payment (in BT-20, payment terms)."""

from datetime import date, timedelta
from decimal import Decimal

from pydantic import Field as Constraint

from schemas.base import Value


class Discount(Value):
    """So much off when it is paid within so many days."""

    percent: Decimal = Constraint(gt=0, le=20, description="Of the total with VAT, in per cent.")
    days: int = Constraint(ge=1, le=120, description="After the issue date (BT-2).")
    said: str = Constraint(max_length=300, description="The words that say so.")

    def until(self, issued: date) -> date:
        """The last day of it; the calendar's last where the invoice is dated so late."""
        return issued + min(timedelta(days=self.days), date.max - issued)

    def of(self, gross: Decimal) -> Decimal:
        """What it is worth, to the cent."""
        return (gross * self.percent / 100).quantize(Decimal("0.01"))
