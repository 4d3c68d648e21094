"""What the pages work with, built once at start and handed to the application."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Self

from fastapi import Depends, Request

from pipeline.house.clients import Clients
from pipeline.house.sessions import Sessions
from pipeline.house.sign_in import Door
from pipeline.house.users import Users
from pipeline.intake.archive import Archive
from pipeline.ports import Clock
from pipeline.review.desk import Desk
from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.ledger import Ledger
from schemas.people import Actor, Right


@dataclass(frozen=True)
class Services:
    """One of each a process; all are safe to share between threads."""

    settings: Settings
    clock: Clock
    database: Database
    ledger: Ledger
    desk: Desk
    archive: Archive
    clients: Clients
    users: Users
    sessions: Sessions
    door: Door

    @classmethod
    def over(cls, database: Database, settings: Settings, clock: Clock) -> Self:
        """All of them over one database, whose tables are up to date."""
        sessions = Sessions(database, clock)
        return cls(
            settings=settings,
            clock=clock,
            database=database,
            ledger=Ledger(database, clock),
            desk=Desk(database, clock),
            archive=Archive(settings.archive),
            clients=Clients(database, clock),
            users=Users(database, clock),
            sessions=sessions,
            door=Door(database, clock, sessions),
        )

    def clients_of(self, actor: Actor, right: Right) -> dict[str, str]:
        """The clients at which a person has a right: names by id."""
        return {one.id: one.name for one in self.clients.all() if actor.may(right, one.id)}


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
