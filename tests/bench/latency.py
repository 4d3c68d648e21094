"""How long a file dropped into a watched folder waits for its decision, one file at a time, in wall seconds."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.bootstrap import load_settings, open_the_ledger
from pipeline.intake.archive import hash_file
from pipeline.settings import Settings
from pipeline.store.ledger import Ledger
from schemas.policy import MAIN
from tests.bench.pages import BACKOFFICE

PATIENCE_SECONDS = 300.0
LOOK_SECONDS = 0.02


class Wait(NamedTuple):
    """Wall seconds from a file's arrival to its decision, and the CPU seconds of its document in them."""

    seconds: float
    cpu: float


def latencies(files: Sequence[Path], scratch: Path) -> list[Wait]:
    """The wait of each file; that of the first of them, which pays for the start, is left out."""
    settings = load_settings(home=scratch / "home")
    settings.inbox.mkdir(parents=True)
    with _watching(settings), open_the_ledger(settings) as ledger:
        waited = list(_dropped(files, settings, ledger))
    return waited[1:]


def _dropped(files: Iterable[Path], settings: Settings, ledger: Ledger) -> Iterator[Wait]:
    for number, file in enumerate(files, start=1):
        began = time.monotonic()
        shutil.copy(file, settings.inbox / file.name)
        while ledger.status().documents.get("done", 0) < number:
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise TimeoutError(f"{file.name} was not decided in {PATIENCE_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)
        yield Wait(time.monotonic() - began, _cpu_of(file, ledger))


def _cpu_of(file: Path, ledger: Ledger) -> float:
    """What the document of a decided file took."""
    document = ledger.of(MAIN).find(hash_file(file))
    outcomes = ledger.outcomes(document.document_id) if document else ()
    return sum(sum(outcome.seconds.values()) for outcome in outcomes)


@contextmanager
def _watching(settings: Settings) -> Iterator[None]:
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    watcher = subprocess.Popen([BACKOFFICE, "watch", "--home", str(settings.home)], **silent)
    try:
        yield
    finally:
        watcher.send_signal(signal.SIGTERM)
        watcher.wait(timeout=120)
