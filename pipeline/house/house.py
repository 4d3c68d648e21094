"""The house with all its rooms, on one database."""

from dataclasses import dataclass
from typing import Self

from pipeline.house.clients import Clients
from pipeline.house.sessions import Sessions
from pipeline.house.sign_in import Door
from pipeline.house.users import Users
from pipeline.ports import Clock
from pipeline.store.database import Database


@dataclass(frozen=True)
class House:
    """Clients, users, their sessions and the door. Safe to share between threads; every process opens its own."""

    database: Database
    clients: Clients
    users: Users
    sessions: Sessions
    door: Door

    @classmethod
    def on(cls, database: Database, clock: Clock) -> Self:
        """The house in a database whose tables are up to date."""
        sessions = Sessions(database, clock)
        return cls(
            database, Clients(database, clock), Users(database, clock), sessions, Door(database, clock, sessions)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database connections back."""
        self.database.close()


def open_house(url: str, clock: Clock) -> House:
    """Open the house in the database of the ledger, its tables brought up to date. Raises StoreError."""
    database = Database(url)
    database.migrate()
    return House.on(database, clock)
