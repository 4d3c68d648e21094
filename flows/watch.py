"""Watches the drop folder: every group of files that arrives becomes a run of the batch flow."""

from collections.abc import Iterator
from threading import Event

import structlog

from flows.run import flow_runs, run_in_world
from pipeline.batch import Tally, answered
from pipeline.errors import BackofficeError
from pipeline.intake.watch import watch
from pipeline.settings import Settings
from pipeline.world import World

log = structlog.get_logger(__name__)


def watch_inbox(settings: Settings, stop: Event) -> Iterator[Tally]:
    """Yield the counts of each group until `stop` is set; a fault that may pass is logged, the next look tries again.

    Raises EnvironmentFault when this machine lacks something.
    """
    with flow_runs(settings) as world:
        for arrivals in watch(settings, world.ledger, world.clock, stop):
            if known := answered(arrivals, world.ledger):
                yield Tally.of(known)
            if world.ledger.pending(limit=1):
                yield from _run(world)


def _run(world: World) -> Iterator[Tally]:
    try:
        yield run_in_world(world, wait=False)  # what comes to rest meanwhile is of the next group
    except BackofficeError as error:
        if not error.retryable:
            raise
        log.warning("batch-failed", error=error.message, remedy=error.specific_remedy)
