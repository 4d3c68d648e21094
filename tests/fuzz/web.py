"""python -m tests.fuzz.web --minutes 10 [--work DIR]: Schemathesis against the real web application, signed in.

A server with two clients and some invoices in it is asked what its own description allows and what it does not; no
answer may be an error of the server. The exit code is 1 when one was. What was asked is in DIR/web/events.ndjson.
"""

import argparse
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.bootstrap import SystemClock
from pipeline.house.sessions import csrf_token
from pipeline.settings import Settings
from pipeline.web.access import CSRF_HEADER, SESSION
from pipeline.web.app import create_app
from pipeline.web.services import Services, open_services
from schemas.people import HOUSE, Role
from tests.web.filled import SCRIPT, add_invoice, fill_people

USER = "root"
LEFT_OUT = r"^/sign-(in|out)|^/admin/users"
"""Paths that end the session, or that may take its rights away: what comes after would be refused unseen."""


def main() -> int:
    """Serve, ask, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--work", type=Path, default=Path("var/fuzz"))
    given = parser.parse_args()
    work = given.work / "web"
    work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as home, open_services(Settings(home=Path(home), workers=1), SystemClock()) as services:
        token = _fill(services)
        app = create_app(services)
        (work / "openapi.json").write_text(json.dumps(app.openapi()))
        watched = Watched(app)
        with served(watched) as url:
            code = _ask(url, token, given.minutes, work)
    print(_summary(given.minutes, work), *watched.faults, sep="\n")  # noqa: T201
    return code or bool(watched.faults)


def _fill(services: Services) -> str:
    """Invoices of two clients and somebody who may do everything at both; returns the session."""
    fill_people(services)
    for number in range(6):
        add_invoice(services, f"FA-{number}", seller=SCRIPT if number % 2 else "Quincaillerie Martin")
        add_invoice(services, f"NO-{number}", client="north", needs_person=number % 2 == 0)
    for client in ("main", "north", HOUSE):
        for role in (Role.ADMIN, Role.SUPERVISOR, Role.OPERATOR):
            services.house.users.give_role(USER, client, role, "test")
    return services.house.sessions.open(USER)


class Watched:
    """The application, and what it answered with an error of its own: Schemathesis was seen to miss one."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.faults: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note a status of 500 or more with its address."""

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 500:
                self.faults.append(f"{message['status']} {scope['method']} {scope['path']}?{scope['query_string']!r}")
            await send(message)

        await self._app(scope, receive, noted)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application behind a real server on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none"))
    socket = server.config.bind_socket()
    thread = threading.Thread(target=server.run, args=([socket],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def _ask(url: str, token: str, minutes: float, work: Path) -> int:
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--no-color",
        "fuzz",
        work / "openapi.json",
        "--url",
        url,
    ]
    command += ["--max-time", int(minutes * 60), "--checks", "not_a_server_error", "--continue-on-failure"]
    command += ["--exclude-path-regex", LEFT_OUT, "--suppress-health-check", "all", "--request-timeout", 120]
    command += ["--report-ndjson-path", work / "events.ndjson", "--warnings", "off", "--max-redirects", 0]
    for header in (f"Cookie: {SESSION}={token}", f"{CSRF_HEADER}: {csrf_token(token)}"):
        command += ["--header", header]
    with (work / "log").open("w") as log:
        return subprocess.run(list(map(str, command)), stdout=log, stderr=log, check=False).returncode


def _summary(minutes: float, work: Path) -> str:
    """How many answers of each kind there were."""
    statuses: Counter[str] = Counter()
    for line in (work / "events.ndjson").open():
        _count(json.loads(line), statuses)
    kinds = ", ".join(f"{status} {count}" for status, count in sorted(statuses.items()))
    return f"web: {minutes:g} minutes, {statuses.total():,} requests; answers: {kinds}"


def _count(value: object, statuses: Counter[str]) -> None:
    """Count the answers within an event, wherever they stand."""
    if isinstance(value, dict):
        if isinstance(status := value.get("status_code"), int):
            statuses[f"{status // 100}xx"] += 1
        for each in value.values():
            _count(each, statuses)
    elif isinstance(value, list):
        for each in value:
            _count(each, statuses)


if __name__ == "__main__":
    sys.exit(main())
