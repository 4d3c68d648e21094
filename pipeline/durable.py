"""Files written so that they stay: whole or not at all, and on the disk before the next step begins.

Whatever is killed in between leaves at most a file whose name `is_part` knows; `backoffice reconcile` removes it. All
raise OSError.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.effects import effect

DRAFT, PART = ".tmp", ".part-"
"""The end of the name of a file while one process writes it; the begin, where several may."""


def is_part(name: str) -> bool:
    """Whether a file of that name is being written, or was when its writer died."""
    return name.endswith(DRAFT) or name.startswith(PART)


def write_durably(path: Path, content: bytes) -> None:
    """Write a whole file or nothing; for a name that no other process writes at the same time."""
    draft = path.with_name(path.name + DRAFT)
    try:
        write_file(draft, content)
        move(draft, path)
    except OSError:
        with suppress(OSError):
            remove(draft)
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write a file under its name, which may be half written after a crash."""
    with effect("file.write", path), path.open("wb") as file:
        file.write(content)
        sync_file(file)


def copy_file(source: Path, target: Path) -> None:
    """As `write_file` with another file's content, never all of it in memory."""
    with source.open("rb") as content, effect("file.write", target), target.open("wb") as file:
        shutil.copyfileobj(content, file)
        sync_file(file)


def append(path: Path, content: bytes) -> None:
    """Write at the end of a file; what the disk did not take as a whole is taken back."""
    with effect("file.write", path), path.open("ab") as file:
        end = file.seek(0, os.SEEK_END)
        try:
            file.write(content)
            sync_file(file)
        except OSError:
            os.ftruncate(file.fileno(), end)
            raise


@contextmanager
def part_in(folder: Path) -> Iterator[Path]:
    """An empty file without a final name, of this process alone, gone at the end; to be moved or linked."""
    with effect("file.make", folder):
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=PART)
        os.close(descriptor)
    path = Path(name)
    try:
        yield path
    finally:
        remove(path)


def move(path: Path, target: Path) -> None:
    """Give a file another name, in place of what has it."""
    with effect("file.rename", target):
        path.replace(target)
    sync_folder(target.parent)


def link(path: Path, target: Path) -> None:
    """Give a file a second name. Raises FileExistsError where there is a file of that name."""
    with effect("file.link", target):
        os.link(path, target)
    sync_folder(target.parent)


def remove(path: Path) -> None:
    """Remove a file that may be gone already."""
    if path.exists():
        with effect("file.remove", path):
            path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder, and those that it lies in, where they are missing."""
    if not path.is_dir():
        with effect("folder.make", path):
            path.mkdir(parents=True, exist_ok=True)


def sync_file(file: BinaryIO) -> None:
    """Wait until the content is on the disk."""
    with effect("file.sync", file.name):
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the folder's entries are on the disk: without it a rename may be forgotten."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with effect("folder.sync", folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
