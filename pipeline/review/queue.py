"""The queries of the queue. One index (state, rank, id, client, search, amount) serves page, filters and claim.

Every state is asked for by itself and the answers are merged, so that each query walks the index in order and stops
after its limit; with several states in one query the database would sort all that waits.

A claim reads and writes in one writing transaction, which no other writer overlaps (`pipeline.store.database`), on
PostgreSQL too: the chain of the audit trail needs that order. So there is nothing for SKIP LOCKED to skip.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, defer

from pipeline.review.flow import OPEN, State, Task
from pipeline.review.items import Cursor, Filters, QueuePage, QueueRow
from pipeline.store.search import code_mark, fold
from pipeline.store.tables import DocumentRow, RecordRow, ReviewItemRow


def page(session: Session, clients: Collection[str], filters: Filters, after: Cursor | None, limit: int) -> QueuePage:
    """The next rows of these clients in the order of the queue."""
    each = (_in_state(session, state, clients, filters, after, limit + 1) for state in filters.states)
    rows = list(islice(merge(*each, key=lambda row: (row.rank, row.item_id)), limit + 1))
    last = rows[limit - 1] if len(rows) > limit else None
    return QueuePage(tuple(rows[:limit]), Cursor(rank=last.rank, item_id=last.item_id) if last else None)


def next_free(
    session: Session, user: str, by_state: Mapping[State, Collection[str]], filters: Filters
) -> ReviewItemRow | None:
    """The first free item that `user` may take; `by_state` gives the clients for each state."""
    best: ReviewItemRow | None = None
    for state in set(filters.states) & set(OPEN) & set(by_state):
        query = _narrowed(_items(), state, by_state[state], filters).where(_not_seen_by(user)).limit(1)
        found = session.execute(query).first()
        if found and (best is None or (found[0].rank, found[0].id) < (best.rank, best.id)):
            best = found[0]
    return best


def queue_row(item: ReviewItemRow, record: RecordRow, document: DocumentRow) -> QueueRow:
    """A row of the queue, without what is to be keyed blind."""
    blind = set(item.blind) if item.task == Task.KEY else set()
    headline = {
        "number": "invoice_number",
        "issue_date": "issue_date",
        "seller_name": "seller_name",
        "currency": "currency",
        "gross": "gross_total",
    }
    return QueueRow(
        item_id=item.id,
        client_id=item.client_id,
        document_id=document.id,
        part=record.part,
        file_name=document.file_name,
        state=State(item.state),
        task=Task(item.task),
        priority=item.priority,
        created_at=item.created_at,
        deadline=item.deadline,
        rank=item.rank,
        version=item.version,
        holder=item.holder,
        until=item.until,
        reason=item.reason,
        **{name: None if field in blind else getattr(record, name) for name, field in headline.items()},
    )


def _in_state(
    session: Session,
    state: State,
    clients: Collection[str],
    filters: Filters,
    after: Cursor | None,
    limit: int,
) -> Iterator[QueueRow]:
    query = _narrowed(_items(), state, clients, filters).limit(limit)
    if after is not None:
        query = query.where(_behind(after.rank, after.item_id))
    yield from (queue_row(*found) for found in session.execute(query))


def _items() -> Select[tuple[ReviewItemRow, RecordRow, DocumentRow]]:
    return (
        select(ReviewItemRow, RecordRow, DocumentRow)
        .join(RecordRow, RecordRow.id == ReviewItemRow.record_id)
        .join(DocumentRow, DocumentRow.id == RecordRow.document_id)
        .order_by(ReviewItemRow.rank, ReviewItemRow.id)
        .options(defer(RecordRow.outcome), defer(ReviewItemRow.proposal), defer(ReviewItemRow.second_proposal))
    )


def _narrowed(query: Select[Any], state: State, clients: Collection[str], filters: Filters) -> Select[Any]:
    mine = (ReviewItemRow.state == state.value, ReviewItemRow.client_id.in_(sorted(clients)))
    return query.where(*mine, *_wanted(state, filters))


def _wanted(state: State, filters: Filters) -> Sequence[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if text := fold(filters.text):
        wanted.append(ReviewItemRow.search.contains(text, autoescape=True))
    if filters.seller:
        wanted.append(ReviewItemRow.search.contains(fold(filters.seller), autoescape=True))  # the index narrows first
        wanted.append(RecordRow.seller_name.icontains(filters.seller, autoescape=True))
    if filters.gross_from is not None:
        wanted.append(ReviewItemRow.amount >= abs(float(filters.gross_from)))
    if filters.reason:
        said = ReviewItemRow.search.contains(code_mark(filters.reason), autoescape=True)
        # the person's reason is not in the index: where there is none it is not asked for
        wanted.append(said if state is State.WAITING else or_(said, ReviewItemRow.reason == filters.reason))
    if filters.holder:
        wanted.append(ReviewItemRow.holder == filters.holder)
    if filters.due_before:
        wanted.append(ReviewItemRow.deadline < filters.due_before)
    return wanted


def _behind(rank: datetime, item_id: int) -> ColumnElement[bool]:
    same = and_(ReviewItemRow.rank == rank, ReviewItemRow.id > item_id)
    return and_(ReviewItemRow.rank >= rank, or_(ReviewItemRow.rank > rank, same))


def _not_seen_by(user: str) -> ColumnElement[bool]:
    """A second look is another person's."""
    columns = (ReviewItemRow.first_by, ReviewItemRow.second_by)
    return and_(*(or_(column.is_(None), column != user) for column in columns))
