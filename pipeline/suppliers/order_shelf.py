"""Purchase orders and what was invoiced on them, in the database."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pipeline.store.supplier_tables import PurchaseOrderInvoiceRow, PurchaseOrderRow
from pipeline.suppliers.model import OrderLine, PurchaseOrder
from pipeline.suppliers.shelf import Shelf
from pipeline.suppliers.supplier_shelf import Imported
from pipeline.validate.identifiers import plain
from schemas import FieldName, Record


class OrderShelf(Shelf):
    """Orders by number; spaces and punctuation in a number do not count."""

    def all(self) -> tuple[PurchaseOrder, ...]:
        """Every order with what was invoiced on it, by number."""
        with self._database.reading() as session:
            taken = self._taken(session)
            rows = session.scalars(self._orders().order_by(PurchaseOrderRow.number))
            return tuple(_order(row, taken.get(row.number, ())) for row in rows)

    def find(self, number: str) -> PurchaseOrder | None:
        """The order with a number, as it stands now; None when there is none."""
        with self._database.reading() as session:
            row = session.scalar(self._orders().where(PurchaseOrderRow.number == plain(number)))
            return _order(row, self._taken(session, row.number).get(row.number, ())) if row else None

    def put(self, orders: Sequence[PurchaseOrder]) -> Imported:
        """Write orders, all or none. What was invoiced on them stays."""
        with self._writing() as session:
            known = {row.number: row for row in session.scalars(self._orders())}
            rows = [known.get(plain(order.number)) or PurchaseOrderRow(client_id=self._client_id) for order in orders]
            new = sum(row.id is None for row in rows)
            for row, order in zip(rows, orders, strict=True):
                _fill(row, order)
            changed = [row for row in rows if session.is_modified(row)]
            for row in changed:
                row.updated_at = self._clock.now()
            session.add_all(rows)
        return Imported(new, len(changed) - new, len(orders) - len(changed))

    def note_invoice(self, record: Record, document_id: str, part: int) -> bool:
        """Note what an invoice takes of the order that it names; once a document, the newest note counts.

        False when it names no known order or has no net total: then nothing is noted.
        """
        number, net = plain(record.value(FieldName.PO_NUMBER)), record.value(FieldName.NET_TOTAL)
        if not number or net is None or self.find(number) is None:
            return False
        with self._writing() as session:
            same = (PurchaseOrderInvoiceRow.document_id == document_id) & (PurchaseOrderInvoiceRow.part == part)
            row = session.scalar(select(PurchaseOrderInvoiceRow).where(same))
            row = row or PurchaseOrderInvoiceRow(client_id=self._client_id, document_id=document_id, part=part)
            row.number, row.net, row.noted_at = number, _signed(record, net), self._clock.now()
            session.add(row)
        return True

    def _orders(self) -> Select[tuple[PurchaseOrderRow]]:
        return select(PurchaseOrderRow).where(PurchaseOrderRow.client_id == self._client_id)

    def _taken(self, session: Session, number: str | None = None) -> dict[str, list[Decimal]]:
        query = select(PurchaseOrderInvoiceRow).where(PurchaseOrderInvoiceRow.client_id == self._client_id)
        if number is not None:
            query = query.where(PurchaseOrderInvoiceRow.number == number)
        taken: dict[str, list[Decimal]] = {}
        for row in session.scalars(query):
            taken.setdefault(row.number, []).append(row.net)
        return taken


def _signed(record: Record, net: Decimal) -> Decimal:
    """A credit note gives back, whichever sign it prints."""
    return -abs(net) if record.value(FieldName.DOC_TYPE) == "credit_note" else net


def _fill(row: PurchaseOrderRow, order: PurchaseOrder) -> None:
    row.number, row.supplier, row.currency, row.total = (
        plain(order.number), order.supplier, order.currency, order.total,
    )  # fmt: skip
    row.lines = [line.model_dump(mode="json") for line in order.lines]


def _order(row: PurchaseOrderRow, invoiced: Iterable[Decimal]) -> PurchaseOrder:
    return PurchaseOrder(
        number=row.number,
        supplier=row.supplier,
        currency=row.currency,
        total=row.total,
        invoiced=sum(invoiced, Decimal(0)),
        lines=tuple(OrderLine.model_validate(line) for line in row.lines),
    )
