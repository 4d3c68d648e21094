"""One database behind one URL: connections, transactions, migrations. SQLite and PostgreSQL behave alike.

A writing transaction excludes every other one from its start: BEGIN IMMEDIATE on SQLite, an advisory lock on
PostgreSQL. So a writer may look before it writes, and nobody comes in between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pipeline.durable import make_folder
from pipeline.effects import effect
from pipeline.errors import StoreError

BUSY_SECONDS = 60
"""How long a writer waits for another one before it gives up."""

WRITER_LOCK = 0x6261636B6F66  # "backof": the key of our advisory lock, the same in every process

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an acknowledged document survives a power cut
    "PRAGMA foreign_keys = ON",
)

_SETTINGS = (
    "SET jit = off",  # to compile a query of key figures takes longer than to run it
    "SET work_mem = '16MB'",  # the hours of a year are added up in memory
)


class Database:
    """Hands out short transactions. Raises StoreError for whatever the database refuses."""

    def __init__(self, url: str) -> None:
        """Open `url` without touching the database yet; the folder of an SQLite file is made."""
        parsed = _with_driver(make_url(url))
        self._engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that no other writer overlaps; commits at the end, rolls back on any error."""
        with self._writing_connection() as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state of the database and changes nothing."""
        with _translated(), Session(self._engine) as session:
            with effect("database.read"):
                session.connection()
            yield session

    def migrate(self) -> None:
        """Bring the tables to the newest revision; costs one query when they are."""
        with _translated(), self._engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() == _newest_revision():
                return
        config = _migrations()
        with self._writing_connection(migrating=True) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_references(connection)
        self._engine.dispose()  # its connection does not check references any more

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _writing_connection(self, migrating: bool = False) -> Iterator[Connection]:
        engine = self._engine.execution_options(writer=True, migrating=migrating)
        with _translated(), engine.connect() as connection:
            with effect("database.begin"):
                transaction = connection.begin()
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
            yield connection  # whatever is raised here closes the connection, which rolls back
            with effect("database.commit"):
                transaction.commit()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def _newest_revision() -> str | None:
    """Finding it reads all migrations, a twentieth of a second."""
    return ScriptDirectory.from_config(_migrations()).get_current_head()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"The database did not take it: {error}") from error
    except CommandError as error:
        raise StoreError(
            f"The database has a layout that this version does not know: {error}",
            remedy="Update backoffice, or restore the backup that belongs to this version.",
        ) from error


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StoreError("The new layout leaves rows that refer to nothing; the database stays as it was.")


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgresql", "postgres"} else url


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.autocommit = True
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.autocommit = False

    return engine


def _sqlite(url: URL) -> Engine:
    if url.database:
        make_folder(Path(url.database).parent)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver begins no transaction; `_begin` does
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("migrating", False):  # a table is changed by making it anew, and others refer to it
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writer", False) else "BEGIN")

    return engine
