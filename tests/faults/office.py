"""A small office from end to end: files are dropped, read, decided, corrected by a person, posted to two targets.

Everything is the product's own, opened by `pipeline.bootstrap` as the commands do, on the real clock. Only what was
read in each file is known beforehand (`read_all`): reading is pure, and so it costs nothing here.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pipeline.bootstrap import open_the_check, open_the_desk, open_the_posting, open_world
from pipeline.child_processes import ChildProcesses
from pipeline.house.clients import Clients
from pipeline.intake.inbox import Inbox
from pipeline.intake.sniff import identify_file
from pipeline.invariants import check as invariants
from pipeline.job import Job, run
from pipeline.posting.coding.plan import Plan
from pipeline.posting.coding.shelf import CodingShelf
from pipeline.process import process_documents
from pipeline.review.flow import State
from pipeline.sandbox import Sandbox
from pipeline.settings import CheckSettings, PostingSettings, Settings
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.tables import EventRow, ReviewItemRow
from schemas import Document, Draft, FieldName
from schemas.edits import Edits
from schemas.people import HOUSE, Actor, Role
from tests.faults.books import FILE, BooksTarget
from tests.paths import ROOT

SAMPLES = ROOT / "samples" / "set"
ANNE = Actor(user="anne", roles={HOUSE: frozenset({Role.OPERATOR})})
ACME = "acme"
SESSIONS = 4
"""So often the office opens again before what is left over counts as stuck."""


class Kept:
    """In place of the sandbox: what was read in each file, by its hash."""

    def __init__(self, drafts: dict[str, tuple[Draft, ...]]) -> None:
        self._drafts = drafts

    def map_unordered(self, _function: object, items: Any, _timeout: object) -> Iterator[tuple[Any, tuple[Draft, ...]]]:
        yield from ((job, self._drafts[job.document.sha256]) for job in items)


def files() -> dict[str, bytes]:
    """What is dropped, by its place in the drop folder: three e-invoices of two clients, a copy, and half a file."""
    ubl = (SAMPLES / "ubl-fr.xml").read_bytes()
    return {
        "cii-de.xml": (SAMPLES / "cii-de.xml").read_bytes(),
        "wrong.xml": ubl.replace(b"F2510-0032", b"F2510-0033").replace(b">9053.83<", b">9053.80<"),
        "half.pdf": b"%PDF-1.7\n1 0 obj\n",
        f"{ACME}/ubl-fr.xml": ubl,
        f"{ACME}/again.xml": ubl,
    }


def settings_of(home: Path, url: str = "") -> Settings:
    """Nothing waits: files are at rest at once, a posting that failed is tried again at once."""
    waits = {"doubt_seconds": 0, "retry_seconds": 0.001, "longest_retry_seconds": 0.001, "down_seconds": 0}
    posting = {**waits, "target": "file", "least_confidence": 0, "named": {"books": "tests.faults.books:books_target"}}
    return Settings(
        home=home,
        database_url=url,
        workers=1,
        settle_seconds=0,
        incomplete_after_seconds=0,
        posting=PostingSettings(**posting),
        checks=CheckSettings(grace_minutes=0),
    )


def read_all(home: Path) -> dict[str, tuple[Draft, ...]]:
    """Read the files, in a real child process."""
    settings, drafts = settings_of(home), {}
    home.mkdir(parents=True, exist_ok=True)
    with Sandbox(settings) as sandbox:
        for name, content in files().items():
            path = home / Path(name).name
            path.write_bytes(content)
            document = _document(path) if name.endswith(".xml") else None
            if document is not None:
                job = Job(document, path, settings)
                drafts[document.sha256] = sandbox.submit(run, job, timeout=settings.limits.document_seconds).result()
    return drafts


def furnish(settings: Settings) -> None:
    """Two clients, one with a target of its own; coding is sure of everything; the files lie in the drop folder."""
    with open_the_check(settings) as place:
        clients = Clients(place.database, place.clock)
        clients.add(ACME, "Acme", "root")
        clients.set_policy(ACME, {"posting_target": "books", "qa_share": 0}, "root")
        clients.set_policy("main", {"qa_share": 0}, "root")
        for client in ("main", ACME):
            CodingShelf(place.database, place.clock, client).put(Plan(sure_from=0), "root")
    BooksTarget(settings.home / ACME / FILE)
    for name, content in files().items():
        path = settings.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def work(settings: Settings, drafts: dict[str, tuple[Draft, ...]]) -> list[BaseException]:
    """A day: take in, read and decide, post, decide what needs a person, post that. What was raised, by the stages."""
    raised: list[BaseException] = []
    for stage in (_read, _post, _review, _post):
        try:
            stage(settings, drafts)
        except Exception as error:
            raised.append(error)
    return raised


def _read(settings: Settings, drafts: dict[str, tuple[Draft, ...]]) -> None:
    with open_world(settings) as opened:
        world = replace(opened, workshop=ChildProcesses(Kept(drafts), opened.archive, settings))
        Inbox(settings, world.ledger, world.clock).collect()
        for _ in process_documents(world.ledger.pending(), world):
            pass


def _post(settings: Settings, _drafts: object) -> None:
    with open_the_posting(settings) as world:
        for _ in world.post():
            pass


def _review(settings: Settings, _drafts: object) -> None:
    with open_the_desk(settings) as desk:
        mine = select(ReviewItemRow.id).where(ReviewItemRow.state.in_([State.WAITING.value, State.CLAIMED.value]))
        with desk.database.reading() as session:
            items = session.scalars(mine).all()
        for item in items:
            edits = Edits().with_field(FieldName.GROSS_TOTAL, "9053,83")
            desk.correct(ANNE, desk.claim(ANNE, item), edits, "A cent was misprinted.")


def wrong_with(settings: Settings, drafts: dict[str, tuple[Draft, ...]]) -> list[str]:
    """Open again without faults until nothing is left to do, and say all that is not as it should be."""
    for _ in range(SESSIONS):
        if raised := work(settings, drafts):
            return [f"after the restart: {error!r}" for error in raised]
        if is_over(settings):
            break
    with open_the_check(settings, at_rest=True, targets=True) as place:
        left = invariants.check(place).violations
        after = invariants.reconcile(place, "root").after.violations if left else ()
    found = [f"before reconcile: {one.code} {one.message}" for one in left if one.code not in HARMLESS]
    found += [f"after reconcile: {one.code} {one.message}" for one in after]
    return found + _differing(settings)


HARMLESS = {"leaked-temporary"}
"""What a crash may leave behind for `backoffice reconcile`; all else is made good by going on."""


def is_over(settings: Settings) -> bool:
    with open_the_check(settings) as place:
        status = place.ledger.status()
        open_jobs = sum(status.postings.get(state, 0) for state in ("waiting", "posting"))
        return set(status.documents) <= {"done"} and not open_jobs and not _listed(settings.claimed, "*.file")


def _differing(settings: Settings) -> list[str]:
    """What is not as on a day on which nothing failed."""
    has, wanted = _result(settings), WANTED
    return [f"{name} is {has[name]}, not {value}" for name, value in wanted.items() if has[name] != value]


def _result(settings: Settings) -> dict[str, Any]:
    with open_the_check(settings) as place, place.database.reading() as session:
        kinds = Counter(session.scalars(select(EventRow.kind)))
        jobs = Counter(session.execute(select(PostingJobRow.client_id, PostingJobRow.state)).tuples())
    books = [one.is_posted for one in BooksTarget(settings.home / ACME / FILE).vouchers()]
    folder = settings.home / "posted" / "main"
    return {
        "events": {kind: kinds[kind] for kind in ("received", "seen_again", "rejected", "decided", "review_corrected")},
        "jobs": dict(jobs),
        "books": books,
        "vouchers": len(_listed(folder, "*.json")),
        "attached": len(_listed(folder, "*.xml")),
        "rejected": len(_listed(settings.rejected, "*half.pdf")),
        "reasons": len(_listed(settings.rejected, "*.reason.json")),
        "inbox": len([path for path in settings.inbox.rglob("*") if path.is_file()]),
        "claimed": len(_listed(settings.claimed, "*.*")),
        "archive": len(_listed(settings.archive, "??/*")),
    }


WANTED = {
    "events": {"received": 3, "seen_again": 1, "rejected": 1, "decided": 3, "review_corrected": 1},
    "jobs": {("main", "posted"): 2, (ACME, "posted"): 1},
    "books": [True],
    "vouchers": 2,
    "attached": 2,
    "rejected": 1,
    "reasons": 1,
    "inbox": 0,
    "claimed": 0,
    "archive": 3,
}


def _listed(folder: Path, pattern: str) -> list[Path]:
    return [path for path in folder.glob(pattern) if not path.name.startswith(".")]


def _document(path: Path) -> Document:
    content = path.read_bytes()
    return Document(
        sha256=hashlib.sha256(content).hexdigest(),
        file_name=path.name,
        size=len(content),
        media_type=identify_file(path),
        received_at=datetime.now(UTC),
    )
