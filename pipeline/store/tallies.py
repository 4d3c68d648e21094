"""Keeps the tallies: adds each event to them in its own transaction, makes them anew, compares them with the events."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.store.measures import KINDS, Tally, tallied
from pipeline.store.tables import EventRow
from pipeline.store.tally_tables import TallyRow

BATCH = 2000
"""Events read, and rows written, in one go."""

Key = tuple[str, str, bool, date, str]
Sums = dict[Key, tuple[int, int, str]]
"""n, total and label by client, measure, whether it is a month, day (of a month the first) and slice."""


class Difference(NamedTuple):
    """A tally that is not what the events say; None where one of both has none. n, total and label."""

    key: Key
    kept: tuple[int, int, str] | None
    said: tuple[int, int, str] | None


def count(session: Session, event: EventRow) -> None:
    """Add an event that was just written."""
    sums: Sums = {}
    _add(sums, event.client_id, tallied(event.kind, event.at, event.data, event.versions))
    if sums:
        _write(session.connection(), sums)


def rebuild(connection: Connection) -> int:
    """Make all tallies anew from the events; returns how many there are."""
    sums = said(connection)
    connection.execute(delete(TallyRow))
    _write(connection, sums)
    return len(sums)


def differences(connection: Connection) -> tuple[Difference, ...]:
    """Where the tallies are not what the events say; nothing when all is well."""
    wanted = said(connection)
    row = TallyRow.__table__.c
    query = select(row.client_id, row.measure, row.by_month, row.day, row.slice, row.n, row.total, row.label)
    kept: Sums = {(*one[:5],): (*one[5:],) for one in connection.execute(query).tuples()}
    keys = sorted(kept.keys() | wanted.keys())
    return tuple(Difference(key, kept.get(key), wanted.get(key)) for key in keys if kept.get(key) != wanted.get(key))


def said(connection: Connection) -> Sums:
    """What the events add up to, in the order they happened."""
    sums: Sums = {}
    for event in _events(connection):
        _add(sums, event.client_id, tallied(event.kind, event.at, event.data, event.versions))
    return sums


def _events(connection: Connection) -> Iterator[Any]:
    row, last = EventRow.__table__.c, 0
    query = select(row.id, row.client_id, row.kind, row.at, row.data, row.versions).order_by(row.id).limit(BATCH)
    while batch := connection.execute(query.where(row.kind.in_(KINDS), row.id > last)).all():
        last = batch[-1].id
        yield from batch


def _add(sums: Sums, client_id: str, tallies: Iterable[Tally]) -> None:
    for measure, slice_, n, total, label, day in tallies:
        for key in ((client_id, measure, False, day, slice_), (client_id, measure, True, _month(day), slice_)):
            old = sums.get(key)
            sums[key] = (n, total, label) if old is None else (n + old[0], total + old[1], label or old[2])


@lru_cache(maxsize=1000)
def _month(day: date) -> date:
    return day.replace(day=1)


def _write(connection: Connection, sums: Sums) -> None:
    """Add to what is there; the newest label stays."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(TallyRow)
    new, old = statement.excluded, TallyRow.__table__.c
    label = func.coalesce(func.nullif(new.label, ""), old.label)
    statement = statement.on_conflict_do_update(
        index_elements=["client_id", "measure", "by_month", "day", "slice"],
        set_={"n": old.n + new.n, "total": old.total + new.total, "label": label},
    )
    names = ("client_id", "measure", "by_month", "day", "slice", "n", "total", "label")
    rows = [dict(zip(names, (*key, *values), strict=True)) for key, values in sorted(sums.items())]
    for first in range(0, len(rows), BATCH):
        connection.execute(statement, rows[first : first + BATCH])
