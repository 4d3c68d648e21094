"""The speed of the page of key figures over the events of very many documents.

    python -m tests.bench.kpis [--documents N] [--databases sqlite,postgresql] [--calls N] [--store-events]

The events of N documents over a year are made: ten clients, a thousand suppliers of which few write often, three of
five straight through, people's decisions, postings. Their tallies are made by the code that makes them in earnest
(`pipeline.store.measures`). With --store-events the events are written too, without their chain, and the tallies are
made anew from the table, as `backoffice kpis --rebuild` does; the page itself never reads events. Then the page is
asked for through the whole application, templates included; p95 over the calls, in milliseconds.
"""

import argparse
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select
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
PAGES = {
    "30 days": "/dashboard/figures",
    "a year": "/dashboard/figures?whole=true",
    "a year of one client": "/dashboard/figures?whole=true&client=main",
    "a year as CSV": "/dashboard/figures.csv?whole=true",
}
Made = tuple[str, str, datetime, dict[str, Any]]
"""Client, kind, time and data of an event."""
VERSIONS = {"backoffice": "0.1.0", "scorer": "2026-11", "calibration": "2026-11"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kpis", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--store-events", action="store_true")
    given = parser.parse_args()
    console = Console()
    sums, events = ({}, 0) if given.store_events else summed(given.documents)
    for kind in given.databases.split(","):
        with database_of(kind) as url:
            if given.store_events:
                events = store(url, given.documents)
            number, seconds = fill(url, sums)
            said = (
                f"{given.documents} documents, {events} events that count, {number} tallies written in {seconds:.0f} s"
            )
            console.print(f"{said} of CPU here; load of the machine {os.getloadavg()[0]:.1f}")
            console.print(pages(kind, url, given.calls))
    console.print(f"load of the machine: {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


def summed(documents: int) -> tuple[tallies.Sums, int]:
    """What the events add up to, and how many there are."""
    sums: tallies.Sums = {}
    events = 0
    for events, (client, kind, at, data) in enumerate(history(documents), start=1):  # noqa: B007 (their number)
        tallies._add(sums, client, tallied(kind, at, data, VERSIONS))
    return sums, events


def store(url: str, documents: int) -> int:
    """Write the events themselves; returns their number."""
    database, events = Database(url), 0
    with database.writing() as session:
        for batch in _batches(history(documents)):
            session.execute(insert(EventRow), [_row(events + number, *one) for number, one in enumerate(batch)])
            events += len(batch)
    database.close()
    return events


def fill(url: str, sums: tallies.Sums) -> tuple[int, float]:
    """Write the tallies, or make them from the events where none are given; returns how many, and CPU seconds."""
    database, began = Database(url), time.process_time()
    with database.writing() as session:
        rows = [{"id": one, "name": one, "active": True, "policy": {}, "created_at": _now()} for one in CLIENTS[1:]]
        session.execute(insert(ClientRow), rows)
        connection = session.connection()
        if sums:
            tallies._write(connection, sums)
        else:
            tallies.rebuild(connection)
        number = session.scalar(select(func.count()).select_from(TallyRow))
        connection.exec_driver_sql("ANALYZE tallies")
    database.close()
    return number, time.process_time() - began


def pages(kind: str, url: str, calls: int) -> Table:
    """The page, asked through its whole stack."""
    table = Table(title=f"{kind}: page of key figures; ms a request", title_justify="left")
    for name in ("period", "calls", "median", "p95", "p95 of CPU here"):
        table.add_column(name, justify="left" if name == "period" else "right")
    with TemporaryDirectory(prefix="backoffice-kpis-") as home:
        settings = Settings(home=Path(home), database_url=url)
        with open_services(settings, SystemClock()) as services, TestClient(create_app(services)) as browser:
            services.house.users.add("olga", "bench", "first password 1")
            services.house.users.give_role("olga", HOUSE, Role.SUPERVISOR, "bench")
            services.house.users.change_password("olga", "first password 1", "another password 2")
            browser.cookies.set(SESSION, services.house.sessions.open("olga"), domain="testserver.local")
            for name, path in PAGES.items():
                assert browser.get(path).status_code == 200, path
                times, cpu = timed(lambda path=path: browser.get(path), calls)
                table.add_row(name, str(len(times)), f"{median(times):.0f}", p95(times), p95(cpu))
    return table


def history(documents: int) -> Iterator[Made]:
    """The events that count, document by document, over the last year."""
    chance, now = random.Random(6), _now()
    step = timedelta(days=DAYS) / documents
    for number in range(documents):
        at = now - timedelta(days=DAYS) + number * step
        yield from _document(chance, number, at)


def _document(chance: random.Random, number: int, at: datetime) -> Iterator[Made]:
    client = CLIENTS[number % len(CLIENTS)]
    supplier = min(SUPPLIERS - 1, int(chance.paretovariate(0.6)))
    party = {
        "supplier": f"{100_000_000 + supplier}",
        "seller": f"Seller {supplier}",
        "gross": "120.00",
        "currency": "EUR",
    }
    is_through = chance.random() < 0.6
    waited = chance.lognormvariate(2.5, 1.0)
    yield client, "received", at, {"media_type": "application/pdf", "size": 90_000}
    told = {"media_type": "application/pdf", "source": chance.choice(("picture", "text layer", "e-invoice"))}
    told |= {"waited": waited, "pages": chance.randint(1, 4), "cpu": chance.lognormvariate(1.2, 0.6)}
    told |= {"risk": chance.random() ** 6, **party, "part": 1}
    decision = "straight_through" if is_through else "review"
    codes = () if is_through else chance.sample(("low-confidence", "required-field", "gross-total", "duplicate"), 2)
    yield client, "decided", at, {**told, "decision": decision, "reasons": codes}
    end, is_sample = at + timedelta(hours=chance.lognormvariate(1.5, 1.0)), is_through and chance.random() < 0.02
    if not is_through or is_sample:
        yield client, "review_claimed", end, {"token": 1, "sample": is_sample, "settled_at": at.isoformat()}
        wrong = [chance.choice(FIELDS)] if chance.random() < 0.3 else []
        ended = {"after": "corrected" if wrong else "approved", "sample": is_sample, "versions": VERSIONS, **party}
        ended |= {"seconds": chance.lognormvariate(3.5, 0.7), "waited": (end - at).total_seconds(), "late": False}
        yield client, "review_corrected", end, {**ended, "checked": FIELDS, "wrong": wrong, "is_wrong": bool(wrong)}
    posted = {"target": "portal", "seconds": chance.lognormvariate(1.0, 0.3), "first_right": is_through}
    yield client, "posting_done", end, {**posted, "waited": (end - at).total_seconds() + 60}


def _batches(events: Iterator[Made]) -> Iterator[list[Made]]:
    batch: list[Made] = []
    for event in events:
        batch.append(event)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def _row(number: int, client: str, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    values = {"client_id": client, "number": number, "at": at, "kind": kind, "actor": "bench", "data": data}
    return values | {"versions": VERSIONS, "previous": "0" * 64, "hash": f"{number:064d}"}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


if __name__ == "__main__":
    main()
