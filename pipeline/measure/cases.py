"""What is compared: the truth about a document, and what the machine said of it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import Field as Constraint

from pipeline.errors import InputError
from pipeline.measure.normalise import normalise
from pipeline.rows import PUBLISHED
from schemas import EvidenceKind, FieldName, InvoiceLine, Reason, VatBreakdown
from schemas.base import Value
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL

T = TypeVar("T")

_HONEST_TRAP = "original"
"""What the sample generator calls the document whose duplicate is the trap."""

NOTHING = "none"
"""The decision of a document that the machine said nothing about."""


class Truth(Value):
    """What one invoice really says, as far as `pipeline.rows` publishes it.

    A field that is not in `fields` is unknown; one that is None is not there.
    """

    file: str
    kind: str = ""
    lang: str = ""
    supplier: str = ""
    layout: str = ""
    split: str = ""
    """Which part of a data set the document belongs to, as its truth says, for example "train" or "test"."""
    trap: str = ""
    """What is wrong with a document that must not go straight through; empty for an ordinary one."""
    fields: Mapping[FieldName, str | None] = {}
    hidden: frozenset[FieldName] = frozenset()
    """Fields whose value is in the embedded XML only, not on the page."""
    lines: tuple[InvoiceLine, ...] | None = None
    taxes: tuple[VatBreakdown, ...] | None = None
    taxes_hidden: bool = False
    """Whether the VAT breakdown is in the embedded XML only."""

    def surplus(self) -> Self:
        """The truth about a further invoice that was seen in the file though there is none."""
        return self.model_copy(update={"fields": dict.fromkeys(self.fields), "lines": (), "taxes": ()})


class Guess(Value):
    """A value the machine gave for a field, and how sure it was."""

    value: str | None = None
    confidence: float = 0.0
    from_xml: bool = False
    evidence: tuple[str, ...] = ()
    """What speaks for the value and, marked "against", what speaks against it, in words."""


class Prediction(Value):
    """What the machine said of one invoice."""

    file: str
    decision: str = NOTHING
    reasons: tuple[Reason, ...] = ()
    fields: Mapping[FieldName, Guess] = {}
    lines: tuple[InvoiceLine, ...] = ()
    taxes: tuple[VatBreakdown, ...] = ()
    stages: Mapping[str, float] = Constraint(default={}, description="CPU seconds by stage, where known.")
    pages: int = Constraint(default=0, description="Pages it was read from; 0 when not known.")
    document_risk: float | None = Constraint(default=None, description="As the decision used it, where it says so.")

    @property
    def seconds(self) -> float | None:
        """CPU seconds of all stages; None when not known."""
        return sum(self.stages.values()) if self.stages else None

    @property
    def risk(self) -> float:
        """How probable a wrong posting-critical field is, by the machine's own word.

        What the decision used, or else 1 minus the product of the critical fields' confidences. A field that
        may be absent and was not found adds nothing; any other critical field that was not found makes it 1.
        """
        if self.document_risk is not None:
            return self.document_risk
        critical = {name: self.fields.get(name, Guess()) for name in POSTING_CRITICAL}
        return 1 - prod(
            0.0 if guess.value is None else guess.confidence
            for name, guess in critical.items()
            if guess.value is not None or name not in OPTIONAL_WHEN_NOT_PRINTED
        )

    @property
    def from_xml(self) -> bool:
        """Whether an e-invoice was read, so that fields that are not on the page count too."""
        return any(guess.from_xml for guess in self.fields.values())


def prediction_of(row: Mapping[str, Any]) -> Prediction:
    """What `pipeline.rows.row` made of an outcome, as a prediction."""
    return Prediction(
        file=row["file"],
        decision=row.get("decision", NOTHING),
        reasons=tuple(Reason.model_validate(reason) for reason in row.get("reasons", ())),
        fields={FieldName(name): _guess(field) for name, field in row.get("fields", {}).items()},
        lines=_lines(row.get("lines", ())),
        taxes=_taxes(row.get("taxes", ())),
        stages=row.get("seconds") or {},
        pages=len(row.get("pages") or ()),
        document_risk=row.get("risk"),
    )


def read_truth(path: Path) -> list[Truth]:
    """The cases of a truth file (JSON lines), in its order.

    Raises InputError with the line number for a line that is not such a case.
    """
    return list(_read(path, _truth))


def read_predictions(path: Path) -> list[Prediction]:
    """What `backoffice process --out` wrote.

    Raises InputError with the line number for a line that is not such an object.
    """
    return list(_read(path, prediction_of))


def read_seen(path: Path) -> frozenset[str]:
    """Names of suppliers or layouts that training saw, one a line, without regard to case; `#` begins a comment."""
    lines = (line.partition("#")[0].strip().casefold() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(filter(None, lines))


def _read(path: Path, build: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text.strip():
            try:
                yield build(json.loads(text))
            except (ValueError, KeyError, TypeError, ArithmeticError) as error:
                raise InputError(f"{path.name}, line {number}: {error}", remedy="Mend that line.") from error


def _truth(row: dict[str, Any]) -> Truth:
    given = row["fields"] | dict.fromkeys(row.get("absent", ()))
    fields = {name: given[name] for name in PUBLISHED if given.get(name, "") != ""}
    for name, value in fields.items():
        normalise(name, value)  # a value that is no date or number is found here, not in the middle of a run
    shown = row.get("visible_fields", {})
    return Truth(
        file=row["file"],
        kind=row.get("kind", ""),
        lang=row.get("lang", ""),
        supplier=row.get("supplier", ""),
        layout=row.get("layout", ""),
        split=row.get("split", ""),
        trap=trap if (trap := row.get("trap", "")) != _HONEST_TRAP else "",
        fields=fields,
        hidden=frozenset(name for name in PUBLISHED if shown.get(name) is False),
        lines=_lines(row.get("lines", ())) or None,
        taxes=_taxes(row.get("taxes") or row.get("extra", {}).get("tax_breakdown", ())) or None,
        taxes_hidden=row.get("visible_taxes") is False,
    )


def _guess(field: dict[str, Any]) -> Guess:
    witnesses = field.get("evidence", ())
    return Guess(
        value=field["value"],
        confidence=field.get("confidence", 0.0),
        from_xml=EvidenceKind.XML.value in {str(one.get("kind")) for one in witnesses},
        evidence=tuple(map(_witness, witnesses)),
    )


def _witness(one: Mapping[str, Any]) -> str:
    words = ": ".join(filter(None, (str(one.get("kind", "")), one.get("detail"))))
    return words if one.get("supports", True) else f"against: {words}"


def _lines(rows: Iterable[dict[str, Any]]) -> tuple[InvoiceLine, ...]:
    return tuple(
        InvoiceLine(
            description=row.get("description"),
            quantity=_decimal(row.get("quantity")),
            unit_price=_decimal(row.get("unit_price")),
            # A line whose net amount is not printed is known by its amount with VAT.
            net_amount=_decimal(row.get("net_amount", row.get("gross_amount"))),
            includes_tax="net_amount" not in row and "gross_amount" in row,
            tax_rate=_decimal(row.get("tax_rate")),
        )
        for row in rows
    )


def _taxes(rows: Iterable[dict[str, Any]]) -> tuple[VatBreakdown, ...]:
    return tuple(
        VatBreakdown(
            rate=_decimal(row.get("rate")),
            base=_decimal(row.get("base", row.get("basis"))),
            amount=_decimal(row.get("amount", row.get("tax"))),
        )
        for row in rows
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
