"""What the review desk stands: races of 50 people, and the speed of a queue with 100,000 items.

    python -m tests.bench.desk [races|queue|both] [--databases sqlite,postgresql] [--people N] [--rounds N] [--items N]

In a race all people wait at a barrier, then claim one item and correct it; the decisions that were acknowledged are
held against the database afterwards. The people are threads in two processes. The queue is filled by plain inserts,
then asked as a person asks it; a claim is `claim_next` with all it writes. p95 over the calls, in milliseconds.
"""

import argparse
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from multiprocessing import Manager, get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select

from pipeline.bootstrap import SystemClock
from pipeline.review.desk import Desk
from pipeline.review.errors import ItemTaken
from pipeline.review.items import Cursor, Filters
from pipeline.store.database import Database
from pipeline.store.review_tables import FinalRecordRow
from pipeline.store.search import search_text, with_words
from pipeline.store.tables import ClientRow, DocumentRow, EventRow, ReasonRow, RecordRow, ReviewItemRow
from schemas import Field, FieldName, Outcome, Reason, Record, Review
from schemas.edits import Edits
from schemas.people import HOUSE, Actor, Role
from tests.bench.desk_pages import web_table
from tests.bench.timing import p95, timed
from tests.conftest import SERVER_USER, server

PROCESSES = 2
BASE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLIENTS = ("main", *(f"client-{number}" for number in range(1, 10)))
SELLERS = tuple(f"{kind} {name}" for kind in ("Papeterie", "Garage", "Hôtel") for name in ("Garnier", "Nord", "Étoile"))
CALLS = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk", description=__doc__)
    parser.add_argument("what", nargs="?", default="both", choices=("races", "queue", "both"))
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--items", type=int, default=100_000)
    given = parser.parse_args()
    console = Console()
    for kind in given.databases.split(","):
        if given.what in ("races", "both"):
            with database_of(kind) as url:
                console.print(race_table(kind, url, given.people, given.rounds))
        if given.what in ("queue", "both"):
            with database_of(kind) as url:
                console.print(queue_table(kind, url, given.items))
                console.print(web_table(kind, url))


