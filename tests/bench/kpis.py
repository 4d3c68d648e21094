"""The speed of the page of key figures over the events of very many documents.

    python -m tests.bench.kpis [--documents N] [--databases sqlite,postgresql] [--calls N] [--store-events]

The events of N documents over a year are made: ten clients of which each has the same N / 10 documents, a thousand
suppliers of which few write often, three of five straight through, people's decisions, postings. The tallies of the
first client are made by the code that makes them in earnest (`pipeline.store.measures`) and copied to the others. With
--store-events the events are written too, without their chain, and the tallies of all clients are made anew from the
table, as `backoffice kpis --rebuild` does; the page itself never reads events. Then the page is asked for through the
whole application, templates included; median and p95 over the calls, in milliseconds of wall time and of CPU, that of
the database's processes included.
"""

import argparse
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, func, insert, make_url, select
from starlette.testclient import TestClient

from pipeline.bootstrap import SystemClock
from pipeline.settings import Settings
from pipeline.store import tallies
from pipeline.store.database import Database
from pipeline.store.measures import tallied
from pipeline.store.tables import ClientRow, EventRow
from pipeline.store.tally_tables import TallyRow
from pipeline.web.access import SESSION
from pipeline.web.app import create_app
from pipeline.web.services import open_services
from schemas.people import HOUSE, Role
from schemas.terms import POSTING_CRITICAL
from tests.bench.desk import database_of
from tests.bench.timing import p95, timed

