"""Builds the world in one place, at start, never at import."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from pydantic import ValidationError

from pipeline.child_processes import ChildProcesses
from pipeline.durable import make_folder
from pipeline.errors import BackofficeError, EnvironmentFault
from pipeline.house.anchors import FILE_NAME, Anchor, anchor
from pipeline.house.clients import Clients
from pipeline.house.house import House, open_house
from pipeline.intake.originals import open_archive
from pipeline.invariants.place import Place
from pipeline.measure.watch import watch
from pipeline.posting.coding.at_desk import Bookkeepers
from pipeline.posting.coding.coders import Coders
from pipeline.posting.coding.shelf import CodingShelf
from pipeline.posting.enqueue import put_job
from pipeline.posting.export import Exporter
from pipeline.posting.targets import Targets
from pipeline.posting.world import PostingWorld
from pipeline.retention.erase import Eraser
from pipeline.review.desk import Desk
from pipeline.review.pages import read_pages
from pipeline.review.teach import Teacher
from pipeline.sandbox import Sandbox
from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.ledger import Ledger, open_ledger
from pipeline.suppliers.book import Book, book_in, open_book
from pipeline.suppliers.snapshot import write_snapshots
from pipeline.worker import is_gone
from pipeline.world import World
from schemas import Document, Page


class SystemClock:
    """Implements `pipeline.ports.Clock`."""

    def now(self) -> datetime:
        """The time now in UTC."""
        return datetime.now(UTC)


class BadSettings(BackofficeError):
    """A setting of the environment or of backoffice.toml is wrong."""

    code = "bad-settings"
    remedy = "Mend that setting: BACKOFFICE_… in the environment, or backoffice.toml in this folder."


def load_settings(
    home: Path | None = None,
    ignore_xml: bool = False,
    workers: int | None = None,
    inbox: Path | None = None,
    client: str | None = None,
) -> Settings:
    """The settings; what is given here wins over the environment, and that over backoffice.toml.

    Raises BadSettings.
    """
    given: dict[str, Any] = {"home": home, "workers": workers, "inbox_folder": inbox, "client": client}
    given = {name: value for name, value in given.items() if value is not None}
    if ignore_xml:
        given["reading"] = {"ignore_xml": True}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSettings(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


@contextmanager
def open_the_ledger(settings: Settings, client_id: str | None = None) -> Iterator[Ledger]:
    """The ledger alone, or what is in it of one client, its tables brought up to date; for what only looks.

    Raises StoreError, EnvironmentFault, UnknownClient.
    """
    _make_home(settings)
    with open_ledger(settings.url, SystemClock()) as ledger:
        yield ledger.of(Clients(ledger.database, SystemClock()).get(client_id).id) if client_id else ledger


@contextmanager
def open_the_book(settings: Settings) -> Iterator[Book]:
    """What is known of a client's suppliers and orders; what changes goes into the snapshot at the end of the block.

    Raises StoreError, EnvironmentFault, UnknownClient.
    """
    _make_home(settings)
    with open_book(settings.url, SystemClock(), settings.client) as book:
        Clients(book.database, SystemClock()).get(settings.client)
        yield book
        write_snapshots(book, settings.home)


@contextmanager
def open_the_coding(settings: Settings) -> Iterator[CodingShelf]:
    """The coding plan and history of a client. Raises StoreError, EnvironmentFault, UnknownClient."""
    with open_the_ledger(settings) as ledger:
        Clients(ledger.database, SystemClock()).get(settings.client)
        yield CodingShelf(ledger.database, SystemClock(), settings.client)


@contextmanager
def open_the_export(settings: Settings, begin: date | None = None, end: date | None = None) -> Iterator[Exporter]:
    """What was cleared of a client, issued in a period. Raises StoreError, EnvironmentFault, UnknownClient."""
    with open_the_ledger(settings) as ledger, Sandbox(settings) as sandbox:
        client = Clients(ledger.database, SystemClock()).get(settings.client)
        write_snapshots(book_in(ledger.database, settings.url, SystemClock()), settings.home)
        coders = Coders(ledger.database, SystemClock(), settings.home)
        archive, seconds = open_archive(settings), settings.limits.document_seconds
        yield Exporter(ledger.database, archive, sandbox, coders, client.id, client.name, begin, end, seconds)


@contextmanager
def open_the_house(settings: Settings) -> Iterator[House]:
    """Clients, users and the audit trail. Raises StoreError, EnvironmentFault."""
    _make_home(settings)
    with open_house(settings.url, SystemClock()) as house:
        yield house


def drop_anchor(settings: Settings, database: Database) -> tuple[Anchor, ...]:
    """Write down outside of the database where the audit trail stands. Raises StoreError."""
    return anchor(database, anchors_of(settings), SystemClock())


def anchors_of(settings: Settings) -> Path:
    """The file of the anchors."""
    return settings.home / FILE_NAME


@contextmanager
def open_the_desk(settings: Settings) -> Iterator[Desk]:
    """The review desk. Raises StoreError, EnvironmentFault."""
    _make_home(settings)
    database = Database(settings.url)
    try:
        database.migrate()
        review = settings.review
        lease, idle = timedelta(minutes=review.lease_minutes), timedelta(seconds=review.idle_seconds)
        yield Desk(database, SystemClock(), lease, idle, put_job, bookkeepers_of(database, settings).of)
    finally:
        database.close()


def bookkeepers_of(database: Database, settings: Settings) -> Bookkeepers:
    """Who knows the accounts of each client that posts somewhere."""
    clock = SystemClock()
    coders = Coders(database, clock, settings.home)
    return Bookkeepers(coders, Clients(database, clock), settings.posting.target)


@contextmanager
def open_the_posting(settings: Settings) -> Iterator[PostingWorld]:
    """All that posting needs; closed at the end of the block. Raises StoreError, EnvironmentFault."""
    _make_home(settings)
    database, clock = Database(settings.url), SystemClock()
    try:
        database.migrate()
        with Targets(settings) as targets:
            yield PostingWorld(
                settings,
                database,
                clock,
                targets,
                Coders(database, clock, settings.home).code,
                open_archive(settings),
            )
    finally:
        database.close()


def learn_from_decisions(settings: Settings) -> int:
    """Teach the supplier memory and the training set what people decided since; returns how many decisions.

    It reads the pages again in a child process, seconds for a scan. Raises StoreError, EnvironmentFault.
    """
    with open_the_book(settings) as book, Sandbox(settings) as sandbox:
        archive = open_archive(settings)

        def pages_of(document: Document) -> tuple[Page, ...]:
            job = (archive.path(document.sha256), document.media_type, settings)
            return sandbox.submit(read_pages, *job, timeout=settings.limits.document_seconds).result()

        return Teacher(book.database, SystemClock(), archive, settings.labelled).teach(book, pages_of)


def watch_quality(settings: Settings, database: Database) -> int:
    """Look whether too much is posted wrong, and act on it; returns of how many suppliers, models and clients it is.

    Raises StoreError.
    """
    routing = settings.routing
    return len(watch(database, SystemClock(), routing.target_error, routing.tighten))


@contextmanager
def open_world(settings: Settings, stop: Event | None = None) -> Iterator[World]:
    """Everything that the work needs; closed at the end of the block, and the audit trail is anchored then.

    Once `stop` is set the work raises KeyboardInterrupt. Raises StoreError, EnvironmentFault, UnknownClient.
    """
    stop = stop or Event()
    with open_the_ledger(settings) as ledger, Sandbox(settings, stop) as sandbox:
        archive = open_archive(settings)
        workshop = ChildProcesses(sandbox, archive, settings)
        world = World(settings, ledger, archive, workshop, SystemClock(), stop)
        world.clients.open_one(settings.client)
        write_snapshots(book_in(ledger.database, settings.url, SystemClock()), settings.home)
        ledger.take_back(is_gone)
        yield world
        drop_anchor(settings, ledger.database)


@contextmanager
def open_the_check(
    settings: Settings, at_rest: bool = False, quick: bool = False, targets: bool = False
) -> Iterator[Place]:
    """An installation to check or reconcile. Raises StoreError, EnvironmentFault."""
    with open_the_ledger(settings) as ledger, Targets(settings) as opened:
        yield Place(
            settings=settings,
            database=ledger.database,
            archive=open_archive(settings),
            clock=SystemClock(),
            anchors=anchors_of(settings),
            is_gone=is_gone,
            targets=opened if targets else None,
            at_rest=at_rest,
            quick=quick,
        )


@contextmanager
def open_the_eraser(settings: Settings) -> Iterator[tuple[Database, Eraser]]:
    """What erases documents, and the database that tells which; the trail is anchored at the end of the block.

    Raises StoreError, EnvironmentFault.
    """
    with open_the_ledger(settings) as ledger:
        yield ledger.database, Eraser(settings, ledger.database, open_archive(settings), SystemClock())
        drop_anchor(settings, ledger.database)


def _make_home(settings: Settings) -> None:
    try:
        make_folder(settings.home)
    except OSError as error:
        remedy = "Choose another one with --home, or change its permissions."
        raise EnvironmentFault(f"{settings.home} is not writable: {error}", code="home", remedy=remedy) from error
