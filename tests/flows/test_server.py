"""Which Prefect API a run finds, and what it says when there is none."""

import os
import socket
from pathlib import Path

import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from flows import server
from flows.environment import prepare
from flows.server import free_port, keep_server, kept_url, prefect_api, probe, wait_until_up
from pipeline.errors import EnvironmentFault
from pipeline.settings import Settings


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any setting of Prefect; whatever is set comes back."""
    monkeypatch.setattr(os, "environ", {name: value for name, value in os.environ.items() if "PREFECT" not in name})
    return monkeypatch


def test_what_the_operator_has_set_wins(bare: pytest.MonkeyPatch, settings: Settings) -> None:
    """The rest is ours: no telemetry, Prefect's files in the home."""
    bare.setenv("PREFECT_LOGGING_LEVEL", "DEBUG")
    prepare(settings)
    assert os.environ["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_HOME"] == str(settings.home.resolve() / "prefect")


def test_a_run_takes_the_remote_api_then_the_kept_server(bare: pytest.MonkeyPatch, prefect_server: Settings) -> None:
    """Only a run that finds neither starts a server of its own."""
    url = kept_url(prefect_server)
    assert url is not None
    with prefect_api(prefect_server) as found:
        assert found == url == os.environ["PREFECT_API_URL"]
    assert "PREFECT_API_URL" not in os.environ
    bare.setenv("PREFECT_API_URL", "https://prefect.example/api")
    with prefect_api(prefect_server) as found:
        assert found == "https://prefect.example/api"


def test_an_address_that_nobody_answers_at_is_not_used(bare: pytest.MonkeyPatch, settings: Settings) -> None:
    """A kept server that was killed leaves its address behind; the next run must not fail over it."""
    place = settings.home / "prefect"
    place.mkdir(parents=True)
    (place / "server.json").write_text('{"url": "http://127.0.0.1:1/api"}')
    assert kept_url(settings) is None
    (place / "server.json").write_text("half of it")
    assert kept_url(settings) is None
    assert probe(settings).ok, "an embedded one is always at hand"


def test_an_api_that_is_not_there_is_an_error_with_a_remedy(bare: pytest.MonkeyPatch, settings: Settings) -> None:
    """Not a stack of HTTP exceptions."""
    with pytest.raises(EnvironmentFault) as caught:
        wait_until_up("http://127.0.0.1:1/api", seconds=0.1)
    assert caught.value.specific_code == "prefect-api"
    assert "backoffice process" in caught.value.specific_remedy
    bare.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    assert not probe(settings).ok


def test_a_port_that_is_taken_is_an_error_with_a_remedy(bare: pytest.MonkeyPatch, settings: Settings) -> None:
    """Before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EnvironmentFault, match=str(port)), keep_server(settings, port):
            pytest.fail("it started")


def test_a_server_ends_with_its_block(settings: Settings, bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also when it is still starting."""
    port = free_port()
    with server.start_server(settings, port, {}) as url:
        assert url == f"http://127.0.0.1:{port}/api"
        process = process_at(port)
    assert not process.exists()


@retry(stop=stop_after_delay(10), wait=wait_fixed(0.05), reraise=True)  # its command line appears a moment after it
def process_at(port: int) -> Path:
    """The one process of the server at that port."""
    (found,) = [entry for entry in Path("/proc").iterdir() if listens_to(entry, port)]
    return found


def listens_to(process: Path, port: int) -> bool:
    """Whether this is the process of the server at that port."""
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"flows.api_process" in words and str(port).encode() in words
