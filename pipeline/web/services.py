"""What the pages work with, built once at start and handed to the application."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Self

from fastapi import Depends, Request

from pipeline.house.house import House
from pipeline.intake.archive import Archive
from pipeline.intake.originals import open_archive
from pipeline.ports import Clock
from pipeline.posting.coding.at_desk import Bookkeepers
from pipeline.posting.coding.coders import Coders
from pipeline.posting.enqueue import put_job
from pipeline.posting.postings import Postings
from pipeline.review.desk import Desk
from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.ledger import Ledger
from pipeline.suppliers.book import Book, book_in
from pipeline.suppliers.snapshot import write_snapshot
from schemas.people import Actor, Right


@dataclass(frozen=True)
class Services:
    """One of each a process; all are safe to share between threads."""

    settings: Settings
    clock: Clock
    database: Database
    ledger: Ledger
    desk: Desk
    postings: Postings
    archive: Archive
    house: House
    bookkeepers: Bookkeepers

    @classmethod
    def over(cls, database: Database, settings: Settings, clock: Clock) -> Self:
        """All of them over one database, whose tables are up to date."""
        review = settings.review
        lease, idle = timedelta(minutes=review.lease_minutes), timedelta(seconds=review.idle_seconds)
        house = House.on(database, clock)
        books = Bookkeepers(Coders(database, clock, settings.home), house.clients, settings.posting.target)
        return cls(
            settings=settings,
            clock=clock,
            database=database,
            ledger=Ledger(database, clock),
            desk=Desk(database, clock, lease, idle, put_job, books.of),
            postings=Postings(database, clock, settings.posting),
            archive=open_archive(settings),
            house=house,
            bookkeepers=books,
        )

    @contextmanager
    def book(self, client_id: str) -> Iterator[Book]:
        """What is known of a client's suppliers; what changes goes into its snapshot at the end of the block."""
        book = book_in(self.database, self.settings.url, self.clock, client_id)
        yield book
        write_snapshot(book, self.settings.home)

    def clients_of(self, actor: Actor, right: Right) -> dict[str, str]:
        """The clients at which a person has a right: names by id."""
        return {one.id: one.name for one in self.house.clients.all() if actor.may(right, one.id)}


@contextmanager
def open_services(settings: Settings, clock: Clock) -> Iterator[Services]:
    """The services of an installation; closed at the end of the block. Raises StoreError."""
    database = Database(settings.url)
    try:
        database.migrate()
        yield Services.over(database, settings, clock)
    finally:
        database.close()


def services_of(request: Request) -> Services:
    """The services of the application that got a request."""
    found: Services = request.app.state.services
    return found


def _desk(request: Request) -> Desk:
    return services_of(request).desk


def _ledger(request: Request) -> Ledger:
    return services_of(request).ledger


TheServices = Annotated[Services, Depends(services_of)]
TheDesk = Annotated[Desk, Depends(_desk)]
TheLedger = Annotated[Ledger, Depends(_ledger)]
