"""Watches the drop folder: every group of files that arrives becomes a run of the batch flow."""

from collections.abc import Iterator
from threading import Event

import structlog

from flows.run import flow_runs, run_in_api
from pipeline.batch import Tally, answered
from pipeline.bootstrap import SystemClock, open_the_ledger
from pipeline.errors import BackofficeError
from pipeline.intake.watch import watch
from pipeline.settings import Settings

log = structlog.get_logger(__name__)


def watch_inbox(settings: Settings, stop: Event) -> Iterator[Tally]:
    """Yield the counts of each group until `stop` is set; a fault that may pass is logged, the next look tries again.

    Raises EnvironmentFault when this machine lacks something.
    """
    with flow_runs(settings), open_the_ledger(settings) as ledger:
        for arrivals in watch(settings, ledger, SystemClock(), stop):
            if known := answered(arrivals, ledger):
                yield Tally.of(known)
            if ledger.pending(limit=1):
                yield from _run(settings)


def _run(settings: Settings) -> Iterator[Tally]:
    try:
        yield run_in_api(settings)
    except BackofficeError as error:
        if not error.retryable:
            raise
        log.warning("batch-failed", error=error.message, remedy=error.specific_remedy)
