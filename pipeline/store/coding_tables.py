"""The tables of the coding: the plans of each client by version, and what was confirmed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables import Base, BigId


class CodingPlanRow(Base):
    """One version of a client's coding plan; versions are never changed, the newest one counts."""

    __tablename__ = "coding_plans"
    __table_args__ = (UniqueConstraint("client_id", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32), ForeignKey("clients.id"))
    version: Mapped[int]
    created_at: Mapped[datetime]
    edited_by: Mapped[str]
    plan: Mapped[str]


class CodingEntryRow(Base):
    """The account that was confirmed for a description on an invoice; an empty text means all of the invoice.

    `document` is the id of the document and the part, or names an entry of books that were learned from.
    """

    __tablename__ = "coding_entries"
    __table_args__ = (
        Index("ix_coding_entries_client_id_id", "client_id", "id"),
        Index("ix_coding_entries_client_id_document", "client_id", "document"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32), ForeignKey("clients.id"))
    document: Mapped[str] = mapped_column(String(80))
    supplier: Mapped[str]
    text: Mapped[str]
    account: Mapped[str] = mapped_column(String(15))
    cost_centre: Mapped[str | None]
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[str]
