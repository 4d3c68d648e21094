"""Where the originals are: a folder of this machine, or an fsspec URL such as `s3://bucket/originals` (docs/adr/0021).

The one home of fsspec.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from pipeline.durable import make_folder, part_in, remove
from pipeline.effects import effect
from pipeline.errors import EnvironmentFault, StoreError
from pipeline.intake.archive import Archive, hash_file
from pipeline.intake.files import chunks_of
from pipeline.settings import Settings

log = structlog.get_logger(__name__)

BLOCK_BYTES = 8 * 2**20
"""What is sent in one go; S3 takes parts of 5 MiB and more."""

IN_USE_SECONDS = 3600.0
"""A copy that was asked for so recently is not removed: somebody may still open it."""


def open_archive(settings: Settings) -> Archive:
    """The archive that the settings name. Raises EnvironmentFault when the library for its URL is not installed."""
    if not settings.originals:
        return Archive(settings.archive)
    return _archive_at(settings.originals, settings.copies, settings.copies_bytes)


@cache
def _archive_at(url: str, copies: Path, copies_bytes: int) -> Archive:
    try:
        files, base = url_to_fs(url)
    except (ImportError, ValueError) as error:
        remedy = "Use a folder, or install what the URL needs: pip install 'backoffice[s3]' for s3://."
        raise EnvironmentFault(f"{url}: {error}", code="originals", remedy=remedy) from error
    if isinstance(files, LocalFileSystem):
        return Archive(Path(base))
    return RemoteArchive(files, base, copies, copies_bytes)


class RemoteArchive(Archive):
    """Originals `BASE/ab/abcdef…` of a remote file system, before them a folder with copies of those in use.

    An original is there as a whole or not at all: it becomes visible with the commit of a finished upload. It counts
    as kept when it was read back with the right hash.
    """

    def __init__(self, files: Any, base: str, copies: Path, copies_bytes: int) -> None:
        """`files` is an fsspec file system; beyond `copies_bytes` the copies that nobody asked for longest go."""
        super().__init__(copies)
        self._files, self._base, self._copies = files, base.rstrip("/"), copies
        self._copies_bytes = self._new_bytes = copies_bytes

    def path(self, sha256: str) -> Path:
        """A copy of the original with that hash, fetched if need be; nothing is there when it is not archived.

        What has other bytes than its hash says is not what was archived; that is logged. Raises StoreError when the
        remote side does not answer.
        """
        copy = self._local(sha256)
        try:
            os.utime(copy)
        except OSError:
            self._fetch(sha256)
        return copy

    def is_there(self) -> bool:
        """A URL is reached from anywhere; whether it answers, each call tells."""
        return True

    def remove(self, sha256: str) -> None:
        """Remove the original and its copy."""
        place = self._place(sha256)
        with _as_store_error(), suppress(FileNotFoundError), effect("original.remove", place):
            self._files.rm_file(place)
        super().remove(sha256)

    def _keep(self, copy: Path, sha256: str) -> None:
        with _as_store_error():
            if self._hash(sha256) != sha256:
                self._upload(copy, self._place(sha256))
                if self._hash(sha256) != sha256:
                    raise OSError("it gave back other bytes than were sent")
        self._keep_copy(copy, sha256)

    def _keep_copy(self, copy: Path, sha256: str) -> None:
        self._new_bytes += copy.stat().st_size
        super()._keep(copy, sha256)
        if self._new_bytes > self._copies_bytes // 10:
            self._make_room()

    def _place(self, sha256: str) -> str:
        return f"{self._base}/{sha256[:2]}/{sha256}"

    def _hash(self, sha256: str) -> str | None:
        """The hash of what is there under that of the original; None when nothing is."""
        digest = hashlib.sha256()
        try:
            with self._open(sha256) as file:
                for chunk in chunks_of(file):
                    digest.update(chunk)
        except FileNotFoundError:
            return None
        return digest.hexdigest()

    def _open(self, sha256: str) -> Any:
        return self._files.open(self._place(sha256), "rb", cache_type="readahead", block_size=BLOCK_BYTES)

    def _upload(self, copy: Path, place: str) -> None:
        target = self._files.open(place, "wb", block_size=BLOCK_BYTES, autocommit=False)
        try:
            with copy.open("rb") as source, target:
                target.writelines(chunks_of(source))
            with effect("original.commit", place):
                target.commit()
        except BaseException:
            with suppress(Exception):  # the first error tells more
                target.discard()
            raise

    def _fetch(self, sha256: str) -> None:
        with _as_store_error():
            make_folder(self._copies)
            with suppress(FileNotFoundError), part_in(self._copies) as copy:
                with self._open(sha256) as source, copy.open("wb") as file:
                    file.writelines(chunks_of(source))
                if hash_file(copy) != sha256:
                    log.error("original-damaged", place=self._place(sha256))
                    return
                self._keep_copy(copy, sha256)

    def _make_room(self) -> None:
        """Remove the copies that nobody asked for longest."""
        self._new_bytes = 0
        found = [(path.stat(), path) for path in self._copies.glob("??/*")]
        excess, old = sum(status.st_size for status, _ in found) - self._copies_bytes, time.time() - IN_USE_SECONDS
        for status, path in sorted(found, key=lambda one: one[0].st_mtime):
            if excess <= 0 or status.st_mtime > old:
                return
            remove(path)
            excess -= status.st_size


@contextmanager
def _as_store_error() -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise
    except Exception as error:  # each library has errors of its own, many of them no OSError
        raise StoreError(f"The archive did not answer: {type(error).__name__}: {error}") from error
