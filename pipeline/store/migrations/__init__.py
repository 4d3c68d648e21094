"""Alembic migrations of the ledger, run by `pipeline.store.database.migrate`."""
