"""A process that knows everything already and forks one child for every fault: no run pays for starting Python.

It has one thread, so a fork is sound. What it is told comes as lines of JSON, what it answers goes as such.

python -m tests.faults.nursery FOLDER DATABASE_URL     FOLDER holds what `office.read_all` gives, as DRAFTS
"""

import errno
import gc
import json
import logging
import os
import pickle
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import structlog
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from pipeline import effects
from pipeline.effects import Moment
from pipeline.errors import BackofficeError
from pipeline.store import database
from tests.faults.office import furnish, settings_of, work, wrong_with

DRAFTS = "drafts.pickle"

HANGS_AFTER = 180.0
"""Seconds; no run takes as long, on the slowest machine."""

ONCE, EVER_AFTER, KILL, KILL_AGAIN = "once", "ever-after", "kill", "kill-again"
"""One effect fails; that and every one after it fails; the process dies there; and so does, later each time, whoever
goes on: at its 1st, 2nd, 4th, 8th effect, until one comes through."""


LOSSY = ("file.rename", "file.link", "database.commit", "target.post", "books.")
"""Effects that may happen and be told as failed all the same: by a server, or by a network file system."""


class Fault(NamedTuple):
    """At which point, counted from 1, what happens: before an effect, or after one whose answer may be lost."""

    mode: str
    at: int


class Trouble:
    """The plan of a process in which something fails."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self.points: list[str] = []

    def __call__(self, name: str, moment: Moment, what: object) -> None:
        if moment is Moment.AFTER and not name.startswith(LOSSY):
            return
        self.points.append(f"{moment} {name} {Path(str(what)).name if what else ''}".strip())
        number = len(self.points)
        if self._fault.mode in (KILL, KILL_AGAIN):
            if number == self._fault.at:
                os.kill(os.getpid(), signal.SIGKILL)
        elif number == self._fault.at or (number > self._fault.at and self._fault.mode == EVER_AFTER):
            raise error_of(name)


def error_of(name: str) -> Exception:
    """What fails as its kind does: a connection that broke, a disk that is full, a server that hung up."""
    if name.startswith("database."):
        return OperationalError(name, {}, Exception("server closed the connection unexpectedly"))
    if name.startswith(("target.", "books.")):
        return ConnectionResetError(errno.ECONNRESET, f"{name}: connection reset by peer")
    return OSError(errno.ENOSPC, f"{name}: no space left on device")


class Nursery:
    """An office that is furnished anew for each fault."""

    def __init__(self, folder: Path, url: str) -> None:
        self._home, self._template, self._url = folder / "home", folder / "template", url
        self._settings = settings_of(self._home, url)
        self._remember_engines()
        self._drafts = pickle.loads((folder / DRAFTS).read_bytes())
        furnish(self._settings)
        shutil.copytree(self._home, self._template)
        if url:
            self._on_server("CREATE DATABASE {name}_template TEMPLATE {name}")
        self.points = self._warm_up()
        gc.collect()
        gc.freeze()  # or the first collection of each child would copy all of this

    def run(self, fault: Fault) -> dict[str, Any]:
        """What was wrong after it; and whether the fault came at all."""
        self._furnish()
        found = self._forked(lambda: self._day(fault))
        if fault.mode == KILL_AGAIN:
            self._die_again()
        ended = self._forked(lambda: {"wrong": wrong_with(self._settings, self._drafts)})
        died = ["the restart died"] if ended["killed"] else []
        return {"fault": fault, **found, "wrong": [*found["wrong"], *ended["wrong"], *died]}

    def _die_again(self) -> None:
        """Whoever goes on dies later each time, until one comes to its end."""
        turn = 1
        while self._forked(lambda: self._day(Fault(KILL, turn)))["killed"]:  # noqa: B023 (it is run at once)
            turn *= 2

    def _warm_up(self) -> list[str]:
        """A day without faults, and all that comes after it, in this process: what it did, point by point."""
        self._furnish()
        nothing = Trouble(Fault("none", 0))
        with effects.planned(nothing):
            raised = work(self._settings, self._drafts)
        wrong = [repr(error) for error in raised] + wrong_with(self._settings, self._drafts)
        if wrong:
            raise RuntimeError(f"Without a fault: {wrong}")
        return nothing.points

    def _day(self, fault: Fault) -> dict[str, Any]:
        trouble = Trouble(fault)
        with effects.planned(trouble):
            raised = work(self._settings, self._drafts)
        rude = [error for error in raised if not isinstance(error, BackofficeError)]
        wrong = ["".join(traceback.format_exception(error)[-3:]) for error in rude]
        came = trouble.points[fault.at - 1] if len(trouble.points) >= fault.at else None
        return {"came": came, "raised": [repr(error)[:200] for error in raised], "wrong": wrong}

    def _furnish(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.copytree(self._template, self._home)
        if self._url:
            self._on_server("DROP DATABASE {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE {name}_template")

    def _on_server(self, *statements: str) -> None:
        url = make_url(self._url)
        address = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.format(name=url.database))  # type: ignore[call-overload]

    def _remember_engines(self) -> None:
        """The same URL is the same engine, whose statements are compiled already."""
        made, plain = database.create_engine, cache(database.create_engine)
        database.create_engine = lambda url, **values: made(url, **values) if values else plain(url)
        database._sqlite = cache(database._sqlite)

    def _forked(self, task: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Run a task in a child of its own, and what it found; killed when it hangs."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._live(task, writing)
        os.close(writing)
        killed = _awaited(child)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        found = json.loads(said) if said else {}
        hung = [] if said or killed != "hung" else ["it hung"]
        return {"came": "killed" if killed else None, "wrong": hung, **found, "killed": bool(killed)}

    def _live(self, task: Callable[[], dict[str, Any]], writing: int) -> None:
        gc.disable()
        try:
            said = task()
        except BaseException as error:
            said = {"wrong": [f"the process ended with {error!r}"]}
        os.write(writing, json.dumps(said).encode())
        os._exit(0)


def _awaited(child: int) -> str:
    """How a child ended: "" by itself, "killed", or "hung" and killed by us."""
    deadline, how = time.monotonic() + HANGS_AFTER, ""
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return how or ("killed" if os.WIFSIGNALED(status) else "")
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            how = "hung"
        time.sleep(0.002)


def main() -> None:
    """Serve: each line is a fault, each answer what came of it; the first answer are the points of a day."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    nursery = Nursery(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
    answers.write(json.dumps(nursery.points) + "\n")
    for line in sys.stdin:
        answers.write(json.dumps(nursery.run(Fault(*json.loads(line)))) + "\n")


if __name__ == "__main__":
    main()
