"""The whole way of a document: read, extract, validate, decide, store. This module is its table of contents.

`understand` is the machine's work; it handles untrusted bytes and runs in a child process that may die.
`process_documents` runs it over many documents, decides, and writes every outcome down exactly once.
"""

import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pipeline import __version__
from pipeline.errors import BackofficeError, EnvironmentFault, StoreError
from pipeline.extract.record import extract_record, record_of
from pipeline.extract.split import split_pages
from pipeline.reading.read import read_document
from pipeline.reading.tesseract import TesseractEngine
from pipeline.route import decide
from pipeline.settings import Settings
from pipeline.validate.duplicates import business_key
from pipeline.validate.rules import validate
from pipeline.worker import worker_name
from pipeline.world import World
from schemas import Document, Draft, Failure, Finding, MediaType, Outcome, Reading, Record

ATTEMPTS = 2
"""How often a document is tried whose reader died or hung."""
LEASE_MARGIN = timedelta(minutes=5)
"""How much longer than its time limit a document may be held before another worker takes it over."""
_POLL_SECONDS = 0.5

Result = tuple[Document, tuple[Outcome, ...]]


def understand(path: Path, media_type: MediaType, settings: Settings) -> tuple[Draft, ...]:
    """What the machine makes of a document: one draft for each invoice in it.

    A document that cannot be read gives one draft with the failure. Raises EnvironmentFault when it is this
    machine that lacks something: then the document is not at fault and must wait.
    """
    seconds: dict[str, float] = {}
    try:
        with _cpu_of("read", seconds):
            engine = TesseractEngine(page_seconds=settings.limits.page_seconds)
            reading = read_document(path.read_bytes(), media_type, settings, engine)
        with _cpu_of("extract", seconds):
            records = extract_records(reading)
        with _cpu_of("validate", seconds):
            return tuple(_draft(part, record, reading, seconds) for part, record in enumerate(records, start=1))
    except EnvironmentFault:
        raise
    except BackofficeError as error:
        return (Draft(failures=(error.failure(),), seconds=seconds, versions=_versions()),)


def extract_records(reading: Reading) -> tuple[Record, ...]:
    """The invoices in a reading: what the e-invoice says where there is one, else what the pages say."""
    if reading.e_invoice is not None:
        return (record_of(reading.e_invoice, reading.pages),)
    return tuple(extract_record(pages) for pages in split_pages(reading.pages) if pages)


def _draft(part: int, record: Record, reading: Reading, seconds: dict[str, float]) -> Draft:
    from_xml: tuple[Finding, ...] = reading.e_invoice.findings if reading.e_invoice else ()
    # the file's CPU time is told once, on its first invoice
    return Draft(
        part=part,
        record=record,
        findings=(*from_xml, *validate(record, datetime.now(UTC).date())),
        failures=reading.failures,
        seconds=dict(seconds) if part == 1 else {},
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    return {"backoffice": __version__}


@contextmanager
def _cpu_of(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note the CPU seconds of a stage, its child processes included."""
    before = _cpu_seconds()
    try:
        yield
    finally:
        seconds[stage] = round(_cpu_seconds() - before, 4)


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def process_documents(documents: Sequence[Document], world: World) -> Iterator[Result]:
    """Read, decide and store; yields each document with its outcomes as they are ready.

    A document that is done already yields its stored outcomes; one that another worker holds is waited for, and taken
    over when its lease runs out. Raises EnvironmentFault and StoreError; the documents then wait for the next run.
    """
    owner = worker_name()
    waiting = list(documents)
    while waiting:
        done, mine, waiting = _sorted_out(waiting, owner, world)
        yield from done
        yield from _work(mine, owner, world)
        if waiting and not mine:
            time.sleep(_POLL_SECONDS)


def _sorted_out(
    documents: Iterable[Document], owner: str, world: World
) -> tuple[list[Result], list[Document], list[Document]]:
    """Which documents are done, which are now ours, and which another worker holds."""
    lease = timedelta(seconds=ATTEMPTS * world.settings.limits.document_seconds) + LEASE_MARGIN
    done: list[Result] = []
    mine: list[Document] = []
    held: list[Document] = []
    for document in documents:
        if outcomes := world.ledger.outcomes(document.document_id):
            done.append((document, outcomes))
        elif world.ledger.begin(document.document_id, owner, lease):
            mine.append(document)
        else:
            held.append(document)
    return done, mine, held


def _work(documents: Sequence[Document], owner: str, world: World) -> Iterator[Result]:
    """Settle the documents; when that ends early, however it does, those that are left can be begun at once."""
    try:
        yield from _settled_as_ready(documents, owner, world)
    except BaseException as error:
        _give_back(documents, owner, error.failure() if isinstance(error, BackofficeError) else _STOPPED, world)
        raise


def _settled_as_ready(documents: Sequence[Document], owner: str, world: World) -> Iterator[Result]:
    """Run the sandbox over the documents; one whose reader died is tried once more, alone."""
    again: list[Document] = []
    for document, answer in _understood(documents, world):
        if isinstance(answer, EnvironmentFault):
            raise answer
        if isinstance(answer, BackofficeError) and answer.retryable:
            again.append(document)
        else:
            yield _settled(document, answer, owner, world)
    for document in again:
        for _, answer in _understood([document], world):
            yield _settled(document, answer, owner, world)


class _Job(NamedTuple):
    """One call of `understand`, as it is sent to the child process."""

    document: Document
    path: Path
    settings: Settings


def _do(job: _Job) -> tuple[Draft, ...]:
    return understand(job.path, job.document.media_type, job.settings)


def _understood(
    documents: Sequence[Document], world: World
) -> Iterator[tuple[Document, tuple[Draft, ...] | BackofficeError]]:
    jobs = (_Job(document, world.archive.path(document.sha256), world.settings) for document in documents)
    for job, answer in world.sandbox.map_unordered(_do, jobs, lambda job: job.settings.limits.document_seconds):
        yield job.document, answer


def _settled(document: Document, answer: tuple[Draft, ...] | BackofficeError, owner: str, world: World) -> Result:
    drafts = (_failed(answer.failure()),) if isinstance(answer, BackofficeError) else answer
    outcomes = world.ledger.settle(document.document_id, owner, drafts or (_failed(_NOTHING),), decide, business_key)
    return document, outcomes


_STOPPED = Failure(code="stopped", message="The work was stopped.", retryable=True)
_NOTHING = Failure(code="nothing-read", message="The document has no readable page.", retryable=True)


def _failed(failure: Failure) -> Draft:
    return Draft(failures=(failure,), versions=_versions())


def _give_back(documents: Sequence[Document], owner: str, failure: Failure, world: World) -> None:
    """Release what was not settled, so that the next run finds it."""
    for document in documents:
        with suppress(StoreError):  # another worker's by now, or the database is away: then its lease runs out
            if not world.ledger.outcomes(document.document_id):
                world.ledger.release(document.document_id, owner, failure)
