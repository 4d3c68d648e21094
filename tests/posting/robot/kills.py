"""A bad day of the robot: replies dropped, pop-ups, the portal restarted, the poster killed at random moments.

Everything is a process of its own, as in an office: `backoffice portal`, and `backoffice post --watch` with Chromium.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.bootstrap import SystemClock
from pipeline.intake.archive import Archive
from pipeline.posting.coding.code import code
from pipeline.posting.coding.plan import Plan
from pipeline.posting.jobs import JobView
from pipeline.posting.key import posting_key
from pipeline.posting.portal.books import Books, Row
from pipeline.posting.portal.plan import VAT_CODES
from pipeline.posting.postings import Postings
from pipeline.posting.states import UNFINISHED, JobState
from pipeline.settings import PostingSettings, Settings
from pipeline.store.ledger import Ledger
from schemas import DocumentType, FieldName, Record
from tests.posting.fakes import Pen
from tests.posting.papers import papers, record_of_paper
from tests.posting.robot.processes import BACKOFFICE, Portal, Poster, until

INVOICE_SECONDS = 6.0
"""About what an invoice takes: so much after a voucher was posted, at random, somebody is killed."""
RATES = {one.rate for one in VAT_CODES.values()}


class Day(NamedTuple):
    """What is to happen. `waits` are settings of posting by name."""

    count: int
    kills: int
    restarts: int
    posters: int = 1
    drops: float = 0.3
    popups: float = 0.2
    seed: int = 20261127
    waits: Mapping[str, str] = {}


class Came(NamedTuple):
    """What came of a day, beside what stands in the books."""

    seconds: float
    orphans: list[float]
    """After each kill: seconds until the last process that the poster had started was gone."""
    exits: list[int]
    """Of the posters that were alive at the end and were told to end."""
    compared: list[dict[str, Any]]
    """What `backoffice postings reconcile` found."""


def records(seed: int, count: int) -> list[Record]:
    """Generated invoices and credit notes in euros, of VAT rates that the portal knows."""
    made = (record_of_paper(paper) for paper in papers(seed, 9 * count))
    fit = (one for one in made if one.value(FieldName.CURRENCY) == "EUR" and _rates(one) <= RATES)
    return list(islice(fit, count))


def clear(ledger: Ledger, settings: Settings, cleared: Sequence[Record]) -> None:
    """Let them go straight through, each with an original of its own."""
    pen = Pen(ledger, Archive(settings.archive))
    for number, record in enumerate(cleared):
        pen.put(record, f"facture-{number:03}.pdf", original(number))


def original(number: int) -> bytes:
    return f"%PDF-1.4\n% {number}\n%%EOF\n".encode()


def live(settings: Settings, ledger: Ledger, day: Day) -> Came:
    """Post what was cleared while posters and portal die, and compare both ledgers at the end."""
    dice, orphans, begin = random.Random(day.seed), list[float](), time.monotonic()
    switches = (f"drops={day.drops}", f"popups={day.popups}", f"seed={day.seed}")
    with Portal(settings.home, *switches) as portal:
        environment = _environment(settings, portal.url, day)
        with Posters(environment, settings.home, day.posters) as posters:
            for at, what in _moments(day, dice):
                until(lambda least=at: portal.posted() >= least or is_over(ledger))
                time.sleep(dice.uniform(0, INVOICE_SECONDS))  # waits for nothing: the moment is drawn
                if what == "kill":
                    orphans.append(posters.kill_one(with_browser=dice.random() < 0.5))
                else:
                    portal.restart(dice.choice((signal.SIGKILL, signal.SIGTERM)))
            until(lambda: is_over(ledger))
            exits = posters.end()
        seconds = time.monotonic() - begin
        return Came(seconds, orphans, exits, _compared(environment))


def is_over(ledger: Ledger) -> bool:
    """Whether nothing is left that a poster would do by itself."""
    counts = _postings(ledger).counts()
    return not sum(counts[state] for state in UNFINISHED)


def _postings(ledger: Ledger) -> Postings:
    return Postings(ledger.database, SystemClock(), PostingSettings())


class Posters:
    """Several at once; one that is killed is replaced."""

    def __init__(self, environment: Mapping[str, str], home: Path, count: int) -> None:
        self._start = lambda: Poster(environment, home / "posters.log")
        self._count = count

    def __enter__(self) -> "Posters":
        self._running = [self._start() for _ in range(self._count)]
        return self

    def __exit__(self, *_: object) -> None:
        for poster in self._running:
            poster.kill(with_browser=True)

    def kill_one(self, with_browser: bool) -> float:
        """Kill the one that lives longest, and start another at once; see `Poster.kill`."""
        victim = self._running.pop(0)
        assert victim.is_alive()
        self._running.append(self._start())
        return victim.kill(with_browser)

    def end(self) -> list[int]:
        """Let them end in order; their exit codes."""
        running, self._running = self._running, []
        return [poster.end() for poster in running]


def _moments(day: Day, dice: random.Random) -> list[tuple[int, str]]:
    """After how many vouchers what happens."""
    kills = [(at, "kill") for at in dice.choices(range(day.count), k=day.kills)]
    return sorted(kills + [(at, "restart") for at in dice.sample(range(1, day.count), day.restarts)])


def _environment(settings: Settings, url: str, day: Day) -> dict[str, str]:
    temporary = settings.home / "temporary"
    temporary.mkdir()
    waits = {f"BACKOFFICE_POSTING__{name.upper()}": value for name, value in day.waits.items()}
    return waits | {
        "BACKOFFICE_HOME": str(settings.home),
        "BACKOFFICE_PORTAL__URL": url,
        "BACKOFFICE_POSTING__TARGET": "portal",
        "BACKOFFICE_POSTING__LEAST_CONFIDENCE": "0",  # nobody taught the accounts of generated sellers
        "TMPDIR": str(temporary),
    }


def _compared(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    command = [BACKOFFICE, "postings", "reconcile", "--json"]
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout)


def wrong(settings: Settings, ledger: Ledger, cleared: Sequence[Record], books: Books) -> list[str]:
    """All that is not as it should be in both ledgers, in words."""
    vouchers: dict[str, list[Row]] = {}
    for row in books.vouchers(posted=True):
        vouchers.setdefault(row["reference"], []).append(row)
    found = [f"draft {row['id']} is left" for row in books.vouchers(posted=False)]
    for number, record in enumerate(cleared):
        mine = vouchers.pop(posting_key("main", record).reference, [])
        found += [f"record {number} is there {len(mine)} times"] if len(mine) != 1 else []
        found += [f"record {number}: {said}" for row in mine for said in _differing(record, number, row, books)]
    found += [f"nobody cleared {reference}" for reference in vouchers]
    jobs = [one.job for one in _postings(ledger).all(limit=200)]
    return found + [said for job in jobs for said in _unproved(job, settings.home)]


def _differing(record: Record, number: int, row: Row, books: Books) -> Iterator[str]:
    """What a voucher has otherwise than its record."""
    is_credit = record.value(FieldName.DOC_TYPE) == DocumentType.CREDIT_NOTE
    sign, gross, tax = -1 if is_credit else 1, abs(record.value(FieldName.GROSS_TOTAL)), abs(code(record, Plan()).tax)
    wanted = {"gross": sign * gross, "tax": sign * tax, "net": sign * (gross - tax)}  # VAT of abroad is a cost
    wanted |= {"invoice": record.value(FieldName.INVOICE_NUMBER), "kind": "AV" if is_credit else "FA"}
    wanted |= {"issued": record.value(FieldName.ISSUE_DATE).isoformat(), "currency": "EUR"}
    has = {**row, **{key: Decimal(row[key]) for key in ("net", "tax", "gross")}}
    yield from (f"{key} is {has[key]}, not {value}" for key, value in wanted.items() if has[key] != value)
    entries = books.parts("entries", row["id"])
    debit, credit = (sum(Decimal(one[side]) for one in entries) for side in ("debit", "credit"))
    owed = Decimal(entries[-1]["credit"]) - Decimal(entries[-1]["debit"])
    if debit != credit or owed != wanted["gross"]:
        yield f"its entries are {debit} and {credit}, to the supplier {owed}"
    content = (books.file(row["id"]) or {"content": b""})["content"]
    if hashlib.sha256(content).digest() != hashlib.sha256(original(number)).digest():
        yield "another original is attached"


def _unproved(job: JobView, home: Path) -> Iterator[str]:
    """What a job lacks to be posted and proved."""
    if job.state != JobState.POSTED or job.receipt is None:
        yield f"job {job.job_id} is {job.state}: {job.failure}"
    elif not job.receipt.found and not job.receipt.evidence:
        yield f"job {job.job_id} has no evidence"
    else:
        yield from (f"{path} is missing" for path in job.receipt.evidence if not (home / path).is_file())


def _rates(record: Record) -> set[Decimal]:
    return {line.tax_rate for line in code(record, Plan()).lines}
