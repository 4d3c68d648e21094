"""Suppliers of whose invoices more certainty is asked than of others: rules by version, each with its reason.

Written by the quality watch (`pipeline.measure.watch`) when samples show that too much of a supplier is posted wrong,
and taken back by a person. `pipeline.route` reads them.
"""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pipeline.ports import Clock
from pipeline.store import trail
from pipeline.store.database import Database
from pipeline.store.supplier_tables import SupplierLimitRow
from pipeline.suppliers.model import UnknownSupplier
from schemas.limit import Limit
from schemas.policy import MAIN

TENTH = 10.0
"""By so much the target is divided the first time; the second time everything is reviewed."""


class Limits:
    """Those of one client. Every method is one short transaction and raises StoreError."""

    def __init__(self, database: Database, clock: Clock, client_id: str = MAIN) -> None:
        self._database = database
        self._clock = clock
        self._client_id = client_id

    def newest(self) -> dict[str, Limit]:
        """The version that counts of each supplier that ever had one, also where it was taken back."""
        with self._database.reading() as session:
            return {limit.supplier: limit for limit in map(_limit, session.scalars(self._newest()))}

    def live(self) -> dict[str, Limit]:
        """Those that ask for more than the client's target, by supplier."""
        return {key: limit for key, limit in self.newest().items() if limit.target_error is not None}

    def versions(self, supplier: str) -> tuple[Limit, ...]:
        """All versions of a supplier, oldest first."""
        row = SupplierLimitRow
        query = select(row).where(row.client_id == self._client_id, row.supplier == supplier).order_by(row.version)
        with self._database.reading() as session:
            return tuple(map(_limit, session.scalars(query)))

    def tighten(self, supplier: str, seller: str, target: float, why: str, day: tuple[int, int], by: str) -> Limit:
        """Ask for a tenth of the target; where a limit is on already, review everything. Event: "supplier_tightened".

        `target` is the client's; `day` are the samples of today that were judged, checked and wrong.
        """
        with self._database.writing() as session:
            before = self._of(session, supplier)
            is_on = before is not None and before.target_error is not None
            return self._add(session, supplier, seller, 0.0 if is_on else target / TENTH, why, day, by)

    def release(self, supplier: str, why: str, day: tuple[int, int], by: str) -> Limit:
        """Let the client's target hold again. Event: "supplier_released". Raises UnknownSupplier without a limit."""
        with self._database.writing() as session:
            before = self._of(session, supplier)
            if before is None or before.target_error is None:
                raise UnknownSupplier(f"No limit is on for {supplier}.", remedy="See `backoffice quality`.")
            return self._add(session, supplier, before.seller, None, why, day, by)

    def _add(
        self,
        session: Session,
        supplier: str,
        seller: str,
        target: float | None,
        why: str,
        day: tuple[int, int],
        by: str,
    ) -> Limit:
        before = self._of(session, supplier)
        row = SupplierLimitRow(
            client_id=self._client_id,
            supplier=supplier,
            version=before.version + 1 if before else 1,
            seller=seller,
            target_error=target,
            why=why,
            created_at=self._clock.now(),
            created_by=by,
            day_checked=day[0],
            day_wrong=day[1],
        )
        session.add(row)
        told = {"supplier": supplier, "seller": seller, "version": row.version, "after": target, "why": why}
        told["before"] = before.target_error if before else None
        kind = "supplier_released" if target is None else "supplier_tightened"
        trail.append(session, row.created_at, kind, None, self._client_id, by, told)
        return _limit(row)

    def _of(self, session: Session, supplier: str) -> SupplierLimitRow | None:
        return session.scalar(self._newest().where(SupplierLimitRow.supplier == supplier))

    def _newest(self) -> Select[tuple[SupplierLimitRow]]:
        row = SupplierLimitRow
        last = (
            select(row.supplier, func.max(row.version).label("version"))
            .where(row.client_id == self._client_id)
            .group_by(row.supplier)
            .subquery()
        )
        same = (last.c.supplier == row.supplier) & (last.c.version == row.version)
        return select(row).join(last, same).where(row.client_id == self._client_id).order_by(row.supplier)


def _limit(row: SupplierLimitRow) -> Limit:
    return Limit(
        supplier=row.supplier,
        seller=row.seller,
        version=row.version,
        target_error=row.target_error,
        why=row.why,
        at=row.created_at,
        by=row.created_by,
        day_checked=row.day_checked,
        day_wrong=row.day_wrong,
    )
