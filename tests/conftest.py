"""What many tests share: a clock that stands still, settings in a temporary home, ledgers on both databases."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import hypothesis
import psycopg
import pytest

from pipeline.settings import Settings
from pipeline.store.ledger import open_ledger

APT = "PostgreSQL is missing: apt-get install postgresql"
SERVER_USER = "postgres"

# A busy machine is no failure; what must be fast has a test of its own. The rest is Hypothesis's own profile.
hypothesis.settings.register_profile("backoffice", deadline=None)
hypothesis.settings.load_profile("backoffice")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, so that what a module prepares is prepared once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


class StillClock:
    """A clock that moves only when told to; it starts at the real time, for files have real times."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home", workers=1)


@pytest.fixture(scope="session")
def postgresql_server():
    """The address of a throw-away PostgreSQL server that listens on a Unix socket only."""
    folder = Path(tempfile.mkdtemp(prefix="backoffice-pg-"))
    try:
        with _server(folder):
            yield f"{SERVER_USER}@/{{database}}?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(folder):
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.fail(APT)
    programs_folder, data = programs[-1].parent, folder / "data"
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, pwd.getpwnam(SERVER_USER).pw_uid)

    def run(program, *arguments):
        command = [programs_folder / program, "-D", data, *arguments]
        as_user = ["runuser", "-u", SERVER_USER, "--"] if os.getuid() == 0 else []
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run("initdb", "--auth=trust", f"--username={SERVER_USER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", options)
    try:
        yield
    finally:
        run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")


_database_numbers = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The URL of an empty database, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    address = request.getfixturevalue("postgresql_server")
    name = f"test_{next(_database_numbers)}"
    with psycopg.connect("postgresql://" + address.format(database="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield "postgresql://" + address.format(database=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger(database_url, clock):
    with open_ledger(database_url, clock) as ledger:
        yield ledger


@pytest.fixture
def sqlite_ledger(settings, clock):
    """The ledger that the settings name, where the kind of database does not matter."""
    with open_ledger(settings.url, clock) as ledger:
        yield ledger
