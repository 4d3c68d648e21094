"""The outbox: posting jobs, and the state of each client's target. What was cleared before gets no job."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import Exact, Moment, PlainText

revision = "0007"
down_revision = "0006"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "posting_jobs",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("record_id", BIG_ID, nullable=False),
        sa.Column("final_id", BIG_ID, nullable=True),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("collides_with", BIG_ID, nullable=True),
        sa.Column("seller", PlainText(), nullable=True),
        sa.Column("number", PlainText(), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("gross", Exact(), nullable=True),
        sa.Column("seller_name", PlainText(), nullable=True),
        sa.Column("printed_number", PlainText(), nullable=True),
        sa.Column("currency", PlainText(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("owner", PlainText(), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("target", PlainText(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("coding", PlainText(), nullable=True),
        sa.Column("coded_by", PlainText(), nullable=True),
        sa.Column("failure", sa.JSON(), nullable=True),
        sa.Column("warning", sa.JSON(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("receipt", PlainText(), nullable=True),
        sa.Column("posted_at", Moment(), nullable=True),
        sa.Column("note", PlainText(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_posting_jobs_record_id_records"),
        sa.ForeignKeyConstraint(["final_id"], ["final_records.id"], name="fk_posting_jobs_final_id_final_records"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_posting_jobs_document_id_documents"),
        sa.ForeignKeyConstraint(
            ["collides_with"], ["posting_jobs.id"], name="fk_posting_jobs_collides_with_posting_jobs"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_posting_jobs"),
        sa.UniqueConstraint("record_id", name="uq_posting_jobs_record_id"),
        sa.UniqueConstraint("reference", name="uq_posting_jobs_reference"),
    )
    op.create_index("ix_posting_jobs_state_id", "posting_jobs", ["state", "id"])
    columns = ["client_id", "seller", "state", "id"]
    op.create_index("ix_posting_jobs_client_id_seller_state_id", "posting_jobs", columns)
    op.create_index("ix_posting_jobs_client_id_id", "posting_jobs", ["client_id", "id"])
    op.create_table(
        "posting_breakers",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", Moment(), nullable=True),
        sa.Column("said", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "target", name="pk_posting_breakers"),
    )
