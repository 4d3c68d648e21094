"""The archive: originals with their bytes untouched, found by the SHA-256 of their content."""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.durable import make_folder, move, part_in, remove, sync_file, sync_folder
from pipeline.effects import effect
from pipeline.errors import StoreError
from pipeline.intake.files import chunks_of, open_regular


class StillChanging(StoreError):
    """The file was written to while it was being copied."""

    code = "still-changing"
    remedy = "Nothing to do: the file is taken once it is at rest."


class Archive:
    """A folder of read-only files `ab/abcdef…`; nothing in it is ever changed, only removed when its time is over."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, sha256: str) -> Path:
        """A file with the bytes of that hash; nothing is there when they are not archived. Raises StoreError."""
        return self._local(sha256)

    def is_there(self) -> bool:
        """Whether this machine reaches the place at all."""
        return self._root.is_dir()

    def put(self, source: Path) -> str:
        """Copy a file's bytes into the archive and return their SHA-256; on the disk when it returns.

        The same bytes twice are one file. Raises BrokenFile when the source is unreadable, StillChanging when
        it changes meanwhile, StoreError when the archive's disk does not take it.
        """
        with open_regular(source) as file:
            before = _signature(file)
            with self._copied(file) as (copy, sha256):
                if _signature(file) != before:
                    raise StillChanging("The file is still being written.")
                self._keep(copy, sha256)
        return sha256

    def put_bytes(self, content: bytes) -> str:
        """The same for bytes in memory."""
        with self._copied(io.BytesIO(content)) as (copy, sha256):
            self._keep(copy, sha256)
        return sha256

    def remove(self, sha256: str) -> None:
        """Remove an original that may be gone already; on the disk when it returns. Raises StoreError."""
        path = self._local(sha256)
        with _as_store_error():
            remove(path)
            if path.parent.is_dir():
                sync_folder(path.parent)

    def _local(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    @contextmanager
    def _copied(self, source: BinaryIO) -> Iterator[tuple[Path, str]]:
        with _as_store_error():
            make_folder(self._root)
            with part_in(self._root) as copy:
                with effect("file.write", copy), copy.open("wb") as target:
                    sha256 = _copy(source, target)
                yield copy, sha256

    def _keep(self, copy: Path, sha256: str) -> None:
        target = self._local(sha256)
        with _as_store_error():
            if _hash_of(copy) != sha256:
                raise OSError("the disk gave back other bytes than were written")
            make_folder(target.parent)
            if not (target.exists() and _hash_of(target) == sha256):
                with effect("file.protect", copy):
                    copy.chmod(0o444)
                move(copy, target)
            sync_folder(target.parent)  # also where it was there: who put it may have died before this
            sync_folder(self._root)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises BrokenFile when it is unreadable."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: BinaryIO, target: BinaryIO) -> str:
    digest = hashlib.sha256()
    for chunk in chunks_of(source):
        digest.update(chunk)
        target.write(chunk)
    sync_file(target)
    return digest.hexdigest()


def _signature(file: BinaryIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


@contextmanager
def _as_store_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"The archive did not take the file: {error}") from error
