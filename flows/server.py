"""Which Prefect API a run talks to: a remote one, the one that `backoffice up` keeps, or one embedded in the run.

Prefect can embed a server by itself, but imports the whole server in the client first and starts it only when the
flow does: 10 s before the first line of a flow. Started here, while the client is being imported, it takes 5 s.
This module does not import prefect.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from flows.environment import EMBEDDED, prefect_home, prepare
from pipeline.doctor import Probe
from pipeline.errors import EnvironmentFault
from pipeline.interrupts import leave_if
from pipeline.settings import Settings

_STARTUP_SECONDS = 300.0  # the first start migrates Prefect's database: 8 s alone, over 120 s at a load of 10
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05


@contextmanager
def prefect_api(settings: Settings) -> Iterator[str]:
    """The URL of the API to use, in `PREFECT_API_URL` too; an embedded server ends with the block.

    The server may still be starting: import what needs prefect, then call `wait_until_up`.
    """
    prepare(settings)
    if url := os.environ.get("PREFECT_API_URL") or kept_url(settings):
        with _environment({"PREFECT_API_URL": url}):
            yield url
        return
    with (
        start_server(settings, free_port(), EMBEDDED) as url,
        # Nobody can read the logs of a server that is gone when the run is.
        _environment({"PREFECT_API_URL": url, "PREFECT_LOGGING_TO_API_ENABLED": "false"}),
    ):
        yield url


@contextmanager
def start_server(settings: Settings, port: int, extra: Mapping[str, str]) -> Iterator[str]:
    """A server process on this machine; ended with SIGTERM at the end of the block."""
    prefect_home(settings).mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}/api"
    # A session of its own: Ctrl-C in the terminal must end the flow first and the server after it. The pipe tells it
    # when this process was killed and nobody ends it.
    server = subprocess.Popen(
        [sys.executable, "-m", "flows.api_process", str(port)],
        env={**os.environ, **extra, "PREFECT_UI_API_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield url
    finally:
        server.terminate()
        try:
            server.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until_up(url: str, seconds: float = _STARTUP_SECONDS, stop: Event | None = None) -> None:
    """Return when the API answers. Raises EnvironmentFault when it does not within `seconds`.

    Raises KeyboardInterrupt when `stop` is set meanwhile.
    """
    deadline, stop = time.monotonic() + seconds, stop or Event()
    while not is_up(url):
        leave_if(stop)
        if time.monotonic() > deadline:
            raise EnvironmentFault(
                f"The Prefect API at {url} does not answer.",
                code="prefect-api",
                remedy="Use `backoffice process`, which needs no Prefect, or look at PREFECT_API_URL.",
            )
        time.sleep(_POLL_SECONDS)


def is_up(url: str) -> bool:
    """Whether a Prefect API answers at this URL."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None:
        return True  # Prefect's own client knows how to talk TLS and to complain
    connection = HTTPConnection(parts.hostname, parts.port, timeout=2.0)
    try:
        connection.request("GET", f"{parts.path.rstrip('/')}/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def kept_url(settings: Settings) -> str | None:
    """The address of the server that `backoffice up` keeps for this home, if it answers."""
    with suppress(OSError, ValueError, KeyError):
        url = str(json.loads(_address_file(settings).read_text())["url"])
        return url if is_up(url) else None
    return None


@contextmanager
def keep_server(settings: Settings, port: int) -> Iterator[str]:
    """A full server with its pages, whose address later batches find. Raises EnvironmentFault if the port is taken."""
    prepare(settings)
    if not _is_free(port):
        raise EnvironmentFault(f"Port {port} is in use.", code="port-in-use", remedy="Choose another one with --port.")
    with start_server(settings, port, {}) as url, _environment({"PREFECT_API_URL": url}):
        wait_until_up(url)
        address = _address_file(settings)
        address.write_text(json.dumps({"url": url}))
        try:
            yield url
        finally:
            address.unlink(missing_ok=True)


def probe(settings: Settings) -> Probe:
    """How the API stands that the next batch will talk to; an embedded one is always at hand."""
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        kept = kept_url(settings)
        return Probe(name="prefect API", ok=True, detail=kept or "embedded in each batch", needed=False)
    answers = is_up(url)
    remedy = "" if answers else "Start that server, or unset PREFECT_API_URL."
    return Probe(name="prefect API", ok=answers, detail=url, remedy=remedy)


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _address_file(settings: Settings) -> Path:
    return prefect_home(settings) / "server.json"


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
