"""Suppliers of whose invoices more certainty is asked, by version."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import Moment, PlainText

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "supplier_limit",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("supplier", PlainText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("seller", PlainText(), nullable=False),
        sa.Column("target_error", sa.Double(), nullable=True),
        sa.Column("why", PlainText(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", PlainText(), nullable=False),
        sa.Column("day_checked", sa.Integer(), nullable=False),
        sa.Column("day_wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "supplier", "version", name="pk_supplier_limit"),
    )
