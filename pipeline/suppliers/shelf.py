"""What the parts of the book share: transactions that count themselves, so that a snapshot knows it is out of date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pipeline.ports import Clock
from pipeline.store.database import Database
from pipeline.store.supplier_tables import SupplierRevisionRow, SupplierRow
from pipeline.suppliers.model import UnknownSupplier
from schemas.policy import MAIN


class Shelf:
    """A part of a client's book. Every method is one short transaction and raises StoreError."""

    def __init__(self, database: Database, clock: Clock, client_id: str = MAIN) -> None:
        self._database = database
        self._clock = clock
        self._client_id = client_id

    def of(self, client_id: str) -> Self:
        """The same part of another client's book."""
        return type(self)(self._database, self._clock, client_id)

    def clients(self) -> tuple[str, ...]:
        """The clients of whose suppliers anything was ever written."""
        with self._database.reading() as session:
            query = select(SupplierRevisionRow.client_id).where(SupplierRevisionRow.revision > 0)
            return tuple(session.scalars(query.order_by(SupplierRevisionRow.client_id)))

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self._database.writing() as session:
            row = session.scalar(self._counter())
            if row is None:
                row = SupplierRevisionRow(client_id=self._client_id, revision=0)
                session.add(row)
            row.revision += 1
            yield session

    def revision(self) -> int:
        """Grows with every change of supplier, account, rule or order."""
        with self._database.reading() as session:
            row = session.scalar(self._counter())
            return row.revision if row else 0

    def _row_of(self, session: Session, key: str) -> SupplierRow:
        """The row of a supplier. Raises UnknownSupplier."""
        row = session.scalar(self._suppliers().where(SupplierRow.key == key))
        if row is None:
            raise UnknownSupplier(f"No supplier has the key {key}.")
        return row

    def _suppliers(self) -> Select[tuple[SupplierRow]]:
        return select(SupplierRow).where(SupplierRow.client_id == self._client_id)

    def _counter(self) -> Select[tuple[SupplierRevisionRow]]:
        return select(SupplierRevisionRow).where(SupplierRevisionRow.client_id == self._client_id)
