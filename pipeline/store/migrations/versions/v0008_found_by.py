"""What documents and review items are found by, in the indexes of their lists; an index for the counts of the queue."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import PlainText
from pipeline.store.search import with_words

revision = "0008"
down_revision = "0007"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 1000


def upgrade() -> None:
    """Make the columns, fill them, and make the indexes anew with them."""
    op.add_column("documents", sa.Column("search", PlainText(), nullable=False, server_default=""))
    op.add_column("review_items", sa.Column("amount", sa.Double(), nullable=True))
    _fill_documents()
    op.execute(
        "UPDATE review_items SET amount = (SELECT abs(CAST(records.gross AS DOUBLE PRECISION)) FROM records"
        " WHERE records.id = review_items.record_id) WHERE CAST(blind AS TEXT) = '[]'"
    )
    op.drop_index("ix_documents_client_id_received_at_id", "documents")
    op.create_index("ix_documents_list", "documents", ["client_id", "received_at", "id", "search"])
    op.drop_index("ix_review_items_queue", "review_items")
    queue = ["state", "rank", "id", "client_id", "search", "amount"]
    op.create_index("ix_review_items_queue", "review_items", queue)
    op.create_index("ix_review_items_counts", "review_items", ["state", "client_id", "created_at", "deadline"])
    only = sa.text("is_sample")
    op.create_index("ix_review_items_samples", "review_items", ["client_id"], sqlite_where=only, postgresql_where=only)


def _fill_documents() -> None:
    """File names, sellers and numbers, but none of an invoice that somebody is to key blind."""
    documents = sa.table("documents", *map(sa.column, ("id", "file_name")), sa.column("search", PlainText()))
    records = sa.table("records", *map(sa.column, ("id", "document_id", "part", "seller_name", "number")))
    items = sa.table("review_items", sa.column("record_id"), sa.column("blind"))
    is_blind = sa.exists().where(items.c.record_id == records.c.id, sa.cast(items.c.blind, sa.Text()) != "[]")
    found = (
        sa.select(documents.c.id, documents.c.file_name, records.c.seller_name, records.c.number)
        .select_from(documents.outerjoin(records, (records.c.document_id == documents.c.id) & ~is_blind))
        .order_by(documents.c.id, records.c.part)
    )
    connection, texts = op.get_bind(), dict[str, str]()
    for document_id, *words in connection.execute(found):
        texts[document_id] = with_words(texts.get(document_id, ""), *words)
    change = sa.update(documents).where(documents.c.id == sa.bindparam("which")).values(search=sa.bindparam("search"))
    rows = [{"which": document_id, "search": text} for document_id, text in texts.items()]
    for first in range(0, len(rows), BATCH):
        connection.execute(change, rows[first : first + BATCH])
