"""The poster: takes what is due and brings it into the accounting system, each exactly once.

`Poster.work` is the table of contents. Whoever is killed in between leaves a job that the next poster takes back;
it asks the target before it sends anything.
"""

import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import NamedTuple

import structlog

from pipeline.effects import effect
from pipeline.errors import (
    BackofficeError,
    LeaseLost,
    OutcomeUnknown,
    PostingError,
    StoreError,
    TargetDown,
    TargetRefused,
)
from pipeline.intake.archive import Archive
from pipeline.logs import about
from pipeline.ports import Clock, Posted, Target
from pipeline.posting.agree import check_coding, check_voucher
from pipeline.posting.jobs import Taken
from pipeline.posting.outbox import Outbox
from pipeline.posting.states import JobState, Trouble
from pipeline.posting.targets import Targets
from pipeline.settings import PostingSettings
from schemas import Coding, Failure, PostingOrder, Receipt, Record, Voucher

_log = structlog.get_logger(__name__)

Code = Callable[[Record, str, str, int], Coding]
"""Gives a client's record its accounts. Raises TargetRefused when that is not possible."""


class Done(NamedTuple):
    """What became of a job at one attempt; `state` is None when another poster has it by now."""

    job: Taken
    state: JobState | None
    receipt: Receipt | None = None
    failure: Failure | None = None
    seconds: float = 0.0


