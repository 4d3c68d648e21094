"""What a key figure is: a declared value with its wording, its query over the tallies, and how rows become figures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple
from typing import cast as cast_type

from pydantic import AfterValidator
from sqlalchemy import BigInteger, Select, and_, cast, func, literal, or_, select, union_all

from pipeline.review.causes import Wording
from pipeline.store.tally_tables import TallyRow
from schemas.base import Value

DAY = timedelta(days=1)
EARLIEST, LATEST = date(1970, 1, 1), date(2999, 12, 31)
"""Nothing was decided before; and months are counted on and back from a day, which a calendar's ends do not allow."""


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


def _counted(day: date) -> date:
    return min(max(day, EARLIEST), LATEST)


Day = Annotated[date, AfterValidator(_counted)]
"""A day of a period that somebody asks for; one beyond those that are counted is the first or last of these."""


class Part(Value):
    """Days whose tallies are added, or with `sign` -1 taken back; or whole months, given by their first days."""

    first: date
    last: date
    by_month: bool = False
    sign: Literal[1, -1] = 1

    @property
    def days(self) -> int:
        """How many days it has, 0 where the last comes before the first."""
        return max(0, (self.last - self.first).days + 1)


class Scope(Value):
    """Of which clients and which days (UTC, both included)."""

    clients: tuple[str, ...]
    first: Day
    last: Day
    now: datetime
    """For what waits now, whatever the period is."""

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def parts(self, by_day: bool = False) -> tuple[Part, ...]:
        """Which tallies make up the period; a month is read whole where fewer of its days lie outside than inside.

        Those outside are taken back then. Days that have not come yet have no tallies, and so cost nothing.
        """
        if by_day:
            return (Part(first=self.first, last=self.last),)
        months: list[date] = []
        days: list[Part] = []
        today = self.now.astimezone(UTC).date()
        for month, end in _months(self.first, self.last):
            inside = Part(first=max(month, self.first), last=min(end, self.last))
            before = Part(first=month, last=inside.first - DAY, sign=-1)
            after = Part(first=inside.last + DAY, last=min(end, max(today, inside.last)), sign=-1)
            if before.days + after.days < inside.days:
                months.append(month)
                days += [part for part in (before, after) if part.days]
            else:
                days.append(inside)
        whole = [Part(first=months[0], last=months[-1], by_month=True)] if months else []
        return (*whole, *days)


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The first and last day of each month that has a day of the period."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=32)).replace(day=1)
        yield month, following - DAY
        month = following


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


Query = Select[tuple[str, date | str, str, int, int, str]]
"""Gives rows of a `Row` each."""
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
    is_tallied: bool = True
    """Whether it is asked of the tallies, so that its query may be one with those of others."""

    def query(self, scope: Scope) -> Query:
        """Measure, day or client (or ""), slice, sum of n, sum of total, label; in any order."""
        return sums(scope, self.measures, self.group)


def sums(scope: Scope, measures: Iterable[str], group: Group) -> Query:
    """The query of some measures: what their tallies add up to by slice, and by day or client where it is asked for.

    Rows of a measure are the same whatever other measures are asked for with it.
    """
    parts = scope.parts(group is Group.DAY)
    rows = union_all(*(_part(scope, tuple(measures), part, group) for part in parts)).subquery().c
    n, total = (cast(func.sum(column), BigInteger) for column in (rows.n, rows.total))  # PostgreSQL gives decimals
    keys = (rows.measure, rows.at, rows.slice)
    query = select(*keys, n, total, func.max(rows.label)).group_by(*keys)
    is_taken_back = any(part.sign < 0 for part in parts)  # then a slice of other days may be left with nothing
    return cast_type(Query, query.having(or_(n != 0, total != 0)) if is_taken_back else query)


def _part(scope: Scope, measures: Sequence[str], part: Part, group: Group) -> Select[Any]:
    """The sums of one part: added up before the parts are put together, they are few."""
    row = TallyRow
    at: Any = {Group.NOTHING: literal(""), Group.DAY: row.day, Group.CLIENT: row.client_id}[group]
    n, total, label = func.sum(row.n) * part.sign, func.sum(row.total) * part.sign, func.max(row.label)
    named = (at.label("at"), row.slice, n.label("n"), total.label("total"), label.label("label"))
    days = and_(row.by_month.is_(part.by_month), row.day.between(part.first, part.last))
    query = select(row.measure, *named).where(row.client_id.in_(scope.clients), row.measure.in_(measures), days)
    return query.group_by(row.measure, *([] if group is Group.NOTHING else [at]), row.slice)


class Measured(Value):
    """A key figure with its figures."""

    kpi: Kpi
    figures: tuple[Figure, ...]

    def of(self, name: str = "") -> Figure | None:
        """The figure of a slice; None when there is none."""
        return next((one for one in self.figures if one.slice == name), None)
