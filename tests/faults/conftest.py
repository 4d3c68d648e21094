"""Nurseries: one on each kind of database, for all tests of a module."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemas import Draft
from tests.faults.nursery import DRAFTS
from tests.faults.office import read_all
from tests.paths import ROOT

MEMORY = Path("/dev/shm")
"""A file system in memory: a thousand furnished offices wear out no disk."""


class Attendant:
    """Speaks with a nursery. `points` are those of a day on which nothing fails."""

    def __init__(self, folder: Path, drafts: object, url: str = "") -> None:
        (folder / DRAFTS).write_bytes(pickle.dumps(drafts))
        command = [sys.executable, "-m", "tests.faults.nursery", str(folder), url]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        self.points: list[str] = self._answer()

    def run(self, mode: str, at: int) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([mode, at]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self._process.communicate()

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the nursery died"
        return json.loads(line)


@pytest.fixture(scope="session")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Draft, ...]]:
    """What is read in each file of the office."""
    return read_all(tmp_path_factory.mktemp("read"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def nursery(request: pytest.FixtureRequest, drafts: object) -> Iterator[Attendant]:
    """A nursery on each kind of database in turn."""
    url = "" if request.param == "sqlite" else _empty_database(request.getfixturevalue("postgresql_server"))
    folder = Path(tempfile.mkdtemp(prefix="backoffice-nursery-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    attendant = Attendant(folder, drafts, url)
    try:
        yield attendant
    finally:
        attendant.close()
        shutil.rmtree(folder, ignore_errors=True)


def _empty_database(server: str) -> str:
    with psycopg.connect("postgresql://" + server.format(database="postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS faults WITH (FORCE)")
        connection.execute("DROP DATABASE IF EXISTS faults_template WITH (FORCE)")
        connection.execute("CREATE DATABASE faults")
    return "postgresql://" + server.format(database="faults")
