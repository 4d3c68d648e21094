"""The tallies: what the events of a day add up to, made from the events that are there."""

import sqlalchemy as sa
from alembic import op

from pipeline.store import tallies
from pipeline.store.columns import PlainText

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table and fill it; events of earlier versions tell less."""
    op.create_table(
        "tallies",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("by_month", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slice", PlainText(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("label", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "measure", "by_month", "day", "slice", name="pk_tallies"),
        sqlite_with_rowid=False,
    )
    tallies.rebuild(op.get_bind())
