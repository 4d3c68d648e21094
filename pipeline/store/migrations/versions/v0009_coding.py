"""The coding: plans by version, and confirmed entries."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import Moment, PlainText

revision = "0009"
down_revision = "0008"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "coding_plans",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("edited_by", PlainText(), nullable=False),
        sa.Column("plan", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_coding_plans_client_id_clients"),
        sa.PrimaryKeyConstraint("id", name="pk_coding_plans"),
        sa.UniqueConstraint("client_id", "version", name="uq_coding_plans_client_id_version"),
    )
    op.create_table(
        "coding_entries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=False),
        sa.Column("supplier", PlainText(), nullable=False),
        sa.Column("text", PlainText(), nullable=False),
        sa.Column("account", sa.String(length=15), nullable=False),
        sa.Column("cost_centre", PlainText(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=False),
        sa.Column("confirmed_by", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_coding_entries_client_id_clients"),
        sa.PrimaryKeyConstraint("id", name="pk_coding_entries"),
    )
    op.create_index("ix_coding_entries_client_id_id", "coding_entries", ["client_id", "id"])
    op.create_index("ix_coding_entries_client_id_document", "coding_entries", ["client_id", "document"])
