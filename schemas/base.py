"""What all values have in common."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

Amount = Annotated[Decimal, Constraint(max_digits=18, decimal_places=6, allow_inf_nan=False)]
"""A decimal number of an invoice: an amount in the invoice's currency (BT-5), a quantity or a price."""

Probability = Annotated[float, Constraint(ge=0.0, le=1.0)]
"""A number from 0 to 1."""


class Value(BaseModel):
    """A value object: frozen, and it refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")
