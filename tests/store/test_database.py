"""Connections, transactions and migrations."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError
from pipeline.store.database import Database
from pipeline.store.ledger import open_ledger
from pipeline.store.rows import document_row
from pipeline.store.tables import Base


@pytest.fixture
def engine(database_url, ledger):
    """A plain engine beside the ledger, as an administrator would use."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()


def test_the_migrations_make_the_tables_of_the_models(engine):
    """No table, column or index of the models is missing in a migrated database, and none is too many."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET kind = 'x'", "DELETE FROM events", "INSERT INTO events SELECT * FROM events"]
)
def test_events_cannot_be_changed(engine, ledger, make_document, statement):
    """The database itself refuses to change, delete or double an event, whoever asks."""
    ledger.register(make_document(), "arrival-1")
    before = ledger.events()
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(statement))
    assert ledger.events() == before


def test_a_migrated_database_opens_again(database_url, ledger, make_document, clock):
    """To open a ledger that is up to date changes nothing in it."""
    ledger.register(make_document(), "arrival-1")
    with open_ledger(database_url, clock) as again:
        assert again.pending() == (make_document(),)


def test_a_database_of_a_later_version_is_refused(database_url, engine, clock):
    """A layout that this version does not know is left alone, and the remedy says what to do."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as caught:
        open_ledger(database_url, clock)
    assert "Update backoffice" in caught.value.specific_remedy


def test_sqlite_is_set_up_to_keep_what_it_acknowledged(tmp_path):
    """SQLite writes ahead, syncs fully, checks foreign keys and waits for other writers."""
    database = Database(f"sqlite:///{tmp_path}/a/b/ledger.db")
    with database.reading() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000}


def test_a_writer_leaves_nothing_behind_when_it_fails(database_url, ledger, make_document):
    """An error inside a transaction takes back all of it."""
    database = Database(database_url)

    def fail_half_way():
        with database.writing() as session:
            session.add(document_row(make_document()))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    database.close()
    assert ledger.pending() == ()
