"""What a Dask worker does: it fetches originals and has its own child process understand them, one after the other.

The untrusted bytes never get into the worker itself, so a document that kills its reader does not kill the worker.
"""

import os
import socket
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline import VERSIONS
from pipeline.bootstrap import SystemClock
from pipeline.child_processes import ChildProcesses
from pipeline.errors import EnvironmentFault
from pipeline.intake.originals import open_archive
from pipeline.sandbox import Sandbox
from pipeline.settings import Limits, Settings
from pipeline.store.database import Database
from pipeline.suppliers.book import book_in
from pipeline.suppliers.snapshot import write_snapshots
from pipeline.workshop import Answer
from schemas import Document

Understood = list[tuple[Document, Answer]]

HOME = "BACKOFFICE_HOME"
"""Set on a worker: its own home, for copies and snapshots. Not set: it shares the home of who gave the work."""


def understand_chunk(documents: tuple[Document, ...], settings: Settings, versions: Mapping[str, str]) -> Understood:
    """The documents with their answers, as this machine with the same code would give them anywhere.

    Raises EnvironmentFault when this worker has other code or no way to the originals, StoreError when database or
    originals do not answer.
    """
    if versions != VERSIONS:
        raise _unfit(f"runs {dict(VERSIONS)} instead of {dict(versions)}", "Install the same version everywhere.")
    here = settings.model_copy(update={"home": Path(os.environ.get(HOME) or settings.home)})
    archive = open_archive(here)
    if not archive.is_there():
        remedy = "Share the folder, or set `originals` to a URL that all machines reach, s3://bucket/originals."
        raise _unfit(f"has no folder {here.originals or here.archive}", remedy)
    _learn_what_is_known(here)
    return list(ChildProcesses(_sandbox(here.limits), archive, here).understand(documents))


def _learn_what_is_known(settings: Settings) -> None:
    """Bring the snapshots of the supplier memory up to date; one query a client when they are."""
    database = Database(settings.url)
    try:
        write_snapshots(book_in(database, settings.url, SystemClock()), settings.home)
    finally:
        database.close()


@cache
def _sandbox(limits: Limits) -> Sandbox:
    """The child process of this worker; it ends by itself when the worker does."""
    return Sandbox(Settings(workers=1, limits=limits))


def _unfit(why: str, remedy: str) -> EnvironmentFault:
    return EnvironmentFault(f"The Dask worker on {socket.gethostname()} {why}.", code="dask", remedy=remedy)
