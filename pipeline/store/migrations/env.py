"""Run by Alembic inside the writing transaction of `Database.migrate`."""

from alembic import context

import pipeline.store.coding_tables
import pipeline.store.house_tables
import pipeline.store.posting_tables
import pipeline.store.review_tables
import pipeline.store.supplier_tables
import pipeline.store.tally_tables  # noqa: F401 (their tables belong to the same metadata)
from pipeline.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=False,  # the caller's transaction is the only one, on both databases
)
context.run_migrations()
