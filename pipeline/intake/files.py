"""Opening what may be anything, listing a folder that others write to, and writing so that it stays."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import BrokenFile
from pipeline.intake.names import display_name, is_ignored

log = logging.getLogger(__name__)


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


def write_durably(path: Path, content: bytes) -> None:
    """Write a whole file or nothing, and have it on the disk before returning. Raises OSError."""
    draft = path.with_name(path.name + ".tmp")
    with draft.open("wb") as file:
        file.write(content)
        sync_file(file)
    draft.replace(path)
    sync_folder(path.parent)


def sync_file(file: BinaryIO) -> None:
    """Wait until the content is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the folder's entries are on the disk: without it a rename may be forgotten."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unreadable(why: str) -> BrokenFile:
    return BrokenFile(
        f"The file cannot be read: {why}.",
        code="unreadable",
        remedy="Check the file's permissions and the disk, then drop it again.",
    )
