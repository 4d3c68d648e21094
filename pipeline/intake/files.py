"""Opening what may be anything, and listing a folder that others write to."""

import fcntl
import logging
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import BrokenFile
from pipeline.intake.names import display_name, is_ignored

log = logging.getLogger(__name__)

CHUNK_BYTES = 2**20


@contextmanager
def open_regular(path: Path) -> Iterator[BufferedReader]:
    """A regular file, open for reading; never follows a symbolic link and never waits on a FIFO.

    Raises BrokenFile with code "unreadable" when the file is gone, forbidden or not a regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(error.strerror or "cannot be opened") from error
    with open(descriptor, "rb") as file:  # noqa: PTH123 (a descriptor, not a path)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _unreadable("not a regular file")
        try:
            yield file
        except OSError as error:
            raise _unreadable(error.strerror or "cannot be read") from error


def nobody_writes(path: Path) -> bool:
    """Whether no process of this machine has the file open for writing; False where that cannot be known.

    The kernel gives a read lease on such a file alone (fcntl(2), F_SETLEASE): to its owner or with CAP_LEASE, and on
    file systems that know who writes. Whoever opens the file meanwhile waits for the microseconds until it is closed.
    """
    try:
        with open_regular(path) as file:
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)  # sent to us when somebody waits; SIGIO would end us
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except (OSError, BrokenFile):
        return False
    return True


def chunks_of(file: BinaryIO) -> Iterator[bytes]:
    """The content from where it stands, piece by piece. Raises BrokenFile with code "unreadable"."""
    while True:
        try:
            chunk = file.read(CHUNK_BYTES)
        except OSError as error:
            raise _unreadable(error.strerror or "cannot be read") from error
        if not chunk:
            return
        yield chunk


def list_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Every regular file under a folder with its status, sorted by name within each folder.

    Links, FIFOs, sockets and ignored names are passed over; so are folders that cannot be listed (logged).
    """
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            log.warning("The folder %s cannot be listed: %s", display_name(str(current)), error.strerror)
            continue
        for entry in entries:
            if is_ignored(entry.name):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False)
            except OSError:  # gone since it was listed
                continue


def _unreadable(why: str) -> BrokenFile:
    return BrokenFile(
        f"The file cannot be read: {why}.",
        code="unreadable",
        remedy="Check the file's permissions and the disk, then drop it again.",
    )
