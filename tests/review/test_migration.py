"""Items that waited before there was a desk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import pipeline.store.migrations
from pipeline.review.desk import Desk
from pipeline.review.items import Filters
from pipeline.store.columns import Moment
from pipeline.store.database import Database
from tests.review.conftest import ANNE

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROWS = {
    "documents": {
        "id": "d" * 16, "client_id": "main", "sha256": "d" * 64, "file_name": "alt.pdf",
        "media_type": "application/pdf", "size": 1, "received_at": AT, "state": "done", "attempt": 1,
    },
    "records": {
        "id": 1, "document_id": "d" * 16, "part": 1, "settled_at": AT, "decision": "review", "seller_name": "Électro",
        "outcome": '{"decision": {"kind": "review", "reasons": [{"code": "x", "message": "x"}]}}',
    },
    "reasons": {"record_id": 1, "code": "low-confidence", "message": "x"},
    "review_items": {"id": 1, "record_id": 1, "state": "waiting", "priority": 0, "created_at": AT},
}  # fmt: skip


def test_an_item_that_waited_is_on_the_desk(empty_database_url, clock):
    """With its client, a deadline from when it came in, and all that it is searched by."""
    database = Database(empty_database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(pipeline.store.migrations.__file__).parent))
    with database._writing_connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for table, row in ROWS.items():
            columns = [
                sa.column(name, Moment() if isinstance(value, datetime) else None) for name, value in row.items()
            ]
            connection.execute(sa.insert(sa.table(table, *columns)).values(**row))
    database.migrate()
    desk = Desk(database, clock)
    for filters in (Filters(), Filters(text="electro"), Filters(reason="low-confidence"), Filters(text="ALT.PDF")):
        [row] = desk.page(ANNE, filters).rows
        assert (row.client_id, row.deadline, row.rank) == ("main", AT + timedelta(hours=48), AT + timedelta(hours=48))
    assert desk.item(ANNE, 1).record.value("seller_name") is None
    assert desk.claim_next(ANNE).token == 1
    database.close()
