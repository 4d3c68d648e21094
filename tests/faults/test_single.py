"""Faults that last: a full disk, a database that is away, a lock that is held, a clock that jumps."""

import shutil
import sqlite3
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

import psycopg
import pytest

from pipeline.effects import planned
from pipeline.errors import BackofficeError, StoreError
from pipeline.settings import Settings
from pipeline.store import database as database_module
from pipeline.store.database import Database
from tests.conftest import server
from tests.faults.nursery import error_of
from tests.faults.office import furnish, settings_of, work, wrong_with

SMALL = 3 * 2**20
"""Bytes of the disk that gets full: enough for an office."""


# --- a full disk


class FullByPlan:
    """Where no small disk can be mounted: whatever wants to write gets what a full disk says."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def fill(self) -> None:
        self._stack.enter_context(planned(self._refuse))

    def make_room(self) -> None:
        self._stack.close()

    @staticmethod
    def _refuse(name, _moment, _what) -> None:
        if name in {"file.write", "file.make", "folder.make", "database.commit"}:
            raise error_of(name)


class SmallDisk:
    """A file system of its own for the home, and a file that takes what is left of it."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)) == 4096:
                    pass
            except OSError:
                return

    def make_room(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path):
    """Where the home is, and the means to fill it."""
    home = tmp_path / "home"
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(home)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield home, FullByPlan()
        return
    try:
        yield home, SmallDisk(home)
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def test_a_full_disk_stops_the_work_and_loses_nothing(disk, drafts):
    """Each stage says what is wrong and what to do, and all goes on once there is room."""
    home, space = disk
    settings = settings_of(home)
    furnish(settings)
    space.fill()
    raised = work(settings, drafts)
    assert raised
    assert all(isinstance(error, BackofficeError) and error.specific_remedy for error in raised), raised
    space.make_room()
    assert wrong_with(settings, drafts) == []


# --- a database that is away


@pytest.fixture
def own_server():
    """A PostgreSQL server that this test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="backoffice-pg-"))
    try:
        with server(folder) as running:
            with psycopg.connect("postgresql://" + running.address.format(database="postgres"), autocommit=True) as one:
                one.execute("CREATE DATABASE office")
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_database_that_is_away_is_waited_for(own_server, tmp_path, drafts):
    """Whoever needs it meanwhile is told so, and a process that had it open goes on when it is back."""
    settings = settings_of(tmp_path / "home", "postgresql://" + own_server.address.format(database="office"))
    furnish(settings)
    open_before = Database(settings.url)
    with open_before.reading() as session:
        assert session.connection()
    own_server.stop()
    try:
        raised = work(settings, drafts)
        assert raised
        assert all(isinstance(error, StoreError) and error.retryable for error in raised), raised
        with pytest.raises(StoreError), open_before.writing():
            pass
    finally:
        own_server.start()
    with open_before.writing() as session:
        assert session.connection()
    open_before.close()
    assert wrong_with(settings, drafts) == []


def test_a_connection_that_breaks_in_a_batch_is_made_anew(own_server, tmp_path, drafts):
    """The server restarts between two documents: the run ends in order, the next one does the rest."""
    settings = settings_of(tmp_path / "home", "postgresql://" + own_server.address.format(database="office"))
    furnish(settings)

    def restart(name, _moment, what) -> None:
        if name == "file.rename" and str(what).endswith(".file"):
            own_server.stop()
            own_server.start()

    with planned(restart):
        raised = work(settings, drafts)
    assert all(isinstance(error, StoreError) and error.retryable for error in raised), raised
    assert wrong_with(settings, drafts) == []


# --- a lock that is held


@contextmanager
def held(settings: Settings, seconds: float):
    """Another program holds the writer's lock of the database for so long."""
    taken, done = Event(), Event()

    def hold() -> None:
        connection = sqlite3.connect(settings.home / "backoffice.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        taken.set()
        done.wait(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        taken.wait()
        try:
            yield
        finally:
            done.set()
        holding.result()


@pytest.mark.parametrize("seconds", [1.0, pytest.param(30.0, marks=pytest.mark.real)])
def test_a_lock_that_is_held_for_a_while_is_waited_for(tmp_path, drafts, seconds):
    """No stage fails: a writer waits for up to a minute."""
    settings = settings_of(tmp_path / "home")
    furnish(settings)
    with held(settings, seconds):
        assert work(settings, drafts) == []
    assert wrong_with(settings, drafts) == []


def test_a_lock_that_is_not_let_go_is_told(tmp_path, drafts, monkeypatch):
    """Once patience is over the stages end with an error that says to try again; then all goes on."""
    settings = settings_of(tmp_path / "home")
    furnish(settings)
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(database_module, "_PRAGMAS", ("PRAGMA busy_timeout = 50", *database_module._PRAGMAS[1:]))
    with held(settings, 600.0):
        raised = work(settings, drafts)
    assert raised
    assert all(isinstance(error, StoreError) and error.retryable for error in raised), raised
    assert wrong_with(settings, drafts) == []