@contextmanager
def database_of(kind: str) -> Iterator[str]:
    """The URL of an empty database with its tables."""
    with TemporaryDirectory(prefix="backoffice-desk-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield migrated(f"sqlite:///{folder / 'desk.db'}")
            return
        with server(folder):
            address = f"postgresql://{SERVER_USER}@/{{}}?host={folder}"
            with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE desk")
            yield migrated(address.format("desk"))


def migrated(url: str) -> str:
    """The same URL, its tables made."""
    database = Database(url)
    database.migrate()
    database.close()
    return url


def fill(url: str, count: int) -> list[int]:
    """Put invoices into the queue, of several clients, sellers and reasons; gives the items' ids."""
    database = Database(url)
    text = outcome_text()
    with database.writing() as session:
        clients = [{"id": one, "name": one, "active": True, "policy": {}, "created_at": BASE} for one in CLIENTS[1:]]
        session.execute(insert(ClientRow), clients)
        for first in range(0, count, 5000):
            numbers = range(first + 1, min(first + 5000, count) + 1)
            session.execute(insert(DocumentRow), [document_of(number) for number in numbers])
            session.execute(insert(RecordRow), [record_of(number, text) for number in numbers])
            session.execute(insert(ReasonRow), [reason_of(number) for number in numbers])
            session.execute(insert(ReviewItemRow), [item_of(number) for number in numbers])
    database.close()
    return list(range(1, count + 1))


def document_of(number: int) -> dict[str, Any]:
    """A document that is done."""
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    return {
        "id": f"{number:016d}",
        "client_id": client_of(number),
        "sha256": sha256,
        "file_name": f"scan-{number:06d}.pdf",
        "media_type": "application/pdf",
        "size": 1000,
        "received_at": BASE,
        "state": "done",
        "attempt": 1,
        "search": with_words("", f"scan-{number:06d}.pdf", seller_of(number), f"FA-{number:06d}"),
    }


def record_of(number: int, text: str) -> dict[str, Any]:
    """Its record with its headline."""
    return {
        "id": number,
        "document_id": f"{number:016d}",
        "part": 1,
        "settled_at": BASE,
        "decision": "review",
        "number": f"FA-{number:06d}",
        "issue_date": BASE.date(),
        "seller_name": seller_of(number),
        "currency": "EUR",
        "gross": Decimal(number % 5000) + Decimal("0.99"),
        "outcome": text.replace("FA-0", f"FA-{number:06d}"),
    }


def reason_of(number: int) -> dict[str, Any]:
    """Why it waits; one in a thousand for a duplicate."""
    return {"record_id": number, "code": code_of(number), "message": "Look at it.", "field": None}


def item_of(number: int) -> dict[str, Any]:
    """Its place, not in the order of its number."""
    rank = BASE + timedelta(seconds=number * 7919 % 1_000_003)
    return {
        "id": number,
        "record_id": number,
        "client_id": client_of(number),
        "state": "waiting",
        "task": "review",
        "is_sample": False,
        "blind": [],
        "priority": 0,
        "created_at": BASE,
        "deadline": rank,
        "rank": rank,
        "version": 0,
        "token": 0,
        "search": search_text(f"scan-{number:06d}.pdf", seller_of(number), f"FA-{number:06d}", [code_of(number)]),
        "amount": number % 5000 + 0.99,
    }


def code_of(number: int) -> str:
    """The reason's code."""
    return "duplicate" if number % 1000 == 0 else "low-confidence"


def seller_of(number: int) -> str:
    """One of nine."""
    return SELLERS[number % len(SELLERS)]


def client_of(number: int) -> str:
    """Half of all is the main client's."""
    return CLIENTS[0] if number % 2 else CLIENTS[1 + number % (len(CLIENTS) - 1)]


def outcome_text() -> str:
    """An outcome as it is stored."""
    values = {FieldName.INVOICE_NUMBER: "FA-0", FieldName.SELLER_NAME: "Papeterie", FieldName.CURRENCY: "EUR"}
    record = Record(fields={name: Field(name=name, value=value) for name, value in values.items()})
    reasons = (Reason(code="low-confidence", message="Look at it."),)
    return Outcome(record=record, decision=Review(reasons=reasons)).model_dump_json()


def person(number: int) -> Actor:
    """An operator at all clients."""
    return Actor(user=f"p{number}", roles={HOUSE: frozenset({Role.OPERATOR})})


# --- races


def race_table(kind: str, url: str, people: int, rounds: int) -> Table:
    """Run the races and check what they left."""
    items = fill(url, rounds)
    began = time.perf_counter()
    with Manager() as manager, ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        barrier = manager.Barrier(PROCESSES)
        share = people // PROCESSES
        jobs = [(url, range(number * share, (number + 1) * share), items, barrier) for number in range(PROCESSES)]
        answers = [answer for part in pool.map(run_people, jobs) for answer in part]
    seconds = time.perf_counter() - began
    counts = Counter(answer for _, _, answer in answers)
    won = {(item, user) for item, user, answer in answers if answer == "won"}
    database = Database(url)
    with database.reading() as session:
        finals = session.execute(select(FinalRecordRow.item_id, FinalRecordRow.decided_by, FinalRecordRow.record)).all()
        events = Counter(dict(session.execute(
            select(EventRow.kind, func.count()).group_by(EventRow.kind)).tuples().all()))  # fmt: skip
    database.close()
    stored = {(item, user) for item, user, text in finals if value_in(text) == f"{user} {item}"}
    table = Table(title=f"{kind}: {people} people x {rounds} races, {seconds:.0f} s", title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    for what, count in (
        ("attempts", len(answers)),
        ("won", counts["won"]),
        ("told that somebody else has it", counts["taken"]),
        ("other answers", len(answers) - counts["won"] - counts["taken"]),
        ("lost updates: acknowledged and not stored so", len(won - stored)),
        ("double decisions", len(won) - len({item for item, _ in won}) + events["review_corrected"] - len(finals)),
        ("items without a decision", rounds - len(finals)),
    ):
        table.add_row(what, str(count))
    return table


def run_people(job: tuple[str, range, list[int], Any]) -> list[tuple[int, str, str]]:
    """The people of one process: item, user and answer of every race."""
    url, numbers, items, barrier = job
    database = Database(url)
    desk, answers = Desk(database, SystemClock()), []
    with ThreadPoolExecutor(len(numbers)) as pool:
        for item in items:
            barrier.wait()
            answers += pool.map(lambda number, item=item: attempt(desk, person(number), item), numbers)
    database.close()
    return answers


def attempt(desk: Desk, actor: Actor, item: int) -> tuple[int, str, str]:
    """Claim and correct."""
    try:
        hold = desk.claim(actor, item)
        desk.correct(actor, hold, Edits(fields={FieldName.INVOICE_NUMBER: f"{actor.user} {item}"}), note="race")
    except ItemTaken:
        return item, actor.user, "taken"
    except Exception as error:
        return item, actor.user, repr(error)[:80]
    return item, actor.user, "won"


def value_in(text: str) -> str:
    """The number of a stored record."""
    return str(Record.model_validate_json(text).value(FieldName.INVOICE_NUMBER))


# --- the queue


def queue_table(kind: str, url: str, count: int) -> Table:
    """Fill the queue and ask it."""
    fill(url, count)
    database = Database(url)
    if kind == "postgresql":  # as autovacuum does on a server that is not a minute old
        with database.writing() as session:
            session.connection().exec_driver_sql("ANALYZE")
    desk, actor = Desk(database, SystemClock()), person(1)
    one_client = Actor(user="p2", roles={CLIENTS[3]: frozenset({Role.OPERATOR})})
    middle = Cursor(rank=BASE + timedelta(seconds=500_000), item_id=0)
    calls: dict[str, Callable[[], object]] = {
        "page, all clients": lambda: desk.page(actor),
        "page, one client of ten": lambda: desk.page(one_client),
        "page, from the middle": lambda: desk.page(actor, after=middle),
        "page, a common seller": lambda: desk.page(actor, Filters(text="garnier")),
        "page, one number": lambda: desk.page(actor, Filters(text="FA-055555")),
        "page, a rare reason": lambda: desk.page(actor, Filters(reason="duplicate")),
        "page, nothing found": lambda: desk.page(actor, Filters(text="no such seller")),
        "page, a rare amount": lambda: desk.page(actor, Filters(gross_from=Decimal("4999.50"))),
        "claim": lambda: desk.claim_next(actor),
        "claim, one client of ten": lambda: desk.claim_next(one_client),
        "claim, a rare reason": lambda: desk.claim_next(actor, Filters(reason="duplicate")),
        "stats": lambda: desk.stats(actor, BASE),
    }
    table = Table(title=f"{kind}: {count:,} items wait; ms a call", title_justify="left")
    for name in ("what", "calls", "median", "p95", "p95 of CPU"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for name, call in calls.items():
        times, cpu = timed(call, 50 if name.endswith(("found", "number", "stats")) else CALLS)
        table.add_row(name, str(len(times)), f"{median(times):.1f}", f"{p95(times):.1f}", f"{p95(cpu):.1f}")
    database.close()
    return table


if __name__ == "__main__":
    main()
