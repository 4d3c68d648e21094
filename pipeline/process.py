"""The whole way of a document: read, extract, validate, decide, store. This module is its table of contents.

`pipeline.understand` is the machine's work; it handles untrusted bytes and runs in a child process that may die.
`process_documents` runs it over many documents, decides, and writes every outcome down exactly once.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from pipeline import VERSIONS
from pipeline.errors import BackofficeError, EnvironmentFault, StoreError
from pipeline.job import Job, run
from pipeline.route import decide
from pipeline.validate.duplicates import business_key
from pipeline.worker import worker_name
from pipeline.world import World
from schemas import Document, Draft, Failure, Outcome

ATTEMPTS = 2
"""How often a document is tried whose reader died or hung."""
LEASE_MARGIN = timedelta(minutes=5)
"""How much longer than its time limit a document may be held before another worker takes it over."""
_POLL_SECONDS = 0.5

Result = tuple[Document, tuple[Outcome, ...]]


def process_documents(documents: Sequence[Document], world: World) -> Iterator[Result]:
    """Read, decide and store; yields each document with its outcomes as they are ready.

    A document that is done already yields its stored outcomes; one that another worker holds is waited for, and taken
    over when its lease runs out. Raises EnvironmentFault and StoreError; the documents then wait for the next run.
    """
    owner = worker_name()
    try:
        yield from _answered(documents, owner, world)
    except BaseException as error:  # however it ends early, another run can begin what is left at once
        _give_back(documents, owner, error.failure() if isinstance(error, BackofficeError) else _STOPPED, world)
        raise


def _answered(documents: Sequence[Document], owner: str, world: World) -> Iterator[Result]:
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
    """Run the sandbox over the documents; one whose reader died is tried once more, alone."""
    again: list[Document] = []
    for document, answer in _understood(documents, world):
        if isinstance(answer, BackofficeError) and answer.retryable:
            again.append(document)
        else:
            yield _settled(document, answer, owner, world)
    for document in again:
        for _, answer in _understood([document], world):
            yield _settled(document, answer, owner, world)


def _understood(
    documents: Sequence[Document], world: World
) -> Iterator[tuple[Document, tuple[Draft, ...] | BackofficeError]]:
    jobs = (Job(document, world.archive.path(document.sha256), world.settings) for document in documents)
    for job, answer in world.sandbox.map_unordered(run, jobs, lambda job: job.settings.limits.document_seconds):
        if isinstance(answer, EnvironmentFault):
            raise answer
        yield job.document, answer


def _settled(document: Document, answer: tuple[Draft, ...] | BackofficeError, owner: str, world: World) -> Result:
    drafts = (_failed(answer.failure()),) if isinstance(answer, BackofficeError) else answer
    outcomes = world.ledger.settle(document.document_id, owner, drafts or (_failed(_NOTHING),), decide, business_key)
    return document, outcomes


_STOPPED = Failure(code="stopped", message="The work was stopped.", retryable=True)
_NOTHING = Failure(code="nothing-read", message="The document has no readable page.", retryable=True)


def _failed(failure: Failure) -> Draft:
    return Draft(failures=(failure,), versions=VERSIONS)


def _give_back(documents: Sequence[Document], owner: str, failure: Failure, world: World) -> None:
    """Release what was not settled, so that the next run finds it."""
    for document in documents:
        with suppress(StoreError):  # another worker's by now, or the database is away: then its lease runs out
            if not world.ledger.outcomes(document.document_id):
                world.ledger.release(document.document_id, owner, failure)
