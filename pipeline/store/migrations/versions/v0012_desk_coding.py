"""The accounts that the first person left, for whoever looks next."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column; what waits now has none."""
    op.add_column("review_items", sa.Column("coding", sa.JSON(), nullable=True))
