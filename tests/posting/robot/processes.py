"""The portal and the posters as processes of their own, which may be killed with all that they started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from pipeline.posting.portal.app import FILE
from pipeline.posting.portal.books import Books

BACKOFFICE = str(Path(sys.executable).parent / "backoffice")
HOURS = 4 * 60 * 60
_PROC = Path("/proc")


def until(reached: Callable[[], bool], every: float = 0.2) -> None:
    """Wait for a condition; raises RetryError after some hours."""
    unreached = retry_if_result(lambda is_so: not is_so)
    Retrying(retry=unreached, wait=wait_fixed(every), stop=stop_after_delay(HOURS))(reached)


class Portal:
    """`backoffice portal` over the books in a folder, always at the same address."""

    def __init__(self, home: Path, *switches: str) -> None:
        self._home = home
        self._switches = switches
        self._port = "0"

    def __enter__(self) -> Self:
        self._start()
        self.books = Books(self._home / FILE)
        return self

    def __exit__(self, *_: object) -> None:
        self._end(signal.SIGTERM)

    def restart(self, number: signal.Signals) -> None:
        """End it by a signal and start it again."""
        self._end(number)
        self._start()

    def posted(self) -> int:
        """How many vouchers are in its books."""
        return int(self.books.rows("SELECT COUNT(*) AS number FROM vouchers WHERE posted IS NOT NULL")[0]["number"])

    def _start(self) -> None:
        command = [BACKOFFICE, "portal", "--home", str(self._home), "--port", self._port]
        command += [word for switch in self._switches for word in ("--switch", switch)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self._process.stdout.readline().strip()  # it listens when it says where
        self._port = self.url.rpartition(":")[2]

    def _end(self, number: signal.Signals) -> None:
        self._process.send_signal(number)
        self._process.wait()
        self._process.stdout.close()


class Poster:
    """`backoffice post --watch`; what it says goes into a file."""

    def __init__(self, environment: Mapping[str, str], said: Path) -> None:
        with said.open("ab") as file:
            self._process = subprocess.Popen(
                [BACKOFFICE, "post", "--watch"], env={**os.environ, **environment}, stdout=file, stderr=file
            )

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self, with_browser: bool) -> float:
        """SIGKILL, without or with all that it started; seconds until nothing of it is left."""
        children = [pid for pid in tree(self._process.pid) if pid != self._process.pid]
        self._process.kill()
        for pid in children if with_browser else ():
            _kill(pid)
        begin = time.monotonic()
        self._process.wait()
        until(lambda: not any(map(runs, children)), every=0.02)
        return time.monotonic() - begin

    def end(self) -> int:
        """Let it end in order; its exit code, when nothing of it is left."""
        children = tree(self._process.pid)
        self._process.terminate()
        code = self._process.wait()
        until(lambda: not any(map(runs, children)), every=0.02)
        return code


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents = dict(_parents())
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def runs(pid: int) -> bool:
    """Whether there is such a process, and it is more than a zombie."""
    return _stat(pid)[:1] not in ([], ["Z"])


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROC.iterdir():
        if folder.name.isdecimal() and (stat := _stat(int(folder.name))):
            yield int(folder.name), int(stat[1])


def _stat(pid: int) -> list[str]:
    """State, parent and so on; nothing where the process is no more."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it died with its parent
        return
