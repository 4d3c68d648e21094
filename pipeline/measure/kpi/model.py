"""What a key figure is: a declared value with its wording, its query over the tallies, and how rows become figures."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Select, func, select

from pipeline.review.causes import Wording
from pipeline.store.tally_tables import TallyRow
from schemas.base import Value


class Unit(StrEnum):
    """In what a figure is."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    MONEY = "money"


class Interval(StrEnum):
    """How the 95 % interval of a figure is worked out."""

    NONE = "none"
    EXACT = "Clopper-Pearson"
    """Of a share."""
    RANKS = "order statistics"
    """Of a percentile: between two ranks, by the binomial distribution, whatever the times are like."""


class Group(StrEnum):
    """By what the rows of a query are added up, beside measure and slice."""

    NOTHING = "nothing"
    DAY = "day"
    CLIENT = "client"


class Scope(Value):
    """Of which clients and which days (UTC, both included)."""

    clients: tuple[str, ...]
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


class Prices(Value):
    """What an hour costs, for the cost of a document."""

    machine_hour: Decimal
    operator_hour: Decimal
    currency: str


class Row(NamedTuple):
    """One row of a query; `at` is the day or the client where it is grouped by that."""

    measure: str
    at: date | str
    slice: str
    n: int
    total: int
    label: str


class Figure(Value):
    """A figure of a slice ("" for all). `n` is what it rests on, of a share `count` of `n`; None: nothing is known."""

    slice: str = ""
    label: str = ""
    """How the slice is called, where its name is not for people."""
    value: float | None
    n: int
    count: int | None = None
    low: float | None = None
    high: float | None = None
    currency: str = ""


Work = Callable[[Sequence[Row], Prices], tuple[Figure, ...]]
"""Makes the figures of a key figure from the rows of its query; pure."""


class Kpi(Value):
    """A key figure."""

    name: str
    title: Wording
    definition: Wording
    unit: Unit
    interval: Interval
    measures: tuple[str, ...]
    """The measures that it rests on; `pipeline/store/measures.py` says which event adds what to them."""
    work: Work
    group: Group = Group.NOTHING

    def query(self, scope: Scope) -> Select[tuple[str, date | str, str, int, int, str]]:
        """Measure, day or client (or ""), slice, sum of n, sum of total, label; in order."""
        row = TallyRow
        by = {Group.NOTHING: None, Group.DAY: row.day, Group.CLIENT: row.client_id}[self.group]
        keys = [row.measure, *([] if by is None else [by]), row.slice]
        sums = (func.sum(row.n), func.sum(row.total), func.max(row.label))
        at = func.max("") if by is None else by
        return (
            select(row.measure, at, row.slice, *sums)
            .where(
                row.client_id.in_(scope.clients),
                row.measure.in_(self.measures),
                row.day.between(scope.first, scope.last),
            )
            .group_by(*keys)
            .order_by(*keys)
        )


class Measured(Value):
    """A key figure with its figures."""

    kpi: Kpi
    figures: tuple[Figure, ...]

    def of(self, name: str = "") -> Figure | None:
        """The figure of a slice; None when there is none."""
        return next((one for one in self.figures if one.slice == name), None)
