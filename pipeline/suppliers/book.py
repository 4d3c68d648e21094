"""The book of suppliers: the one interface to what is kept of suppliers, rules and orders in the database."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import make_url

from pipeline.ports import Clock
from pipeline.store.database import Database
from pipeline.suppliers.order_shelf import OrderShelf
from pipeline.suppliers.rule_shelf import RuleShelf
from pipeline.suppliers.supplier_shelf import SupplierShelf


@dataclass(frozen=True)
class Book:
    """Suppliers, what was learned of them, and orders. Safe to share between threads; every process opens its own."""

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

    def revision(self) -> int:
        """Grows with every change; a snapshot with the same revision is up to date."""
        return self.suppliers.revision()


def open_book(url: str, clock: Clock) -> Book:
    """Open the book in the database of the ledger, its tables brought up to date. Raises StoreError."""
    database = Database(url)
    database.migrate()
    shelves = (SupplierShelf(database, clock), RuleShelf(database, clock), OrderShelf(database, clock))
    return Book(database, *shelves, identity=make_url(url).render_as_string(hide_password=True))
