"""The desk: clients, deadlines, claims, second looks on review items; final records, drafts, notes, signs of work."""

from collections import defaultdict
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import Moment, PlainText
from pipeline.store.search import search_text

revision = "0004"
down_revision = "0003"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SLA = timedelta(hours=48)
"""What an item that waits already is given."""


def upgrade() -> None:
    """Widen the review items, fill what is new in them, and make the tables beside."""
    _widen()
    _fill()
    _tighten()
    _final_records()
    _beside()


def _widen() -> None:
    with op.batch_alter_table("review_items") as table:
        table.drop_index("ix_review_items_state_priority_created_at")
        table.add_column(sa.Column("client_id", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("task", sa.String(length=16), nullable=False, server_default="review"))
        table.add_column(sa.Column("is_sample", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("blind", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("deadline", Moment(), nullable=True))
        table.add_column(sa.Column("rank", Moment(), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("token", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("holder", PlainText(), nullable=True))
        table.add_column(sa.Column("until", Moment(), nullable=True))
        table.add_column(sa.Column("reason", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("first_by", PlainText(), nullable=True))
        table.add_column(sa.Column("second_by", PlainText(), nullable=True))
        table.add_column(sa.Column("proposal", PlainText(), nullable=True))
        table.add_column(sa.Column("second_proposal", PlainText(), nullable=True))
        table.add_column(sa.Column("search", PlainText(), nullable=False, server_default=""))


def _fill() -> None:
    op.execute(
        "UPDATE review_items SET client_id = (SELECT documents.client_id FROM documents JOIN records"
        " ON records.document_id = documents.id WHERE records.id = review_items.record_id)"
    )
    moments = (sa.column(name, Moment()) for name in ("created_at", "deadline", "rank"))
    items = sa.table("review_items", sa.column("id", BIG_ID), sa.column("record_id"), sa.column("search"), *moments)
    records = sa.table("records", *map(sa.column, ("id", "document_id", "seller_name", "number")))
    documents = sa.table("documents", *map(sa.column, ("id", "file_name")))
    reasons = sa.table("reasons", *map(sa.column, ("id", "record_id", "code")))
    connection, codes = op.get_bind(), defaultdict[int, list[str]](list)
    for record, code in connection.execute(sa.select(reasons.c.record_id, reasons.c.code).order_by(reasons.c.id)):
        codes[record].append(code)
    named = (documents.c.file_name, records.c.seller_name, records.c.number)
    waiting = (
        sa.select(items.c.id, items.c.record_id, items.c.created_at, *named)
        .join(records, records.c.id == items.c.record_id)
        .join(documents, documents.c.id == records.c.document_id)
    )
    rows = [
        {
            "which": number,
            "deadline": at + SLA,
            "rank": at + SLA,
            "search": search_text(name, seller, text, codes[record]),
        }
        for number, record, at, name, seller, text in connection.execute(waiting)
    ]
    if rows:
        connection.execute(sa.update(items).where(items.c.id == sa.bindparam("which")), rows)


def _tighten() -> None:
    with op.batch_alter_table("review_items") as table:
        table.alter_column("client_id", existing_type=sa.String(length=32), nullable=False)
        table.alter_column("deadline", existing_type=Moment(), nullable=False)
        table.alter_column("rank", existing_type=Moment(), nullable=False)
        table.create_index("ix_review_items_queue", ["state", "rank", "id", "client_id", "search"])
        table.create_index("ix_review_items_state_until", ["state", "until"])


def _final_records() -> None:
    op.create_table(
        "final_records",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("decided_by", PlainText(), nullable=False),
        sa.Column("first_by", PlainText(), nullable=True),
        sa.Column("is_wrong", sa.Boolean(), nullable=False),
        sa.Column("business_key", sa.String(length=64), nullable=True),
        sa.Column("record", PlainText(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("taught_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["review_items.id"], name="fk_final_records_item_id_review_items"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_final_records_record_id_records"),
        sa.PrimaryKeyConstraint("id", name="pk_final_records"),
        sa.UniqueConstraint("item_id", name="uq_final_records_item_id"),
        sa.UniqueConstraint("record_id", name="uq_final_records_record_id"),
    )
    op.create_index("ix_final_records_business_key", "final_records", ["business_key"])
    op.create_index("ix_final_records_taught_at", "final_records", ["taught_at"])


def _beside() -> None:
    _of_item("review_drafts", "at", "edits", index=["item_id", "user", "id"])
    _of_item("review_notes", "at", "text", index=["item_id"])
    _of_item("review_work", "at", "sign", index=["item_id", "id"])


def _of_item(table: str, moment: str, what: str, index: list[str]) -> None:
    text = sa.String(length=16) if what == "sign" else PlainText()
    op.create_table(
        table,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("user", PlainText(), nullable=False),
        sa.Column(moment, Moment(), nullable=False),
        sa.Column(what, text, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["review_items.id"], name=f"fk_{table}_item_id_review_items"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{'_'.join(index)}", table, index)
