"""The tables of the ledger.

`records.outcome` holds the exact `Outcome` as JSON and is what is read back. Headline columns, `fields`,
`findings`, `failures` and `reasons` are written beside it in the same transaction, so that a report or a
clerk's query needs no JSON functions, which differ between the databases.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, Index, Integer, MetaData, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from pipeline.store.columns import Exact, Moment, PlainText
from schemas.policy import MAIN

BigId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only in an INTEGER column


def _where(condition: str) -> dict[str, Any]:
    """An index over some rows alone, in either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Base(DeclarativeBase):
    """What all tables have in common: constraint names that a migration can refer to."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: PlainText,
        Decimal: Exact,
        datetime: Moment,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class ClientRow(Base):
    """A company whose invoices are worked on; `policy` is a `ClientPolicy`. Nothing is taken in for a closed one."""

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    active: Mapped[bool]
    policy: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class DocumentRow(Base):
    """One archived original of one client and where its processing stands."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("client_id", "sha256"),
        Index("ix_documents_state_received_at", "state", "received_at"),
        Index("ix_documents_list", "client_id", "received_at", "id", "search"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32), ForeignKey("clients.id"), default=MAIN)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    search: Mapped[str] = mapped_column(default="")


class RecordRow(Base):
    """One invoice of one document: the machine's outcome and its headline."""

    __tablename__ = "records"
    __table_args__ = (
        UniqueConstraint("document_id", "part"),
        Index("ix_records_settled_at_decision_document_id", "settled_at", "decision", "document_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    part: Mapped[int]
    settled_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(32), index=True)
    number: Mapped[str | None] = mapped_column(index=True)
    issue_date: Mapped[date | None] = mapped_column(index=True)
    seller_name: Mapped[str | None]
    currency: Mapped[str | None]
    net: Mapped[Decimal | None]
    tax: Mapped[Decimal | None]
    gross: Mapped[Decimal | None]
    business_key: Mapped[str | None] = mapped_column(String(64), index=True)
    outcome: Mapped[str]

    fields: Mapped[list["FieldRow"]] = relationship()
    findings: Mapped[list["FindingRow"]] = relationship()
    failures: Mapped[list["FailureRow"]] = relationship()
    reasons: Mapped[list["ReasonRow"]] = relationship()
    review_item: Mapped["ReviewItemRow | None"] = relationship()


class FieldRow(Base):
    """One header field of a record with its evidence."""

    __tablename__ = "fields"

    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str | None]
    status: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float] = mapped_column(Double)
    page: Mapped[int | None]
    box: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    evidence: Mapped[list[Any]]


class FindingRow(Base):
    """One rule's word on a record."""

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    rule: Mapped[str]
    severity: Mapped[str] = mapped_column(String(16))
    message: Mapped[str]
    fields: Mapped[list[Any]]


class FailureRow(Base):
    """A stage that failed on a record."""

    __tablename__ = "failures"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    code: Mapped[str]
    message: Mapped[str]
    page: Mapped[int | None]


class ReasonRow(Base):
    """Why a record needs a person or was rejected."""

    __tablename__ = "reasons"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), index=True)
    code: Mapped[str]
    message: Mapped[str]
    field: Mapped[str | None]


class ReviewItemRow(Base):
    """A record that waits for a person, or did; only `pipeline.review.desk` changes it.

    `until` is the end of the holder's lease, or of a postponement; `version` grows with every change and `token` with
    every claim. `proposal` and `second_proposal` are records that people made before the last one decided. `search` and
    `amount` (the total with VAT, without its sign, as near as a float comes) are what it is found by.
    """

    __tablename__ = "review_items"
    __table_args__ = (
        Index("ix_review_items_queue", "state", "rank", "id", "client_id", "search", "amount"),
        Index("ix_review_items_counts", "state", "client_id", "created_at", "deadline"),
        Index("ix_review_items_samples", "client_id", **_where("is_sample")),
        Index("ix_review_items_state_until", "state", "until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id"), unique=True)
    client_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    task: Mapped[str] = mapped_column(String(16), default="review")
    is_sample: Mapped[bool] = mapped_column(default=False)
    blind: Mapped[list[Any]] = mapped_column(default=list)
    priority: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    deadline: Mapped[datetime]
    rank: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None]
    until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(32))
    first_by: Mapped[str | None]
    second_by: Mapped[str | None]
    proposal: Mapped[str | None]
    second_proposal: Mapped[str | None]
    coding: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    search: Mapped[str] = mapped_column(default="")
    amount: Mapped[float | None] = mapped_column(Double)


class EventRow(Base):
    """Something that happened, a link of its client's chain; only `pipeline.store.trail` writes one.

    `client_id` is "*" where it concerns no single client. Triggers in the database refuse to change or delete a row.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("client_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32), index=True)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"), index=True)
    actor: Mapped[str]
    arrival: Mapped[str | None] = mapped_column(unique=True)
    data: Mapped[dict[str, Any]]
    versions: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
