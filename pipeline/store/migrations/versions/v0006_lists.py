"""Indexes for the list of documents and for counts by time, so that neither reads the records, which are large."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make both indexes."""
    op.create_index("ix_documents_received_at_id_client_id", "documents", ["received_at", "id", "client_id"])
    op.create_index("ix_records_settled_at_decision_document_id", "records", ["settled_at", "decision", "document_id"])
