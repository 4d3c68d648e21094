"""Suppliers and their known accounts in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from pipeline.store.supplier_tables import SupplierAccountRow, SupplierRow
from pipeline.suppliers.model import Source, Supplier
from pipeline.suppliers.shelf import Shelf
from pipeline.validate.identifiers import plain


class Imported(NamedTuple):
    """What an import did."""

    added: int
    changed: int
    same: int


class SupplierShelf(Shelf):
    """The supplier master, and the accounts that are known."""

    def all(self) -> tuple[Supplier, ...]:
        """Every supplier with its accounts, by name."""
        with self._database.reading() as session:
            ibans = _ibans(session, self._client_id)
            # columns, not objects: a master of 20,000 is read whole for every snapshot
            query = select(*SupplierRow.__table__.columns).where(SupplierRow.client_id == self._client_id)
            query = query.order_by(SupplierRow.name, SupplierRow.id)
            return tuple(_supplier(row, ibans.get(row.id, ())) for row in session.execute(query))

    def put(self, suppliers: Sequence[Supplier], by: str) -> Imported:
        """Write suppliers of the master, all or none. Accounts that the master named before and no longer does go.

        A supplier that a person's confirmation made, with the same VAT id or SIREN, becomes the master's.
        """
        with self._writing() as session:
            known = {row.key: row for row in session.scalars(self._suppliers())}
            learned = {one: row for row in known.values() if row.source == Source.PERSON for one in _identities(row)}
            accounts = _accounts(session, self._client_id)
            rows = [known.get(one.key) or _first(learned, _identities(one)) or self._new() for one in suppliers]
            new = [row.id is None for row in rows]
            for row, supplier in zip(rows, suppliers, strict=True):
                _fill(row, supplier)
            changed = [session.is_modified(row) for row in rows]
            for row, is_changed in zip(rows, changed, strict=True):
                if is_changed:
                    row.updated_at = self._clock.now()
            session.add_all(rows)
            session.flush()
            moved = [
                self._put_accounts(session, row.id, supplier, accounts.get(row.id, []), by)
                for row, supplier in zip(rows, suppliers, strict=True)
            ]
        touched = [one or other for one, other in zip(changed, moved, strict=True)]
        return Imported(sum(new), sum(touched) - sum(new), len(suppliers) - sum(touched))

    def set_active(self, key: str, active: bool) -> None:
        """Mark a supplier as active or not. Raises UnknownSupplier."""
        with self._writing() as session:
            row = self._row_of(session, key)
            row.active, row.updated_at = active, self._clock.now()

    def _new(self) -> SupplierRow:
        return SupplierRow(client_id=self._client_id)

    def _put_accounts(
        self, session: Session, supplier_id: int, supplier: Supplier, held: list[SupplierAccountRow], by: str
    ) -> bool:
        """Whether the accounts changed."""
        wanted = dict.fromkeys(map(plain, supplier.ibans))
        gone = [account for account in held if account.source == Source.MASTER and account.iban not in wanted]
        new = [iban for iban in wanted if iban not in {account.iban for account in held}]
        for account in gone:
            session.delete(account)
        session.add_all(account_row(supplier_id, iban, Source.MASTER, None, by, self._clock.now()) for iban in new)
        return bool(gone or new)


def account_row(
    supplier_id: int, iban: str, source: Source, document_id: str | None, by: str, at: datetime
) -> SupplierAccountRow:
    """A known account as a row; `document_id` is the confirmed document that printed it."""
    return SupplierAccountRow(
        supplier_id=supplier_id, iban=iban, source=source.value, origin_document=document_id, added_at=at, added_by=by
    )


def supplier_row(session: Session, client_id: str, supplier: Supplier, at: datetime) -> SupplierRow:
    """The row of a client's supplier; made when there is none with its key."""
    same = (SupplierRow.client_id == client_id) & (SupplierRow.key == supplier.key)
    row = session.scalar(select(SupplierRow).where(same))
    if row is None:
        row = SupplierRow(client_id=client_id, updated_at=at)
        _fill(row, supplier)
        session.add(row)
        session.flush()
    return row


def _first(rows: Mapping[str, SupplierRow], keys: Iterable[str]) -> SupplierRow | None:
    return next((rows[key] for key in keys if key in rows), None)


def _identities(supplier: Supplier | SupplierRow) -> list[str]:
    return [one for one in (supplier.vat_id, supplier.siren) if one]


def _fill(row: SupplierRow, supplier: Supplier) -> None:
    for name in ("key", "name", "vat_id", "siren", "siret", "currency", "country", "account", "active"):
        setattr(row, name, getattr(supplier, name))
    row.aliases = list(supplier.aliases)
    row.vat_rates = [f"{rate:f}" for rate in supplier.vat_rates]
    row.source = supplier.source.value


def _supplier(row: Row[Any], ibans: Iterable[str]) -> Supplier:
    return Supplier(
        key=row.key,
        name=row.name,
        aliases=tuple(row.aliases),
        vat_id=row.vat_id,
        siren=row.siren,
        siret=row.siret,
        ibans=tuple(ibans),
        currency=row.currency,
        country=row.country,
        vat_rates=tuple(Decimal(rate) for rate in row.vat_rates),
        account=row.account,
        active=row.active,
        source=Source(row.source),
    )


def _accounts(session: Session, client_id: str) -> dict[int, list[SupplierAccountRow]]:
    found: dict[int, list[SupplierAccountRow]] = {}
    query = select(SupplierAccountRow).join(SupplierRow, SupplierRow.id == SupplierAccountRow.supplier_id)
    query = query.where(SupplierRow.client_id == client_id).order_by(SupplierAccountRow.id)
    for account in session.scalars(query):
        found.setdefault(account.supplier_id, []).append(account)
    return found


def _ibans(session: Session, client_id: str) -> dict[int, list[str]]:
    query = select(SupplierAccountRow.supplier_id, SupplierAccountRow.iban)
    query = query.join(SupplierRow, SupplierRow.id == SupplierAccountRow.supplier_id)
    query = query.where(SupplierRow.client_id == client_id).order_by(SupplierAccountRow.id)
    found: dict[int, list[str]] = {}
    for supplier_id, iban in session.execute(query).tuples():
        found.setdefault(supplier_id, []).append(iban)
    return found
