"""Indexes by which invoices of the same number or date are found."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make both indexes."""
    op.create_index("ix_records_number", "records", ["number"])
    op.create_index("ix_records_issue_date", "records", ["issue_date"])
