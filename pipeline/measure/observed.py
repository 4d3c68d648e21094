"""What the database has seen of arrivals and of work, for simulations and forecasts: plain numbers, no names."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pipeline.measure.scores import Share, share_of
from pipeline.review.stats import work_seconds
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.summary import of
from pipeline.store.tables import ClientRow, DocumentRow, RecordRow
from schemas import Outcome
from schemas.posting import Receipt

MOST = 2_000
"""So many of the newest documents say how long machine and robot take."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def operator_seconds(database: Database, client_id: str | None = None, since: datetime = _EVER) -> list[float]:
    """Seconds of people's work on each record decided since then; only those of which work was measured."""
    with database.reading() as session:
        seconds, _ = work_seconds(session, _clients(session, client_id), since)
    return [one for one in seconds if one > 0]


def machine_seconds(database: Database, client_id: str | None = None) -> list[float]:
    """CPU seconds of each of the newest documents, all its stages together."""
    query = select(RecordRow.outcome).join(DocumentRow).order_by(RecordRow.id.desc()).limit(MOST)
    with database.reading() as session:
        texts = session.scalars(of(query, DocumentRow.client_id, client_id)).all()
    spent = (sum(Outcome.model_validate_json(text).seconds.values()) for text in texts)
    return [one for one in spent if one > 0]


def robot_seconds(database: Database, client_id: str | None = None) -> list[float]:
    """Wall seconds of each of the newest postings that were really made, not found."""
    query = select(PostingJobRow.receipt).where(PostingJobRow.receipt.is_not(None))
    query = of(query.order_by(PostingJobRow.id.desc()).limit(MOST), PostingJobRow.client_id, client_id)
    with database.reading() as session:
        receipts = [Receipt.model_validate_json(text) for text in session.scalars(query) if text]
    return [one.seconds for one in receipts if not one.found and one.seconds > 0]


def reviewed(database: Database, client_id: str | None = None, since: datetime = _EVER) -> Share:
    """How many of the records settled since then needed a person."""
    needs = func.count().filter(RecordRow.decision == "review")
    query = select(needs, func.count()).select_from(RecordRow).join(DocumentRow).where(RecordRow.settled_at >= since)
    with database.reading() as session:
        stopped, settled = session.execute(of(query, DocumentRow.client_id, client_id)).one()
    return share_of(stopped, settled)


def received_by_day(
    database: Database, client_id: str | None = None, since: datetime = _EVER
) -> dict[str, dict[date, int]]:
    """Documents received by client and UTC day; days without any are left out. Answered from an index alone."""
    number = func.count()
    with database.reading() as session:
        day = _day(session)
        query: Select[Any] = select(DocumentRow.client_id, day, number).where(DocumentRow.received_at >= since)
        found = session.execute(of(query.group_by(DocumentRow.client_id, day), DocumentRow.client_id, client_id))
        return _by_client((client, date.fromisoformat(str(on)), count) for client, on, count in found)


def _day(session: Session) -> Any:
    """The UTC day; PostgreSQL would take the session's own time zone."""
    at = DocumentRow.received_at
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return func.date(func.timezone("UTC", at) if is_postgresql else at)


def _by_client(rows: Iterable[tuple[str, date, int]]) -> dict[str, dict[date, int]]:
    found: dict[str, dict[date, int]] = {}
    for client, day, count in sorted(rows):
        found.setdefault(client, {})[day] = count
    return found


def _clients(session: Session, client_id: str | None) -> list[str]:
    return [client_id] if client_id else list(session.scalars(select(ClientRow.id)))