class _Stopped(Exception):
    """An attempt that ended without a posting, and what is known of it."""

    def __init__(self, error: PostingError, in_doubt: bool, answered: bool, coding: Coding | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.in_doubt = in_doubt
        self.answered = answered
        self.coding = coding


class Poster:
    """Works for one process, one job after the other; several may run at once."""

    def __init__(
        self,
        outbox: Outbox,
        targets: Targets,
        code: Code,
        archive: Archive,
        clock: Clock,
        settings: PostingSettings,
        owner: str,
        is_gone: Callable[[str], bool],
    ) -> None:
        """`owner` names this poster in its leases, `is_gone` says of such a name that it surely is no more."""
        self._outbox = outbox
        self._targets = targets
        self._code = code
        self._archive = archive
        self._clock = clock
        self._settings = settings
        self._owner = owner
        self._is_gone = is_gone

    def work(self, stop: Event, client_id: str | None = None) -> Iterator[Done]:
        """Post what is due, until nothing is or `stop` is set; yields what became of each. Raises StoreError."""
        while not stop.is_set():
            self._outbox.take_back(lambda owner: owner == self._owner or self._is_gone(owner))  # mine are left over
            job = self._outbox.take(self._owner, client_id)
            if job is None:
                return
            with about(document=job.document_id, client=job.key.client_id):
                done = self._attempt(job)
                code = done.failure.code if done.failure else None
                state = done.state.value if done.state else None
                _log.info("posting", job=job.job_id, state=state, target=job.target, code=code)
            yield done

    def _attempt(self, job: Taken) -> Done:
        """Ask, send what is not there, compare, and keep the receipt; every step is written down before the next."""
        began = time.monotonic()
        try:
            target = self._target(job)
            voucher = self._asked(target, job)
            if voucher is None and job.in_doubt and job.target != job.wanted:
                self._outbox.give_back(job)
                return Done(job, JobState.WAITING, seconds=time.monotonic() - began)
            posted, coding = self._posted(target, job, voucher)
            receipt = self._receipt(job, posted, coding, voucher is not None, time.monotonic() - began)
            self._outbox.finish(job, receipt)
            return Done(job, JobState.POSTED, receipt, seconds=receipt.seconds)
        except LeaseLost as error:
            return Done(job, None, failure=error.failure(), seconds=time.monotonic() - began)
        except _Stopped as stopped:
            return self._stopped(job, stopped, time.monotonic() - began)

    def _target(self, job: Taken) -> Target:
        try:
            return self._targets.get(job.target, job.key.client_id)
        except PostingError as error:
            raise _Stopped(error, job.in_doubt, answered=False) from error
        except Exception as error:
            raise _Stopped(_as(TargetDown, error, "It could not be opened"), job.in_doubt, answered=False) from error

    def _asked(self, target: Target, job: Taken) -> Voucher | None:
        """The voucher of the job, None when it is certainly not there; a draft is not yet a posting."""
        try:
            with effect("target.find", job.target):
                found = target.find(job.key)
        except (TargetDown, TargetRefused, OutcomeUnknown) as error:
            raise _Stopped(error, job.in_doubt, answered=isinstance(error, TargetRefused)) from error
        except Exception as error:  # a fault in the target's own code: nothing was sent
            raise _Stopped(_as(TargetDown, error, "It could not be asked"), job.in_doubt, answered=False) from error
        return found if found and found.is_posted else None

    def _posted(self, target: Target, job: Taken, voucher: Voucher | None) -> tuple[Posted, Coding | None]:
        """What is there, or else is sent now; and how it was coded, where that is known."""
        if voucher is not None:
            return Posted(voucher), job.sent_as
        order = self._order(job)
        return self._sent(target, job, order), order.coding

    def _sent(self, target: Target, job: Taken, order: PostingOrder) -> Posted:
        """Send the order, noting first that it goes out. Whatever goes wrong unforeseen leaves the job in doubt."""
        original = self._archive.path(job.sha256)
        if not original.is_file():
            error = TargetRefused("The original is not in the archive.", code="original-missing", remedy=_RESTORE)
            raise _Stopped(error, in_doubt=False, answered=True)
        self._outbox.sent(job, order.coding)
        try:
            with effect("target.post", job.target):
                return target.post(order, original)
        except TargetDown as error:
            raise _Stopped(error, in_doubt=False, answered=False) from error
        except TargetRefused as error:
            raise _Stopped(error, in_doubt=False, answered=True) from error
        except OutcomeUnknown as error:
            raise _Stopped(error, in_doubt=True, answered=True) from error
        except Exception as error:
            raise _Stopped(_as(OutcomeUnknown, error, "It broke off"), in_doubt=True, answered=True) from error

    def _order(self, job: Taken) -> PostingOrder:
        coding = None
        try:
            coding = job.coding or self._code(job.record, job.key.client_id, job.document_id, job.part)
            check_coding(coding, job.record, None if job.is_accepted else self._settings.least_confidence)
        except PostingError as error:
            raise _Stopped(error, in_doubt=False, answered=True, coding=coding) from error
        except StoreError:
            raise
        except Exception as error:
            raise _Stopped(_as(TargetRefused, error, "It has no accounts"), in_doubt=False, answered=True) from error
        return PostingOrder(
            key=job.key,
            document_id=job.document_id,
            part=job.part,
            file_name=job.file_name,
            sha256=job.sha256,
            record=job.record,
            coding=coding,
        )

    def _receipt(self, job: Taken, posted: Posted, coding: Coding | None, found: bool, seconds: float) -> Receipt:
        try:
            check_voucher(posted.voucher, job.key, job.record, coding)
        except TargetRefused as error:
            error.evidence = posted.evidence
            raise _Stopped(error, in_doubt=False, answered=True) from error
        return Receipt(
            target=job.target,
            voucher=posted.voucher,
            at=self._clock.now(),
            seconds=seconds,
            found=found,
            evidence=posted.evidence,
            steps=posted.steps,
        )

    def _stopped(self, job: Taken, stopped: _Stopped, seconds: float) -> Done:
        error, failure = stopped.error, stopped.error.failure()
        trouble = _trouble(error)
        if trouble is Trouble.DOWN:
            self._targets.forget(job.target, job.key.client_id)
        try:
            state = self._outbox.fail(
                job, failure, trouble, stopped.in_doubt, stopped.answered, error.evidence, stopped.coding
            )
        except LeaseLost as lost:
            return Done(job, None, failure=lost.failure(), seconds=seconds)
        return Done(job, state, failure=failure, seconds=seconds)


_RESTORE = "Restore the archive from the backup, then `backoffice postings retry`."


def _trouble(error: PostingError) -> Trouble:
    if isinstance(error, TargetDown):
        return Trouble.DOWN
    return Trouble.UNKNOWN if isinstance(error, OutcomeUnknown) else Trouble.REFUSED


def _as(kind: type[PostingError], error: Exception, said: str) -> PostingError:
    """An unforeseen error as one of posting, with its own code and remedy where it has them."""
    if isinstance(error, BackofficeError):
        return kind(f"{said}: {error.message}", code=error.specific_code, remedy=error.specific_remedy)
    return kind(f"{said}: {type(error).__name__}: {error}", code="posting-fault")
