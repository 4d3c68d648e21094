"""What else is known around an item: the supplier's earlier invoices, possible duplicates, what happened to it."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from pipeline.review.items import Item
from pipeline.store import rows
from pipeline.store.database import Database
from pipeline.store.tables import DocumentRow, EventRow, RecordRow, ReviewItemRow
from pipeline.web.access import PageNotFound
from schemas import Document, FieldName

EARLIER = 8
"""Invoices of a supplier that are shown."""
LATEST = 60
"""Events that are shown."""
_NAMED = re.compile(r"Document ([0-9a-f]{16}) is the same invoice")


class Other(NamedTuple):
    """Another invoice of the client."""

    document_id: str
    item_id: int | None
    file_name: str
    number: str | None
    issue_date: date | None
    currency: str | None
    gross: Decimal | None
    state: str
    """Of its review item, or else what the machine decided."""


class Happened(NamedTuple):
    """One event of an item's history; `told` is empty where it would tell what is to be keyed blind."""

    at: datetime
    kind: str
    actor: str
    told: dict[str, Any]


def others_of(database: Database, item: Item, document_id: str) -> Document:
    """A document that may be the same invoice as the item. Raises PageNotFound for any other document."""
    if document_id not in duplicate_ids(item):
        raise PageNotFound("There is no such page.")
    with database.reading() as session:
        row = session.get(DocumentRow, document_id)
        if row is None or row.client_id != item.row.client_id:
            raise PageNotFound("There is no such page.")
        return rows.document(row)


def duplicate_ids(item: Item) -> tuple[str, ...]:
    """The documents that the machine or a decision named as the same invoice."""
    findings = (*item.findings, *(item.final.findings if item.final else ()))
    named = (_NAMED.match(one.message) for one in findings if one.rule == "duplicate")
    return tuple(dict.fromkeys(match[1] for match in named if match))


def duplicates_of(database: Database, item: Item) -> tuple[Other, ...]:
    """The invoices in those documents."""
    ids = duplicate_ids(item)
    return _others(database, item, RecordRow.document_id.in_(ids)) if ids else ()


def earlier_of(database: Database, item: Item) -> tuple[Other, ...]:
    """The latest other invoices of the same supplier, by its name as it was read; none where that is keyed blind."""
    seller = item.record.value(FieldName.SELLER_NAME)
    return _others(database, item, RecordRow.seller_name == seller) if seller else ()


def history_of(database: Database, item: Item) -> tuple[Happened, ...]:
    """What happened to the document of an item, latest first."""
    query = select(EventRow).where(
        EventRow.document_id == item.row.document_id, EventRow.client_id == item.row.client_id
    )
    with database.reading() as session:
        found = session.scalars(query.order_by(EventRow.id.desc()).limit(LATEST))
        told = (Happened(row.at, row.kind, row.actor, {} if item.blind else dict(row.data)) for row in found)
        return tuple(one for one in told if one.told.get("item") in (None, item.row.item_id))


def _others(database: Database, item: Item, which: Any) -> tuple[Other, ...]:
    query = (
        select(RecordRow, DocumentRow.file_name, ReviewItemRow.id, ReviewItemRow.state)
        .join(DocumentRow, DocumentRow.id == RecordRow.document_id)
        .outerjoin(ReviewItemRow, ReviewItemRow.record_id == RecordRow.id)
        .with_only_columns(
            RecordRow.document_id,
            ReviewItemRow.id,
            DocumentRow.file_name,
            RecordRow.number,
            RecordRow.issue_date,
            RecordRow.currency,
            RecordRow.gross,
            RecordRow.decision,
            ReviewItemRow.state,
            RecordRow.part,
        )
        .where(which, DocumentRow.client_id == item.row.client_id)
        .order_by(RecordRow.issue_date.desc(), RecordRow.id.desc())
        .limit(EARLIER + 1)
    )
    with database.reading() as session:
        found = [row for row in session.execute(query) if not _is_same(row, item)]
    return tuple(_other(row) for row in found[:EARLIER])


def _is_same(row: Sequence[Any], item: Item) -> bool:
    return (row[0], row[9]) == (item.row.document_id, item.row.part)


def _other(row: Sequence[Any]) -> Other:
    document_id, item_id, file_name, number, issued, currency, gross, decision, state, _ = row
    return Other(document_id, item_id, file_name, number, issued, currency, gross, state or decision)
