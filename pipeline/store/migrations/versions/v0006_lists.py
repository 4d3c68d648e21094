"""Indexes for the list of documents and for counts by time, so that neither reads the records, which are large."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make both indexes."""
    op.create_index("ix_documents_client_id_received_at_id", "documents", ["client_id", "received_at", "id"])
    op.create_index("ix_records_settled_at_decision_document_id", "records", ["settled_at", "decision", "document_id"])
