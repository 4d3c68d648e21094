"""What the parts of the book share: transactions that count themselves, so that a snapshot knows it is out of date."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.ports import Clock
from pipeline.store.database import Database
from pipeline.store.supplier_tables import SupplierRevisionRow, SupplierRow
from pipeline.suppliers.model import UnknownSupplier


class Shelf:
    """A part of the book. Every method is one short transaction and raises StoreError."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self._database.writing() as session:
            session.execute(update(SupplierRevisionRow).values(revision=SupplierRevisionRow.revision + 1))
            yield session

    def revision(self) -> int:
        """Grows with every change of supplier, account, rule or order."""
        with self._database.reading() as session:
            return session.scalars(select(SupplierRevisionRow.revision)).one()


def row_of(session: Session, key: str) -> SupplierRow:
    """The row of a supplier. Raises UnknownSupplier."""
    row = session.scalar(select(SupplierRow).where(SupplierRow.key == key))
    if row is None:
        raise UnknownSupplier(f"No supplier has the key {key}.")
    return row
