"""More certainty that is asked of one supplier's invoices than of others."""

from datetime import datetime

from pydantic import Field as Constraint

from schemas.base import Value


class Limit(Value):
    """One version for one supplier, with its reason."""

    supplier: str = Constraint(description="The seller's SIREN, else its VAT id, else its name; see the business key.")
    seller: str = Constraint(description="How the supplier was called last.")
    version: int = Constraint(ge=1, description="The newest one counts.")
    target_error: float | None = Constraint(
        ge=0, lt=1, description="The share of fields that may be wrong. 0: all is reviewed; None: the client's holds."
    )
    why: str
    at: datetime
    by: str
    day_checked: int = Constraint(ge=0, description="Samples of that day (UTC) that were known then.")
    day_wrong: int = Constraint(ge=0, description="Those of them that were wrong.")

    @property
    def reviews_all(self) -> bool:
        """Whether nothing of the supplier goes straight through."""
        return self.target_error == 0.0
