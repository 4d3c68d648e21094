"""What a rule says about a record, and what a stage says when it failed."""

from enum import StrEnum

from pydantic import Field as Constraint

from schemas.base import Value
from schemas.terms import FieldName


class Severity(StrEnum):
    """How much a finding weighs: an error keeps a record from going straight through."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Finding(Value):
    """One rule's word on one record."""

    rule: str = Constraint(description="Stable name of the rule, for example 'sum-of-lines'.")
    severity: Severity
    message: str = Constraint(description="A sentence that a clerk understands.")
    fields: tuple[FieldName, ...] = ()


class Failure(Value):
    """A stage that could not do its work; a document with a failure never passes as clean."""

    code: str
    message: str
    retryable: bool = Constraint(default=False, description="True when the same attempt may succeed later.")
    remedy: str = ""
    page: int | None = None
