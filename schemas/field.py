"""A value with its evidence: candidates that compete for a field, the field that won, the record of all fields."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field as Constraint
from pydantic import field_validator, model_validator

from schemas.base import Probability, Value
from schemas.discount import Discount
from schemas.evidence import Evidence
from schemas.invoice import Invoice, InvoiceLine, VatBreakdown
from schemas.page import Box
from schemas.terms import FIELD_TERMS, FieldName, ValueKind

FieldValue = Decimal | date | str
"""A Decimal for amounts, a date for dates, text for all else; `FIELD_TERMS` says which."""


def typed(name: FieldName, value: object) -> FieldValue | None:
    """Give a value the type of its field.

    Raises ValueError for text that is no date or decimal number (ISO notation).
    """
    if value is None:
        return None
    kind = FIELD_TERMS[name].kind
    if kind is ValueKind.AMOUNT:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    if kind is ValueKind.DATE:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    return str(value)


class Candidate(Value):
    """A value that might be a field's, with what speaks for and against it."""

    name: FieldName
    value: Annotated[Any, Constraint(description="Decimal, date or text, by the field's value kind.")]
    raw: str = ""
    page: int | None = None
    box: Box | None = None
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _typed_value(cls, data: Any) -> Any:
        return _with_typed_value(data)


class FieldStatus(StrEnum):
    """How a field stands."""

    READ = "read"
    MISSING = "missing"
    DOUBTFUL = "doubtful"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


class Field(Value):
    """A header field as chosen: value, where it stands, how sure, and why."""

    name: FieldName
    value: Annotated[Any, Constraint(description="Decimal, date, text or None, by the field's value kind.")] = None
    raw: str = ""
    page: int | None = None
    box: Box | None = None
    score: float = Constraint(default=0.0, description="What it was worth as a candidate when it was chosen.")
    confidence: Probability = 0.0
    evidence: tuple[Evidence, ...] = ()
    status: FieldStatus = FieldStatus.READ
    rivals: tuple[Candidate, ...] = Constraint(default=(), description="The best candidates that lost.")
    reader: str = Constraint(default="", description="Name and version of the code that read it.")

    @model_validator(mode="before")
    @classmethod
    def _typed_value(cls, data: Any) -> Any:
        return _with_typed_value(data)

    @model_validator(mode="after")
    def _missing_means_none(self) -> Self:
        if (self.value is None) != (self.status is FieldStatus.MISSING):
            raise ValueError(f"{self.name}: a field without a value is missing, and only such a field")
        return self


def missing(name: FieldName, rivals: tuple[Candidate, ...] = ()) -> Field:
    """A field that was not found."""
    return Field(name=name, status=FieldStatus.MISSING, rivals=rivals)


class Record(Value):
    """All that was understood of one invoice: fields with evidence, VAT breakdown, lines."""

    fields: Mapping[FieldName, Field]
    vat_breakdown: tuple[VatBreakdown, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    pages: tuple[int, ...] = Constraint(default=(), description="Page numbers the record was read from.")
    language: str = Constraint(default="", description="ISO 639-1 code, or empty when unknown.")
    discount: Discount | None = Constraint(
        default=None, description="What is taken off for early payment, if anything."
    )
    risk: Probability | None = Constraint(
        default=None, description="Probability that at least one posting-critical field is wrong; None: not judged."
    )

    @field_validator("fields")
    @classmethod
    def _every_field_once(cls, fields: Mapping[FieldName, Field]) -> Mapping[FieldName, Field]:
        return {name: fields.get(name) or missing(name) for name in FieldName}

    def value(self, name: FieldName) -> Any:
        """The field's value (Decimal, date or text), or None."""
        return self.fields[name].value

    def invoice(self) -> Invoice:
        """The record as an EN 16931 invoice, without its evidence."""
        data: dict[str, Any] = {"vat_breakdown": self.vat_breakdown, "lines": self.lines}
        for name, term in FIELD_TERMS.items():
            if (value := self.value(name)) is not None:
                group, _, leaf = term.path.rpartition(".")
                (data.setdefault(group, {}) if group else data)[leaf] = value
        return Invoice.model_validate(data)


def _with_typed_value(data: Any) -> Any:
    if isinstance(data, dict) and "name" in data and "value" in data:
        return {**data, "value": typed(FieldName(data["name"]), data["value"])}
    return data
