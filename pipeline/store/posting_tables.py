"""The tables of the outbox: posting jobs, and the state of each client's accounting system."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables import Base, BigId


class PostingJobRow(Base):
    """One record on its way into the accounting system; only `pipeline.posting` changes it.

    `reference` is the hash of the key and unique: it is empty where the key is incomplete, or where `collides_with`
    names the job that has it. `sent_at` is set before anything is sent to `target`, and emptied when the target has
    said what became of it: in between the job is in doubt. `token` grows each time somebody takes it. `failure` and
    `warning` are `Failure`s, `coding` and `receipt` a `Coding` and a `Receipt`.
    """

    __tablename__ = "posting_jobs"
    __table_args__ = (
        Index("ix_posting_jobs_state_id", "state", "id"),
        Index("ix_posting_jobs_client_id_seller_state_id", "client_id", "seller", "state", "id"),
        Index("ix_posting_jobs_client_id_id", "client_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), unique=True)
    final_id: Mapped[int | None] = mapped_column(ForeignKey("final_records.id"))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    part: Mapped[int]
    client_id: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str | None] = mapped_column(String(20), unique=True)
    collides_with: Mapped[int | None] = mapped_column(ForeignKey("posting_jobs.id"))
    seller: Mapped[str | None]
    number: Mapped[str | None]
    issue_date: Mapped[date | None]
    gross: Mapped[Decimal | None]
    seller_name: Mapped[str | None]
    printed_number: Mapped[str | None]
    currency: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16))
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    token: Mapped[int] = mapped_column(default=0)
    unknowns: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    target: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    coding: Mapped[str | None]
    coded_by: Mapped[str | None]
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    warning: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    receipt: Mapped[str | None]
    posted_at: Mapped[datetime | None]
    note: Mapped[str | None]


class PostingBreakerRow(Base):
    """How a client's target does: failures in a row, and until when nothing is tried there."""

    __tablename__ = "posting_breakers"

    client_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    target: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int]
    open_until: Mapped[datetime | None]
    said: Mapped[str]
