"""The tables of the desk, beside `review_items`: final records, drafts, notes and the signs of work."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables import Base, BigId


class FinalRecordRow(Base):
    """What people made of a record, beside the machine's, which stays. `record` is None when it was rejected.

    `is_wrong` says that the machine was: a posting-critical field was changed, or the whole rejected. `taught_at` is
    when the supplier memory and the training set learned from it.
    """

    __tablename__ = "final_records"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id"), unique=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), unique=True)
    client_id: Mapped[str] = mapped_column(String(32))
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]
    first_by: Mapped[str | None]
    is_wrong: Mapped[bool]
    business_key: Mapped[str | None] = mapped_column(String(64), index=True)
    record: Mapped[str | None]
    findings: Mapped[list[Any]]
    taught_at: Mapped[datetime | None] = mapped_column(index=True)


class ReviewDraftRow(Base):
    """What somebody typed and has not decided yet, one row a save, so that it can be undone."""

    __tablename__ = "review_drafts"
    __table_args__ = (Index("ix_review_drafts_item_id_user_id", "item_id", "user", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id"))
    user: Mapped[str]
    at: Mapped[datetime]
    edits: Mapped[str]


class ReviewNoteRow(Base):
    """A remark on an item."""

    __tablename__ = "review_notes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id"), index=True)
    at: Mapped[datetime]
    user: Mapped[str]
    text: Mapped[str]


class ReviewWorkRow(Base):
    """A sign that somebody works on an item: `pipeline.review.worktime.Sign`."""

    __tablename__ = "review_work"
    __table_args__ = (Index("ix_review_work_item_id_id", "item_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id"))
    user: Mapped[str]
    sign: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
