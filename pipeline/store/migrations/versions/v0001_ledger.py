"""The first layout: documents, records with their evidence, review items, events that nobody can change."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import Exact, Moment, PlainText

revision = "0001"
down_revision = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE_GUARDS = (
    """CREATE TRIGGER events_no_update BEFORE UPDATE ON events
       BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER events_no_delete BEFORE DELETE ON events
       BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION events_are_final() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$""",
    """CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events
       FOR EACH STATEMENT EXECUTE FUNCTION events_are_final()""",
)


def upgrade() -> None:
    """Make all tables and the guards of the event table."""
    _documents_and_events()
    _records()
    _details()
    _review_items()
    for guard in POSTGRESQL_GUARDS if op.get_bind().dialect.name == "postgresql" else SQLITE_GUARDS:
        op.execute(guard)


def _documents_and_events() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", PlainText(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lease_owner", PlainText(), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("sha256", name="uq_documents_sha256"),
    )
    op.create_index("ix_documents_state_received_at", "documents", ["state", "received_at"])
    op.create_table(
        "events",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=True),
        sa.Column("arrival", PlainText(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_events_document_id_documents"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("arrival", name="uq_events_arrival"),
    )
    op.create_index("ix_events_document_id", "events", ["document_id"])
    op.create_index("ix_events_kind", "events", ["kind"])


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("number", PlainText(), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("seller_name", PlainText(), nullable=True),
        sa.Column("currency", PlainText(), nullable=True),
        sa.Column("net", Exact(), nullable=True),
        sa.Column("tax", Exact(), nullable=True),
        sa.Column("gross", Exact(), nullable=True),
        sa.Column("business_key", sa.String(length=64), nullable=True),
        sa.Column("outcome", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_records_document_id_documents"),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.UniqueConstraint("document_id", "part", name="uq_records_document_id_part"),
    )
    op.create_index("ix_records_business_key", "records", ["business_key"])
    op.create_index("ix_records_decision", "records", ["decision"])


def _details() -> None:
    op.create_table(
        "failures",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("code", PlainText(), nullable=False),
        sa.Column("message", PlainText(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_failures_record_id_records"),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
    )
    op.create_index("ix_failures_record_id", "failures", ["record_id"])
    op.create_table(
        "fields",
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", PlainText(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("box", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_fields_record_id_records"),
        sa.PrimaryKeyConstraint("record_id", "name", name="pk_fields"),
    )
    op.create_table(
        "findings",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("rule", PlainText(), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("message", PlainText(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_findings_record_id_records"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_record_id", "findings", ["record_id"])
    op.create_table(
        "reasons",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("code", PlainText(), nullable=False),
        sa.Column("message", PlainText(), nullable=False),
        sa.Column("field", PlainText(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_reasons_record_id_records"),
        sa.PrimaryKeyConstraint("id", name="pk_reasons"),
    )
    op.create_index("ix_reasons_record_id", "reasons", ["record_id"])


def _review_items() -> None:
    op.create_table(
        "review_items",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_review_items_record_id_records"),
        sa.PrimaryKeyConstraint("id", name="pk_review_items"),
        sa.UniqueConstraint("record_id", name="uq_review_items_record_id"),
    )
    op.create_index("ix_review_items_state_priority_created_at", "review_items", ["state", "priority", "created_at"])
