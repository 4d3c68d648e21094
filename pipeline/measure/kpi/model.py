"""What a key figure is: a declared value with its wording, its query over the tallies, and how rows become figures."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from typing import cast as cast_type

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, select, union_all

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
    now: datetime
    """For what waits now, whatever the period is."""

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def parts(self, by_day: bool = False) -> tuple[ColumnElement[bool], ...]:
        """Which tallies make up the period: whole months where there are any, and the days before and after them."""
        begin = self.first if self.first.day == 1 else _next_month(self.first)
        end = (self.last + timedelta(days=1)).replace(day=1)
        if by_day or begin >= end:
            return (self._part(False, self.first, self.last),)
        parts = [self._part(True, begin, end - timedelta(days=1))]
        if self.first < begin:
            parts.append(self._part(False, self.first, begin - timedelta(days=1)))
        if end <= self.last:
            parts.append(self._part(False, end, self.last))
        return tuple(parts)

    def _part(self, by_month: bool, first: date, last: date) -> ColumnElement[bool]:
        row = TallyRow
        of = row.client_id.in_(self.clients)
        return and_(of, row.by_month.is_(by_month), row.day.between(first, last))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


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
        rows = union_all(*(self._rows(days) for days in scope.parts(self.group is Group.DAY))).subquery().c
        by = {Group.NOTHING: None, Group.DAY: rows.day, Group.CLIENT: rows.client_id}[self.group]
        keys = [rows.measure, *([] if by is None else [by]), rows.slice]
        sums = (cast(func.sum(column), BigInteger) for column in (rows.n, rows.total))  # PostgreSQL gives decimals
        at = func.max("") if by is None else by
        query = select(rows.measure, at, rows.slice, *sums, func.max(rows.label)).group_by(*keys).order_by(*keys)
        return cast_type(Select[tuple[str, date | str, str, int, int, str]], query)

    def _rows(self, part: ColumnElement[bool]) -> Select[Any]:
        row = TallyRow
        columns = (row.client_id, row.measure, row.day, row.slice, row.n, row.total, row.label)
        return select(*columns).where(row.measure.in_(self.measures), part)


class Measured(Value):
    """A key figure with its figures."""

    kpi: Kpi
    figures: tuple[Figure, ...]

    def of(self, name: str = "") -> Figure | None:
        """The figure of a slice; None when there is none."""
        return next((one for one in self.figures if one.slice == name), None)
