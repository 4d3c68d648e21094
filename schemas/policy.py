"""What a client of the back office has settled on: how fast, how careful, and who looks twice."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field as Constraint

from schemas.base import Amount, Probability, Value
from schemas.terms import FieldName

MAIN = "main"
"""The client of an installation that works for one company."""

Hours = Annotated[float, Constraint(gt=0)]


class ClientPolicy(Value):
    """The rules of one client; the defaults hold where nobody said anything."""

    client_id: str = Constraint(default=MAIN, max_length=32)
    four_eyes_amount: Amount | None = Constraint(
        default=None,
        description="A total with VAT (BT-112) above it, of either sign, or an unknown one, needs a second pair of "
        "eyes. None: never.",
    )
    sla_hours: Hours = Constraint(default=48.0, description="So long after it came in an invoice is to be decided.")
    large_amount: Amount = Constraint(
        default=Decimal(10_000), description="A total from which an invoice is taken up earlier, in any currency."
    )
    qa_share: Probability = Constraint(
        default=0.0, description="The share of straight-through invoices that a person keys again, blind."
    )
    double_keyed: tuple[FieldName, ...] = Constraint(
        default=(), description="Fields that a second operator keys without seeing the first one's value."
    )
    target_error: float = Constraint(
        default=0.003, gt=0, lt=1, description="The share of fields posted untouched that may be wrong."
    )
    posting_target: str | None = Constraint(
        default=None,
        max_length=200,
        description="The accounting system: a known name, or package.module:factory. None: that of the installation.",
    )
