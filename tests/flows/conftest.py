"""One Prefect server for all flow tests: its start takes longer than they do."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.server import free_port, keep_server
from pipeline.bootstrap import load_settings
from pipeline.settings import Settings


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A server as `backoffice up` keeps it; gives the settings it was started with.

    In the environment of this process PREFECT_API_URL is its address, as for a remote API.
    """
    before = dict(os.environ)
    os.environ["PREFECT_RUNNER_POLL_FREQUENCY"] = "1"
    settings = load_settings(tmp_path_factory.mktemp("server"))
    with keep_server(settings, free_port()):
        yield settings
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home of one's own, and no waiting for files to come to rest."""
    monkeypatch.setenv("BACKOFFICE_SETTLE_SECONDS", "0")
    return load_settings(tmp_path / "home", workers=1)
