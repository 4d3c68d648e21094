"""A portal on a real port in a thread, and robots that work in it with Debian's chromium."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from pipeline.posting.portal.app import create_portal, server_of
from pipeline.posting.portal.site import Site
from pipeline.posting.portal.switches import Switches
from pipeline.posting.robot.script import load_script
from pipeline.posting.robot.target import Access, RobotTarget

USER, PASSWORD = "robot", "hunter2-very-secret"


class Portal:
    """A running portal. `site` is its inside, for looking and for switching."""

    def __init__(self, url: str, site: Site) -> None:
        self.url = url
        self.site = site

    def switch(self, **switches: object) -> None:
        """These switches on, all others off."""
        self.site.mischief.set(Switches(**switches))

    def vouchers(self, posted: bool = True) -> list[dict]:
        return [dict(row) for row in self.site.books.vouchers(posted=posted)]


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """An application on a port of its own; its address."""
    server = server_of(app, "127.0.0.1", 0)
    socket = server.config.bind_socket()
    thread = threading.Thread(target=server.run, args=([socket],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        socket.close()


@pytest.fixture
def portal(tmp_path) -> Iterator[Portal]:
    app = create_portal(tmp_path / "portal", Switches(), USER, PASSWORD)
    with served(app) as url:
        yield Portal(url, app.state.site)


@pytest.fixture
def robot(portal, tmp_path) -> Iterator[Callable[..., RobotTarget]]:
    """Makes robots for the portal; they are closed at the end."""
    made: list[RobotTarget] = []

    def make(password: str = PASSWORD, patience: float = 300, home: Path = tmp_path / "home") -> RobotTarget:
        # a busy machine is no failure
        script = load_script("portal").model_copy(update={"patience": patience, "glance": 5.0})
        access = Access(url=portal.url, user=USER, password=SecretStr(password))
        made.append(RobotTarget(script, access, home, "main"))
        return made[-1]

    yield make
    for one in made:
        one.close()