CLIENTS = ("main", *(f"client-{number}" for number in range(1, 10)))
SUPPLIERS = 1000
DAYS = 365
BATCH = 20_000
FIELDS = [name.value for name in POSTING_CRITICAL]
Made = tuple[str, datetime, dict[str, Any]]
"""Kind, time and data of an event."""
VERSIONS = {"backoffice": "0.1.0", "scorer": "2026-11", "calibration": "2026-11"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kpis", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--store-events", action="store_true")
    given = parser.parse_args()
    console, each = Console(), given.documents // len(CLIENTS)
    began = time.process_time()
    sums, events = summed(each)
    console.print(
        f"{each} documents, {events} events of a client added up in {time.process_time() - began:.1f} s of CPU"
    )
    for kind in given.databases.split(","):
        with database_of(kind) as url:
            began = time.perf_counter()
            number = fill(url, None if given.store_events else sums, each)
            console.print(f"{given.documents} documents, {events * len(CLIENTS)} events that count: {number} tallies")
            console.print(f"written in {time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f}")
            console.print(pages(kind, url, given.calls))
    console.print(f"load of the machine: {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


def summed(documents: int) -> tuple[tallies.Sums, int]:
    """What the events of a client add up to, and how many there are."""
    sums: tallies.Sums = {}
    events = 0
    for events, (kind, at, data) in enumerate(history(documents), start=1):  # noqa: B007 (their number)
        tallies._add(sums, CLIENTS[0], tallied(kind, at, data, VERSIONS))
    return sums, events


def fill(url: str, sums: tallies.Sums | None, documents: int) -> int:
    """Write the tallies of all clients, or the events and make them from those; returns how many there are."""
    database = Database(url)
    with database.writing() as session:
        rows = [{"id": one, "name": one, "active": True, "policy": {}, "created_at": _now()} for one in CLIENTS[1:]]
        session.execute(insert(ClientRow), rows)
        connection = session.connection()
        if sums is None:
            _store(connection, documents)
            tallies.rebuild(connection)
        else:
            tallies._write(connection, sums)
            _copy_to_others(connection)
        number = session.scalar(select(func.count()).select_from(TallyRow))
    # as the databases do it now and then by themselves
    with database._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE tallies" if url.startswith("postgresql") else "ANALYZE")
    database.close()
    return number


def _store(connection: Connection, documents: int) -> None:
    number = 0
    for client in CLIENTS:
        for batch in _batched(history(documents)):
            connection.execute(
                insert(EventRow), [_row(number + place, client, *one) for place, one in enumerate(batch)]
            )
            number += len(batch)


def _batched(events: Iterator[Made]) -> Iterator[list[Made]]:
    while batch := list(islice(events, BATCH)):
        yield batch


def _copy_to_others(connection: Connection) -> None:
    """In the order of the days, as they come in earnest, so that the rows of a client do not lie side by side."""
    row = TallyRow.__table__.c
    copied = [ClientRow.id, row.measure, row.by_month, row.day, row.slice, row.n, row.total, row.label]
    every = select(*copied).join(ClientRow, ClientRow.id != CLIENTS[0]).order_by(row.day, row.measure, row.slice)
    connection.execute(insert(TallyRow).from_select([one.name for one in row], every))


def pages(kind: str, url: str, calls: int) -> Table:
    """The page, asked through its whole stack."""
    table = Table(title=f"{kind}: page of key figures; ms a request", title_justify="left")
    for name in ("period", "calls", "wall p50", "wall p95", "CPU p50", "CPU p95", "load"):
        table.add_column(name, justify="left" if name == "period" else "right")
    with TemporaryDirectory(prefix="backoffice-kpis-") as home:
        settings = Settings(home=Path(home), database_url=url)
        with open_services(settings, SystemClock()) as services, TestClient(create_app(services)) as browser:
            services.house.users.add("olga", "bench", "first password 1")
            services.house.users.give_role("olga", HOUSE, Role.SUPERVISOR, "bench")
            services.house.users.change_password("olga", "first password 1", "another password 2")
            browser.cookies.set(SESSION, services.house.sessions.open("olga"), domain="testserver.local")
            for name, path in asked().items():
                assert browser.get(path).status_code == 200, path
                times, cpu = timed(lambda path=path: browser.get(path), calls, lambda: server_cpu(url))
                ends = (f"{one:.0f}" for one in (median(times), p95(times), median(cpu), p95(cpu)))
                table.add_row(name, str(len(times)), *ends, f"{os.getloadavg()[0]:.1f}")
    return table


def asked() -> dict[str, str]:
    """The periods and their addresses. The second of a length is one that no whole month helps with."""
    today, path = _now().date(), "/dashboard/figures"

    def between(first: int, last: int) -> str:
        return f"{path}?first={today - timedelta(days=first)}&last={today - timedelta(days=last)}"

    middle = (today.replace(day=1) - timedelta(days=1)).replace(day=16)
    return {
        "today": between(0, 0),
        "30 days": path,
        "30 days, none of them this month's": between(60, 31),
        "a year": f"{path}?whole=true",
        "from a 16th to a 15th, 11 months": f"{path}?first={_back(middle, 11)}&last={middle - timedelta(days=1)}",
        "a year of one client": f"{path}?whole=true&client=main",
        "a year as CSV": f"{path}.csv?whole=true",
    }


def _back(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 - months
    return day.replace(year=month // 12, month=month % 12 + 1)


def server_cpu(url: str) -> float:
    """CPU seconds of all processes of a PostgreSQL server, those that have ended included; 0 for SQLite."""
    folder = make_url(url).query.get("host")
    if folder is None:
        return 0.0
    server = psutil.Process(int((Path(str(folder)) / "data" / "postmaster.pid").read_text().split()[0]))
    times = [server.cpu_times(), *(one.cpu_times() for one in server.children())]
    ended = times[0].children_user + times[0].children_system
    return ended + sum(one.user + one.system for one in times)


def history(documents: int) -> Iterator[Made]:
    """The events of a client that count, document by document, over the last year."""
    chance, now = random.Random(6), _now()
    step = timedelta(days=DAYS) / documents
    for number in range(documents):
        events = _document(chance, now - timedelta(days=DAYS) + number * step)
        yield from (event for event in events if event[1] <= now)


def _document(chance: random.Random, at: datetime) -> Iterator[Made]:
    supplier = min(SUPPLIERS - 1, int(chance.paretovariate(0.6)))
    party = {
        "supplier": f"{100_000_000 + supplier}",
        "seller": f"Seller {supplier}",
        "gross": "120.00",
        "currency": "EUR",
    }
    is_through = chance.random() < 0.6
    waited = chance.lognormvariate(2.5, 1.0)
    yield "received", at, {"media_type": "application/pdf", "size": 90_000}
    told = {"media_type": "application/pdf", "source": chance.choice(("picture", "text layer", "e-invoice"))}
    told |= {"waited": waited, "pages": chance.randint(1, 4), "cpu": chance.lognormvariate(1.2, 0.6)}
    told |= {"risk": chance.random() ** 6, **party, "part": 1}
    decision = "straight_through" if is_through else "review"
    codes = () if is_through else chance.sample(("low-confidence", "required-field", "gross-total", "duplicate"), 2)
    yield "decided", at, {**told, "decision": decision, "reasons": codes}
    end, is_sample = at + timedelta(hours=chance.lognormvariate(1.5, 1.0)), is_through and chance.random() < 0.02
    if not is_through or is_sample:
        yield "review_claimed", end, {"token": 1, "sample": is_sample, "settled_at": at.isoformat()}
        wrong = [chance.choice(FIELDS)] if chance.random() < 0.3 else []
        ended = {"after": "corrected" if wrong else "approved", "sample": is_sample, "versions": VERSIONS, **party}
        ended |= {"seconds": chance.lognormvariate(3.5, 0.7), "waited": (end - at).total_seconds(), "late": False}
        yield "review_corrected", end, {**ended, "checked": FIELDS, "wrong": wrong, "is_wrong": bool(wrong)}
    posted = {"target": "portal", "seconds": chance.lognormvariate(1.0, 0.3), "first_right": is_through}
    yield "posting_done", end, {**posted, "waited": (end - at).total_seconds() + 60}


def _row(number: int, client: str, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    values = {"client_id": client, "number": number, "at": at, "kind": kind, "actor": "bench", "data": data}
    return values | {"versions": VERSIONS, "previous": "0" * 64, "hash": f"{number:064d}"}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


if __name__ == "__main__":
    main()
