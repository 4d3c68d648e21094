"""A batch: files are taken in, their documents are read, and every file gets its answer, in the files' order."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from pipeline.intake.arrival import Arrival, Received, Refused
from pipeline.intake.files import list_files
from pipeline.intake.inbox import Inbox
from pipeline.intake.names import display_name
from pipeline.intake.take import take_files
from pipeline.interrupts import leave_if
from pipeline.process import process_documents
from pipeline.store.ledger import Ledger
from pipeline.world import World
from schemas import Document, Failure, Outcome, Reason, Rejected

ALREADY_RECEIVED = "already-received"
"""The reason of a file whose bytes came in before under another name; no fault of anybody."""

_INBOX_POLL_SECONDS = 0.5

Item = TypeVar("Item")


class Source(NamedTuple):
    """A file to take in. `name` is its path below the folder that was given, or its file name."""

    name: str
    path: Path


class FileResult(NamedTuple):
    """What became of one file: at least one outcome, several for a file with several invoices."""

    file: str
    outcomes: tuple[Outcome, ...]


class Work(NamedTuple):
    """A file whose document is to be read."""

    file: str
    document: Document


@dataclass
class Tally:
    """Counts a batch while it runs: files, invoices by decision, reasons by code, wall seconds."""

    files: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    has_rejected: bool = False
    left: int = 0
    """Files that stay in the inbox, because they are not complete or still change."""
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None

    @classmethod
    def of(cls, results: Iterable[FileResult]) -> Self:
        """The counts of these files."""
        tally = cls()
        for result in results:
            tally.add(result)
        return tally

    def add(self, result: FileResult) -> None:
        """Count one file."""
        self.files += 1
        for outcome in result.outcomes:
            codes = {reason.code for reason in outcome.decision.reasons}
            self.decisions[outcome.decision.kind] += 1
            self.reasons.update(codes)
            self.has_rejected |= isinstance(outcome.decision, Rejected) and codes != {ALREADY_RECEIVED}
        self.ended = time.monotonic()

    @property
    def invoices(self) -> int:
        """Invoices decided on."""
        return self.decisions.total()

    @property
    def seconds(self) -> float:
        """Wall time from the start to the last answer."""
        return (self.ended or time.monotonic()) - self.started

    def as_dict(self) -> dict[str, object]:
        """The counts as JSON values."""
        return {
            "files": self.files,
            "invoices": self.invoices,
            "decisions": dict(self.decisions),
            "reasons": dict(self.reasons.most_common()),
            "left": self.left,
            "seconds": round(self.seconds, 1),
        }


def list_sources(paths: Iterable[Path], leave_out: Iterable[Path | None] = ()) -> list[Source]:
    """The files, and all files under the folders, hidden ones too, each folder sorted by name.

    `leave_out` are files and folders of our own that may lie inside. A folder that cannot be listed is a source
    itself, so that it gets an answer.
    """
    ours = {path.resolve() for path in leave_out if path is not None}
    sources: list[Source] = []
    for path in paths:
        if path.is_dir():
            sources += (Source(str(file.relative_to(path)), file) for file in _walk(path, ours))
        else:
            sources.append(Source(path.name, path))
    return sources


def process_sources(sources: Sequence[Source], world: World) -> Iterator[FileResult]:
    """Take the files in, read their documents, and give every file its answer, in the order of `sources`.

    The files stay where they are. The same bytes twice: the second file's answer is a rejection that names the first.
    A file that came in before under the same name gets its stored outcomes again. Raises StoreError and
    EnvironmentFault; what was taken in by then waits in the ledger.
    """
    works = take_sources(sources, world)
    while chunk := list(islice(works, world.settings.chunk_size)):
        yield from read_works(chunk, world)


def take_sources(sources: Iterable[Source], world: World) -> Iterator[Work | FileResult]:
    """Archive and register the files one by one. Raises StoreError when one cannot be kept."""
    first: dict[str, Source] = {}
    return (_take(source, first, world) for source in sources)


def take_inbox(world: World, wait: bool = True) -> list[Work | FileResult]:
    """Take in what waits in the inbox, and every document that still waits for the machine.

    With `wait` files dropped a moment ago are waited for until they are at rest; those still being written stay.
    """
    inbox = Inbox(world.settings, world.ledger, world.clock)
    works: list[Work | FileResult] = []
    deadline = time.monotonic() + world.settings.settle_seconds + 2 * _INBOX_POLL_SECONDS
    while True:
        leave_if(world.stop)
        works += answered(inbox.collect(), world.ledger)
        if not wait or time.monotonic() > deadline or not any(list_files(world.settings.inbox)):
            return works + [Work(document.file_name, document) for document in world.ledger.pending()]
        world.stop.wait(_INBOX_POLL_SECONDS)


def warm_up(world: World) -> None:
    """Have readers at hand by the time that the first document comes."""
    world.workshop.warm_up()


def left_in_inbox(world: World) -> int:
    """How many files the inbox still holds."""
    return sum(1 for _ in list_files(world.settings.inbox))


def answered(arrivals: Iterable[Arrival], ledger: Ledger) -> list[FileResult]:
    """The arrivals that have their answer already: refused, or seen before."""
    results = []
    for arrival in arrivals:
        if isinstance(arrival, Refused):
            results.append(_refused(arrival.file_name, arrival))
        elif not arrival.is_new:
            results.append(_again(arrival.document.file_name, _stored(arrival, ledger).file_name))
    return results


def read_works(works: Sequence[Work | FileResult], world: World) -> Iterator[FileResult]:
    """Read the documents and give every file its answer, in the order of `works`."""
    outcomes: dict[str, tuple[Outcome, ...]] = {}
    reading = process_documents([work.document for work in works if isinstance(work, Work)], world)
    for work in works:
        if isinstance(work, FileResult):
            yield work
            continue
        while work.document.document_id not in outcomes:
            document, answer = next(reading)
            outcomes[document.document_id] = answer
        yield FileResult(work.file, outcomes[work.document.document_id])


def chunks(works: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Parts of at most `size`, in order."""
    return (works[start : start + size] for start in range(0, len(works), size))


def _walk(folder: Path, ours: set[Path]) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        path = Path(entry.path)
        if path.resolve() in ours:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, ours)
        else:
            yield path


def _take(source: Source, first: dict[str, Source], world: World) -> Work | FileResult:
    leave_if(world.stop)
    (arrival,) = take_files([source.path], world.settings, world.ledger, world.clock)
    if isinstance(arrival, Refused):
        return _refused(source.name, arrival)
    document = _stored(arrival, world.ledger)
    if document.file_name != arrival.document.file_name:
        return _again(source.name, document.file_name)
    if (earlier := first.setdefault(document.sha256, source)) != source:
        return _again(source.name, earlier.name)
    return Work(source.name, document)


def _stored(arrival: Received, ledger: Ledger) -> Document:
    """The document as it first came in."""
    return ledger.of(arrival.document.client_id).find(arrival.document.sha256) or arrival.document


def _refused(file: str, refused: Refused) -> FileResult:
    reason = Reason(code=refused.reason.code, message=refused.reason.message)
    return FileResult(file, (_rejection(reason, refused.reason),))


def _again(file: str, earlier: str) -> FileResult:
    message = f"The same bytes came in before as {display_name(earlier)}; they are read once."
    return FileResult(file, (_rejection(Reason(code=ALREADY_RECEIVED, message=message)),))


def _rejection(reason: Reason, *failures: Failure) -> Outcome:
    return Outcome(decision=Rejected(reasons=(reason,)), failures=failures)
