"""The whole way of a document: read, extract, validate, decide, store. This module is its table of contents.

`pipeline.understand` is the machine's work; it handles untrusted bytes and runs in a child process that may die.
`process_documents` runs it over many documents, decides, and writes every outcome down exactly once.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog

from pipeline import VERSIONS
from pipeline.calibration.model import load_calibration
from pipeline.errors import BackofficeError, EnvironmentFault, LeaseLost, StoreError
from pipeline.interrupts import leave_if, shielded
from pipeline.logs import about
from pipeline.posting.enqueue import put_job
from pipeline.review.enqueue import slot_of
from pipeline.review.facts import facts_of
from pipeline.route import decide
from pipeline.store.settle import Decide
from pipeline.validate.duplicates import business_key, find_alike, seller_key
from pipeline.worker import worker_name
from pipeline.world import World
from schemas import Document, Draft, Failure, Outcome

LEASE_MARGIN = timedelta(minutes=5)
"""How much longer than its time limit a document may be held before another worker takes it over."""
_POLL_SECONDS = 0.5
_log = structlog.get_logger(__name__)

Result = tuple[Document, tuple[Outcome, ...]]


def process_documents(documents: Sequence[Document], world: World) -> Iterator[Result]:
    """Read, decide and store; yields each document with its outcomes as they are ready.

    A document that is done already yields its stored outcomes; one that another worker holds is waited for, and taken
    over when its lease runs out. Raises EnvironmentFault and StoreError, and KeyboardInterrupt once the world's `stop`
    is set; the documents then wait for the next run.
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
        undone: list[Document] = []
        for document in waiting:
            if outcomes := world.ledger.outcomes(document.document_id):
                yield document, outcomes
            else:
                undone.append(document)
        waiting = yield from _work(undone, owner, world)
        if waiting and len(waiting) == len(undone):
            world.stop.wait(_POLL_SECONDS)


def _work(documents: Sequence[Document], owner: str, world: World) -> Generator[Result, None, list[Document]]:
    """Run the sandbox over the documents; one whose reader died is tried once more, alone.

    Returns the documents that another worker holds.
    """
    again: list[Document] = []
    held: list[Document] = []
    for document, answer in _understood(_begun(documents, held, owner, world), world):
        if isinstance(answer, BackofficeError) and answer.retryable:
            again.append(document)
        else:
            yield from _settled(document, answer, held, owner, world)
    for document in _begun(again, held, owner, world):
        for _, answer in _understood([document], world):
            yield from _settled(document, answer, held, owner, world)
    return held


def _begun(documents: Iterable[Document], held: list[Document], owner: str, world: World) -> Iterator[Document]:
    """Each document when its turn comes, its lease beginning then; those that another worker holds go to `held`.

    So a lease need only outlast one document, however many are waiting before it.
    """
    lease = timedelta(seconds=world.workshop.ahead * world.settings.limits.document_seconds) + LEASE_MARGIN
    for document in documents:
        leave_if(world.stop)
        if world.ledger.begin(document.document_id, owner, lease):
            yield document
        else:
            held.append(document)


def _understood(
    documents: Iterable[Document], world: World
) -> Iterator[tuple[Document, tuple[Draft, ...] | BackofficeError]]:
    for document, answer in world.workshop.understand(documents):
        if isinstance(answer, EnvironmentFault):
            raise answer
        yield document, answer


def _settled(
    document: Document,
    answer: tuple[Draft, ...] | BackofficeError,
    held: list[Document],
    owner: str,
    world: World,
) -> Iterator[Result]:
    """A document with what was decided; one that took so long that another worker has it by now goes to `held`."""
    try:
        outcomes = _decided(document, answer, owner, world)
    except LeaseLost as error:
        _log.warning("overtaken", document=document.document_id, error=error.message)
        held.append(document)
    else:
        _tell_log(document, outcomes)
        yield document, outcomes


def _decided(
    document: Document, answer: tuple[Draft, ...] | BackofficeError, owner: str, world: World
) -> tuple[Outcome, ...]:
    read = (_failed(answer.failure()),) if isinstance(answer, BackofficeError) else answer
    drafts = tuple(_coded(draft, document, world) for draft in read)
    enqueue = partial(slot_of, seed=world.settings.review.sample_seed)
    return world.ledger.settle(
        document.document_id,
        owner,
        drafts or (_failed(_NOTHING),),
        judge_of(document.client_id, world),
        business_key,
        enqueue,
        find_alike,
        put_job,
        tell=facts_of,
    )


def _tell_log(document: Document, outcomes: Sequence[Outcome]) -> None:
    with about(document=document.document_id, client=document.client_id):
        for one in outcomes:
            codes = [reason.code for reason in one.decision.reasons]
            cpu = round(sum(one.seconds.values()), 2)
            _log.info("decided", part=one.part, decision=one.decision.kind, reasons=codes, cpu=cpu)


def judge_of(client_id: str, world: World) -> Decide:
    """How a client's drafts are decided: by its target, and by the limits of its suppliers as they are now."""
    calibration = load_calibration(world.settings.models)
    target = world.clients.get(client_id).target_error(world.settings.routing.target_error)
    limits = world.limits_of(client_id).live()

    def judge(draft: Draft, duplicates: tuple[str, ...]) -> Outcome:
        limit = limits.get(seller_key(draft.record)) if draft.record else None
        return decide(draft, duplicates, target, calibration, limit)

    return judge


def _coded(draft: Draft, document: Document, world: World) -> Draft:
    """The draft with what keeps it from being booked, for a client that posts somewhere."""
    books = world.bookkeepers.of(document.client_id) if draft.record else None
    if books is None or draft.record is None:
        return draft
    found = books.findings(draft.record, document.document_id, draft.part)
    return draft.model_copy(update={"findings": (*draft.findings, *found)}) if found else draft


_STOPPED = Failure(code="stopped", message="The work was stopped.", retryable=True)
_NOTHING = Failure(code="nothing-read", message="The document has no readable page.", retryable=True)


def _failed(failure: Failure) -> Draft:
    return Draft(failures=(failure,), versions=VERSIONS)


def _give_back(documents: Sequence[Document], owner: str, failure: Failure, world: World) -> None:
    """Release what was begun and not settled, so that the next run finds it; no second Ctrl-C cuts this off."""
    with shielded():
        for document in documents:
            # not begun, another worker's by now, or the database is away: then its lease runs out
            with suppress(StoreError):
                world.ledger.release(document.document_id, owner, failure)
