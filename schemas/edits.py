"""What a person typed, as text in his notation, before anybody has made numbers and dates of it."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field as Constraint
from pydantic import model_validator

from schemas.base import Value
from schemas.page import Box
from schemas.terms import FieldName


class Notation(Value):
    """How a person writes numbers and dates."""

    decimal_mark: str = Constraint(default=",", pattern=r"^[.,]$")
    month_first: bool = Constraint(default=False, description="03/04/2026 is 4 March.")


FRENCH, ENGLISH = Notation(), Notation(decimal_mark=".")


class Typed(Value):
    """The text of one header field; empty text says that the page does not have it. Plain text may stand for it."""

    text: str = Constraint(max_length=2000)
    page: int | None = Constraint(default=None, ge=1, description="Where it was taken from, when it was pointed at.")
    box: Box | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        return {"text": data} if isinstance(data, str) else data


class LineText(Value):
    """One row of the line table as typed; the columns are those of `InvoiceLine`."""

    identifier: str = ""
    item_id: str = ""
    description: str = ""
    quantity: str = ""
    unit: str = ""
    unit_price: str = ""
    price_base_quantity: str = ""
    discount: str = ""
    charge: str = ""
    net_amount: str = ""
    tax_category: str = ""
    tax_rate: str = ""
    includes_tax: bool = False


class VatText(Value):
    """One row of the VAT breakdown as typed; the columns are those of `VatBreakdown`."""

    category: str = ""
    rate: str = ""
    base: str = ""
    amount: str = ""


class CodeText(Value):
    """Where something that was bought is booked, as typed. `text` is its description; an empty one stands for all
    that has no row of its own."""

    text: str = Constraint(default="", max_length=2000)
    account: str = Constraint(default="", max_length=40)
    cost_centre: str = Constraint(default="", max_length=200)


class Edits(Value):
    """All that a person changed of a record: some header fields, and whole tables. None leaves a table as it is.

    `coding` are the accounts that lay before the person, changed or not; None where they were not shown.
    """

    fields: Mapping[FieldName, Typed] = {}
    lines: tuple[LineText, ...] | None = Constraint(default=None, max_length=5000)
    taxes: tuple[VatText, ...] | None = Constraint(default=None, max_length=100)
    coding: tuple[CodeText, ...] | None = Constraint(default=None, max_length=5000)
    notation: Notation = FRENCH

    def __bool__(self) -> bool:
        """Whether anything was typed at all."""
        return bool(self.fields) or any(one is not None for one in (self.lines, self.taxes, self.coding))

    def with_field(self, name: FieldName, text: str) -> Self:
        """The same with one more field typed."""
        return self.model_copy(update={"fields": {**self.fields, name: Typed(text=text)}})
