"""Compares what the machine said of an invoice with the truth, field by field, line by line."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.normalise import normalise, same, similarity
from pipeline.measure.scores import Counts
from schemas import FieldName, InvoiceLine, VatBreakdown
from schemas.base import Value
from schemas.field import FieldValue

T = TypeVar("T")

SAME_ITEM = 80.0
"""From this token similarity on, of 100, two descriptions are of one item."""


class Verdict(StrEnum):
    """How a field came out."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    SPURIOUS = "spurious"


class FieldScore(Value):
    """One scored field: the truth, what was said, how sure, why, and how it came out."""

    name: FieldName
    truth: str | None
    predicted: str | None
    confidence: float
    verdict: Verdict
    evidence: tuple[str, ...] = ()
    """What the machine rested the value on; kept for mistakes only."""


def score_fields(truth: Truth, prediction: Prediction) -> tuple[FieldScore, ...]:
    """The verdict on every field that the truth knows and that can be seen in what was read."""
    hidden = frozenset[FieldName]() if prediction.from_xml else truth.hidden
    scores = (
        _score_field(name, value, prediction.fields.get(name, Guess()))
        for name, value in truth.fields.items()
        if name not in hidden
    )
    return tuple(score for score in scores if score)


def score_lines(truth: Truth, prediction: Prediction) -> Counts | None:
    """How many lines were found, one to one; None when the true lines are not known."""
    return None if truth.lines is None else match(truth.lines, prediction.lines, same_line)


def score_taxes(truth: Truth, prediction: Prediction) -> Counts | None:
    """How many rows of the VAT breakdown were found; None when the true rows are not known or not seen."""
    if truth.taxes is None or (truth.taxes_hidden and not prediction.from_xml):
        return None
    return match(truth.taxes, prediction.taxes, same_tax)


def match(true: Sequence[T], said: Sequence[T], agree: Callable[[T, T], bool]) -> Counts:
    """Pairs rows greedily in their order, each at most once."""
    left = list(said)
    for row in true:
        found = next((i for i, other in enumerate(left) if agree(row, other)), None)
        if found is not None:
            del left[found]
    right = len(said) - len(left)
    return Counts(right=right, missed=len(true) - right, spurious=len(left))


def same_line(true: InvoiceLine, said: InvoiceLine) -> bool:
    """Equal amounts, and the same item by its description or by quantity and price.

    What the truth does not know about a line is not held against it.
    """
    if true.net_amount is not None and true.net_amount != said.net_amount:
        return False
    if similarity(true.description or "", said.description or "") >= SAME_ITEM:
        return True
    known = true.quantity is not None and true.unit_price is not None
    return known and (true.quantity, true.unit_price) == (said.quantity, said.unit_price)


def same_tax(true: VatBreakdown, said: VatBreakdown) -> bool:
    """Equal rate, base and amount; no rate means zero, and what the truth does not know is not compared."""
    rates = (true.rate or 0) == (said.rate or 0)
    return rates and true.base in (None, said.base) and true.amount in (None, said.amount)


def _score_field(name: FieldName, value: str | None, guess: Guess) -> FieldScore | None:
    verdict = _verdict(name, normalise(name, value), _as_read(name, guess.value))
    if verdict is None:
        return None
    return FieldScore(
        name=name,
        truth=value,
        predicted=guess.value,
        confidence=guess.confidence,
        verdict=verdict,
        evidence=() if verdict is Verdict.RIGHT else guess.evidence,
    )


def _verdict(name: FieldName, true: FieldValue | None, said: FieldValue | None) -> Verdict | None:
    if true is None:
        return None if said is None else Verdict.SPURIOUS
    if said is None:
        return Verdict.MISSED
    return Verdict.RIGHT if same(name, true, said) else Verdict.WRONG


def _as_read(name: FieldName, value: str | None) -> FieldValue | None:
    try:
        return normalise(name, value)
    except (ValueError, ArithmeticError):
        return value  # neither a date nor a number, so it equals none
