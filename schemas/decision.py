"""What becomes of a document. A clean decision with a failure inside cannot be built."""

from typing import Annotated, Literal, Self

from pydantic import Field as Constraint
from pydantic import model_validator

from schemas.base import Value
from schemas.field import Record
from schemas.finding import Failure, Finding, Severity
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL, FieldName


class Reason(Value):
    """Why a document needs a person, in words a clerk understands."""

    code: str = Constraint(description="Stable code, for example 'low-confidence'.")
    message: str
    field: FieldName | None = None


Reasons = Annotated[tuple[Reason, ...], Constraint(min_length=1)]


class StraightThrough(Value):
    """Posted without a touch."""

    kind: Literal["straight_through"] = "straight_through"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Always empty: nothing speaks against posting."""
        return ()


class Review(Value):
    """A person decides."""

    kind: Literal["review"] = "review"
    reasons: Reasons


class Rejected(Value):
    """Not an invoice that can be read at all."""

    kind: Literal["rejected"] = "rejected"
    reasons: Reasons


Decision = Annotated[StraightThrough | Review | Rejected, Constraint(discriminator="kind")]


class Draft(Value):
    """What the machine understood of one invoice of one document, before anything is decided."""

    part: int = Constraint(default=1, ge=1, description="Which invoice of the file, counted from 1.")
    record: Record | None = None
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    seconds: dict[str, float] = Constraint(default={}, description="CPU seconds a stage took.")
    versions: dict[str, str] = Constraint(default={}, description="Versions of code and engines.")


class Outcome(Draft):
    """The end of the machine's work on one invoice of one document."""

    decision: Decision

    @model_validator(mode="after")
    def _clean_means_clean(self) -> Self:
        if not isinstance(self.decision, StraightThrough):
            return self
        if self.failures:
            raise ValueError("a document with a failure inside cannot go straight through")
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            raise ValueError("a record with an error finding cannot go straight through")
        if self.record is None:
            raise ValueError("only a record can go straight through")
        for name in set(POSTING_CRITICAL) - OPTIONAL_WHEN_NOT_PRINTED:
            if self.record.value(name) is None:
                raise ValueError(f"a record without {name} cannot go straight through")
        return self
