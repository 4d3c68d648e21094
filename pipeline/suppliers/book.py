"""The book of a client: the one interface to what is kept of its suppliers, rules and orders in the database."""

from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import make_url

from pipeline.ports import Clock
from pipeline.store.database import Database
from pipeline.suppliers.order_shelf import OrderShelf
from pipeline.suppliers.rule_shelf import RuleShelf
from pipeline.suppliers.supplier_shelf import SupplierShelf
from schemas.policy import MAIN


@dataclass(frozen=True)
class Book:
    """Suppliers, what was learned of them, and orders. Safe to share between threads; every process opens its own."""

    client_id: str
    database: Database
    suppliers: SupplierShelf
    rules: RuleShelf
    orders: OrderShelf
    identity: str
    """Which database it is, without its password: a snapshot of another one is out of date."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database connections back."""
        self.database.close()

    def of(self, client_id: str) -> Self:
        """The book of another client in the same database; it ends with this one."""
        suppliers, rules = self.suppliers.of(client_id), self.rules.of(client_id)
        return replace(self, client_id=client_id, suppliers=suppliers, rules=rules, orders=self.orders.of(client_id))

    def clients(self) -> tuple[str, ...]:
        """The clients of whose suppliers anything is kept."""
        return self.suppliers.clients()

    def revision(self) -> int:
        """Grows with every change; a snapshot with the same revision is up to date."""
        return self.suppliers.revision()


def open_book(url: str, clock: Clock, client_id: str = MAIN) -> Book:
    """Open a client's book in the database of the ledger, its tables brought up to date. Raises StoreError."""
    database = Database(url)
    database.migrate()
    return book_in(database, url, clock, client_id)


def book_in(database: Database, url: str, clock: Clock, client_id: str = MAIN) -> Book:
    """A client's book in a database that is open already, and whose tables are up to date."""
    identity = make_url(url).render_as_string(hide_password=True)
    shelves = (SupplierShelf(database, clock), RuleShelf(database, clock), OrderShelf(database, clock))
    return Book(MAIN, database, *shelves, identity=identity).of(client_id)
