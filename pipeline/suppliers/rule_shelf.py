"""Rules by version and the confirmed documents they were learned from, in the database."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.errors import StoreError
from pipeline.store.supplier_tables import SupplierAccountRow, SupplierDocumentRow, SupplierRow, SupplierRuleRow
from pipeline.suppliers.model import Rules, Source, Supplier
from pipeline.suppliers.shelf import Shelf
from pipeline.suppliers.supplier_shelf import account_row, supplier_row
from schemas import Page, Record

KEPT_DOCUMENTS = 30
"""Confirmed documents of a supplier that are kept for the replay, newest first: enough to see every habit, few enough
to replay while a person waits."""

PAGES = TypeAdapter(tuple[Page, ...])


class Confirmed(NamedTuple):
    """A record that a person confirmed, with the pages it was read from."""

    document_id: str
    part: int
    record: Record
    pages: tuple[Page, ...]


class Version(NamedTuple):
    """One version of a supplier's rules; the newest counts, when it is on."""

    number: int
    rules: Rules
    is_on: bool
    created_at: datetime
    edited_by: str
    origin_document: str | None


class Outdated(StoreError):
    """Somebody else wrote a newer version in between."""

    code = "rules-outdated"
    remedy = "Look at the rules again, then try it once more."


class RuleShelf(Shelf):
    """What was learned, and from which documents."""

    def versions(self, key: str) -> tuple[Version, ...]:
        """All versions of a supplier's rules, oldest first. Raises UnknownSupplier."""
        with self._database.reading() as session:
            supplier_id = self._row_of(session, key).id
            query = select(SupplierRuleRow).where(SupplierRuleRow.supplier_id == supplier_id)
            return tuple(_version(row) for row in session.scalars(query.order_by(SupplierRuleRow.version)))

    def newest(self, key: str) -> Version | None:
        """The version that counts; None while nothing was learned, also of a supplier that is not known."""
        query = (
            select(SupplierRuleRow)
            .join(SupplierRow, SupplierRow.id == SupplierRuleRow.supplier_id)
            .where(SupplierRow.client_id == self._client_id, SupplierRow.key == key)
            .order_by(SupplierRuleRow.version.desc())
            .limit(1)
        )
        with self._database.reading() as session:
            row = session.scalar(query)
            return _version(row) if row else None

    def live(self) -> dict[str, str]:
        """The rules that are on, as JSON text by supplier key."""
        newest = select(SupplierRuleRow.supplier_id, func.max(SupplierRuleRow.version).label("version"))
        last = newest.group_by(SupplierRuleRow.supplier_id).subquery()
        query = (
            select(SupplierRow.key, SupplierRuleRow.rules)
            .join(SupplierRow, SupplierRow.id == SupplierRuleRow.supplier_id)
            .join(last, (last.c.supplier_id == SupplierRow.id) & (last.c.version == SupplierRuleRow.version))
            .where(SupplierRow.client_id == self._client_id, SupplierRuleRow.is_on)
            .order_by(SupplierRow.key)
        )
        with self._database.reading() as session:
            return dict(session.execute(query).tuples().all())

    def history(self, key: str) -> tuple[Confirmed, ...]:
        """The confirmed documents that are kept of a supplier, oldest first; none of one that is not known."""
        query = (
            select(SupplierDocumentRow)
            .join(SupplierRow, SupplierRow.id == SupplierDocumentRow.supplier_id)
            .where(SupplierRow.client_id == self._client_id, SupplierRow.key == key)
            .order_by(SupplierDocumentRow.id)
        )
        with self._database.reading() as session:
            return tuple(_confirmed(row) for row in session.scalars(query))

    def add(self, key: str, rules: Rules, by: str, is_on: bool = True, base: int | None = None) -> int:
        """Write a new version and return its number; `base` is the version that it was made from.

        Raises UnknownSupplier, and Outdated when `base` is given and is no longer the newest.
        """
        with self._writing() as session:
            return self._add(session, self._row_of(session, key), rules, None, by, is_on, base)

    def add_confirmed(
        self, supplier: Supplier, document: Confirmed, rules: Rules, ibans: Sequence[str], by: str, base: int
    ) -> int:
        """Write a confirmed document, its accounts and the rules after it, all or none; gives the rules' version.

        A supplier that is not known yet is made from `supplier`. Rules that were switched off stay off.
        """
        at = self._clock.now()
        with self._writing() as session:
            row = supplier_row(session, self._client_id, supplier, at)
            query = select(SupplierAccountRow.iban).where(SupplierAccountRow.supplier_id == row.id)
            held = set(session.scalars(query))
            session.add_all(
                account_row(row.id, iban, Source.PERSON, document.document_id, by, at)
                for iban in ibans
                if iban not in held
            )
            _put_document(session, row.id, document, by, at)
            return self._add(session, row, rules, document.document_id, by, None, base)

    def _add(
        self,
        session: Session,
        supplier: SupplierRow,
        rules: Rules,
        document_id: str | None,
        by: str,
        is_on: bool | None,
        base: int | None,
    ) -> int:
        query = select(SupplierRuleRow).where(SupplierRuleRow.supplier_id == supplier.id)
        last = session.scalar(query.order_by(SupplierRuleRow.version.desc()).limit(1))
        number = last.version if last else 0
        if base is not None and base != number:
            raise Outdated(f"The rules of {supplier.name} have version {number} by now, not {base}.")
        was_on = last.is_on if last else True
        session.add(
            SupplierRuleRow(
                supplier_id=supplier.id,
                version=number + 1,
                created_at=self._clock.now(),
                origin_document=document_id,
                is_on=was_on if is_on is None else is_on,
                edited_by=by,
                rules=rules.model_dump_json(),
            )
        )
        return number + 1


def _put_document(session: Session, supplier_id: int, document: Confirmed, by: str, at: datetime) -> None:
    """Write a confirmed document, over an earlier confirmation of it; the oldest beyond those kept go."""
    same = (SupplierDocumentRow.document_id == document.document_id) & (SupplierDocumentRow.part == document.part)
    row = session.scalar(select(SupplierDocumentRow).where(same)) or SupplierDocumentRow(
        document_id=document.document_id, part=document.part
    )
    row.supplier_id, row.confirmed_at, row.confirmed_by = supplier_id, at, by
    row.record = document.record.model_dump_json()
    row.reading = zlib.compress(PAGES.dump_json(document.pages), level=6)
    session.add(row)
    session.flush()
    mine = select(SupplierDocumentRow).where(SupplierDocumentRow.supplier_id == supplier_id)
    for old in session.scalars(mine.order_by(SupplierDocumentRow.id.desc()).offset(KEPT_DOCUMENTS)):
        session.delete(old)


def _version(row: SupplierRuleRow) -> Version:
    rules = Rules.model_validate_json(row.rules)
    return Version(row.version, rules, row.is_on, row.created_at, row.edited_by, row.origin_document)


def _confirmed(row: SupplierDocumentRow) -> Confirmed:
    pages = PAGES.validate_json(zlib.decompress(row.reading))
    return Confirmed(row.document_id, row.part, Record.model_validate_json(row.record), pages)
