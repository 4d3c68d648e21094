"""The values of the comparison with the manual baseline: two models that stand apart, errors, the machine's part."""

from typing import Generic, NamedTuple, TypeVar

from pipeline.measure.baseline import KeyingCost, KeyingTime, TouchCost, TouchTime
from pipeline.measure.cases import Truth
from pipeline.measure.document import DocumentScore
from pipeline.measure.estimate import Estimate
from pipeline.measure.presets import Preset
from pipeline.measure.scores import Share
from schemas.base import Value

Work = TypeVar("Work", KeyingTime, TouchTime)
Euros = TypeVar("Euros", KeyingCost, TouchCost)

ENOUGH = 30
"""From so many measured documents on, the operators' own seconds replace the preset."""


class Case(NamedTuple):
    """A document with its true values, and how the machine did on it."""

    truth: Truth
    score: DocumentScore


class Prices(Value, Generic[Euros]):
    """The same work at both presets of an hour."""

    offshore: Euros
    western: Euros


class Side(Value, Generic[Work, Euros]):
    """The people's work of one way to do it, in one model; for all documents together."""

    work: Work
    prices: Prices[Euros]


class Contrast(Value, Generic[Work, Euros]):
    """By hand against what is left with the machine, in one model."""

    by_hand: Side[Work, Euros]
    by_hand_twice: Side[Work, Euros]
    """Everything done by two people and compared."""
    with_machine: Side[Work, Euros]


class Errors(Value):
    """Values that end up wrong in the books."""

    of: int
    """Fields that the truth knows."""
    single: Estimate
    double: Estimate
    through: Share
    """Wrong ones of what went straight through: measured."""
    with_machine: Estimate
    """Those, and what a person who goes over the others is expected to leave, at the rate of keying once."""


class Flawed(Value):
    """Documents with at least one such value."""

    of: int
    single: Estimate
    double: Estimate
    through: Share
    with_machine: Estimate


class Machine(Value):
    """The machine's own part."""

    known: int
    """Documents whose CPU seconds are known."""
    seconds: Estimate | None
    """CPU seconds a document; the interval is that of the mean."""
    euros: Estimate | None
    """Euros a document, at the preset of an hour of a core."""
    a_day: Estimate | None
    """Documents a day and core."""


class Beside(Value):
    """All of the comparison, and the figures that it rests on."""

    version: int = 1
    sets: dict[str, int]
    """Name of each set and how many invoices it has."""
    invoices: int
    straight_through: Share
    by_kind: dict[str, Share]
    keying_header: Contrast[KeyingTime, KeyingCost]
    """The header values alone."""
    keying: Contrast[KeyingTime, KeyingCost]
    """Header and lines."""
    touch: Contrast[TouchTime, TouchCost]
    touch_measured: int
    """Documents whose operator seconds were measured; below `ENOUGH` the preset is used."""
    critical: Errors
    header: Errors
    flawed: Flawed
    """By posting-critical fields."""
    machine: Machine
    presets: dict[str, Preset]
