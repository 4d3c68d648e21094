"""Where the browser puts its profile while it runs: gone at the end, and after a kill with the next start."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from time import time

PREFIX = "backoffice-robot-"
_FRESH = 60.0
"""A folder that is younger may not be locked yet by who makes it."""


class Scratch:
    """A folder of its own below the system's temporary one; locked as long as its process lives."""

    def __init__(self) -> None:
        sweep()
        self._folder = mkdtemp(prefix=PREFIX)
        self._lock = os.open(self._folder, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    @contextmanager
    def for_children(self) -> Iterator[None]:
        """What is started within takes it for the temporary folder."""
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = self._folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = before

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)


def sweep(fresh: float = _FRESH, below: Path | None = None) -> None:
    """Remove the folders whose process is no more; those of the last `fresh` seconds stay."""
    for folder in (below or Path(gettempdir())).glob(f"{PREFIX}*"):
        try:
            if time() - folder.stat().st_mtime > fresh:
                _remove_unlocked(folder)
        except OSError:  # it is in use, it is somebody else's, or another one was quicker
            continue


def _remove_unlocked(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
