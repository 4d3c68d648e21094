"""One file's way in: examined, archived, and noted in the ledger."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from pipeline.errors import BackofficeError, BrokenFile, InputError, TooLarge
from pipeline.intake.archive import StillChanging, hash_file
from pipeline.intake.arrival import Arrival, Received, Refused
from pipeline.intake.ending import is_complete
from pipeline.intake.files import list_files, open_regular
from pipeline.intake.names import display_name
from pipeline.intake.originals import open_archive
from pipeline.intake.sniff import identify_file
from pipeline.ports import Clock
from pipeline.settings import Limits, Settings
from pipeline.store.ledger import Ledger
from schemas import Document, MediaType


class Label(NamedTuple):
    """What is known of a file before it is looked into: its name, when it came in, and whose it is.

    `folder` is where in the drop folder it lay when that is nobody's folder.
    """

    file_name: str
    received_at: datetime
    client_id: str
    folder: str | None = None


def take_files(paths: Iterable[Path], settings: Settings, ledger: Ledger, clock: Clock) -> tuple[Arrival, ...]:
    """Archive and register files, and all files under folders; the sources stay where they are.

    Raises StoreError when the archive or the ledger does not take one.
    """
    return tuple(_take_file(path, settings, ledger, clock) for path in _expanded(paths))


def examine(path: Path, limits: Limits) -> MediaType:
    """What the file is. Raises InputError for what is not taken in: too large, empty, unknown, incomplete."""
    with open_regular(path) as file:
        size = file.seek(0, 2)
    if size > limits.file_bytes:
        raise TooLarge(f"The file has {size:,} bytes; the limit is {limits.file_bytes:,}.")
    media_type = identify_file(path)
    if not is_complete(path, media_type):
        raise BrokenFile(
            f"The end of the file is missing ({media_type.value}).",
            code="incomplete",
            remedy="Send it again; the transfer or the scan may have been cut off.",
        )
    return media_type


def admit(path: Path, label: Label, source: str, settings: Settings, ledger: Ledger) -> Received:
    """Archive and register one file; on the disk and in the ledger when it returns.

    Raises InputError for what is not taken in, StillChanging when it is being written to, StoreError.
    """
    media_type = examine(path, settings.limits)
    archive = open_archive(settings)
    sha256 = archive.put(path)
    document = Document(
        client_id=label.client_id,
        sha256=sha256,
        file_name=label.file_name,
        size=archive.path(sha256).stat().st_size,
        media_type=media_type,
        received_at=label.received_at,
    )
    return Received(path=path, document=document, is_new=ledger.register(document, source, label.folder))


def refuse(path: Path, label: Label, error: BackofficeError, source: str, ledger: Ledger) -> Refused:
    """Note that a file is not taken in, with its hash unless it is unreadable; a huge one is never held in memory."""
    refused = Refused(path=path, file_name=label.file_name, sha256=_hash(path), reason=error.failure())
    ledger.reject(refused.file_name, refused.sha256, refused.reason, source, label.client_id)
    return refused


def _take_file(path: Path, settings: Settings, ledger: Ledger, clock: Clock) -> Arrival:
    label, source = Label(display_name(path.name), clock.now(), settings.client), f"take:{uuid4().hex}"
    target = Path(os.path.realpath(path))  # a link that was named is meant; in a folder links are passed over
    arrival: Arrival
    try:
        arrival = admit(target, label, source, settings, ledger)
    except (InputError, StillChanging) as error:
        arrival = refuse(target, label, error, source, ledger)
    return arrival.model_copy(update={"path": path})


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (file for file, _ in list_files(path))
        else:
            yield path


def _hash(path: Path) -> str | None:
    try:
        return hash_file(path)
    except BrokenFile:
        return None
