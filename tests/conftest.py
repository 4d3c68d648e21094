"""What many tests share: a clock that stands still, settings in a temporary home, ledgers on both databases."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

import hypothesis
import psycopg
import pytest
from argon2 import PasswordHasher
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from pipeline.house import passwords
from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.ledger import open_ledger

APT = "PostgreSQL is missing: apt-get install postgresql"
SERVER_USER = "postgres"

# A busy machine is no failure; what must be fast has a test of its own. The rest is Hypothesis's own profile.
hypothesis.settings.register_profile("backoffice", deadline=None)
hypothesis.settings.load_profile("backoffice")


TOGETHER = ("tests/browser/", "tests/flows/")
"""Rooms whose files share what takes long to prepare: a browser with a filled home, a Prefect server."""


class Rooms(LoadScopeScheduling):
    """Keeps the tests of a file, or of such a room, on one worker: what they prepare is prepared once.

    xdist's own `--dist loadgroup` groups nothing with pytest 9.2 (pytest-xdist, issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((room for room in TOGETHER if nodeid.startswith(room)), nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Rooms:
    """With `-n`."""
    return Rooms(config, log)


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes():
    """Passwords are hashed as weakly as argon2 can: how strong the real ones are has a test of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


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
        with server(folder) as running:
            yield running.address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server(NamedTuple):
    """A PostgreSQL server, and means to start and stop it."""

    address: str
    start: Callable[[], None]
    stop: Callable[[], None]


@contextmanager
def server(folder):
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

    def start():
        run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", options)

    def stop():
        run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    start()
    try:
        yield Server(f"{SERVER_USER}@/{{database}}?host={folder}", start, stop)
    finally:
        stop()


@pytest.fixture(scope="session")
def s3_server():
    """An S3 server of this process, as a resource of boto3; the environment names it to all that talk to S3."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**keys, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            patch.setenv(name, value)
        yield boto3.resource("s3")
    server.stop()


_database_numbers = count()


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory):
    """An SQLite database with its tables, to be copied: making them takes longer than most tests."""
    path = tmp_path_factory.mktemp("made") / "backoffice.db"
    make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def made_postgresql(postgresql_server):
    """The name of a PostgreSQL database with its tables, to be copied."""
    name = "made"
    _run_on(postgresql_server, f"CREATE DATABASE {name}")
    make_tables("postgresql://" + postgresql_server.format(database=name))
    return name


def make_tables(url):
    database = Database(url)
    database.migrate()
    database.close()


def _run_on(server, statement):
    with psycopg.connect("postgresql://" + server.format(database="postgres"), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request):
    """Each kind of database in turn."""
    return request.param


@pytest.fixture
def empty_database_url(database_kind, request, tmp_path):
    """The URL of a database without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _on_server(request.getfixturevalue("postgresql_server"), "template1")


@pytest.fixture
def database_url(database_kind, request, tmp_path):
    """The URL of a database with its tables and nothing in them."""
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("made_sqlite"), tmp_path / "ledger.db")
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
    else:
        made = request.getfixturevalue("made_postgresql")
        yield from _on_server(request.getfixturevalue("postgresql_server"), made)


def _on_server(server, template):
    name = f"test_{next(_database_numbers)}"
    _run_on(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield "postgresql://" + server.format(database=name)
    _run_on(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger(database_url, clock):
    with open_ledger(database_url, clock) as ledger:
        yield ledger


@pytest.fixture
def sqlite_ledger(settings, clock, made_sqlite):
    """The ledger that the settings name, where the kind of database does not matter."""
    settings.home.mkdir(parents=True, exist_ok=True)
    shutil.copy(made_sqlite, settings.home / "backoffice.db")
    with open_ledger(settings.url, clock) as ledger:
        yield ledger
