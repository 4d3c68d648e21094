"""Runs the batch flow from the command line, and brings its run to a good end.

The API, the import of prefect and the first child process take seconds each; they start side by side.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from flows.server import prefect_api, wait_until_up
from flows.world import open_flow_world
from pipeline.batch import Tally, warm_up
from pipeline.bootstrap import drop_anchor
from pipeline.interrupts import leave_if, stopping
from pipeline.settings import Settings
from pipeline.world import World

_DRAIN_SECONDS = 10.0


def run_batch(settings: Settings, paths: Sequence[Path] | None = None, out: Path | None = None) -> Tally:
    """One run of the batch flow over `paths`, or over the inbox; returns its counts.

    Raises EnvironmentFault when the API does not answer, and what the flow raises. SIGINT and SIGTERM end it between
    two documents and wherever it waits, with KeyboardInterrupt.
    """
    with stopping(stop := Event()), flow_runs(settings, stop) as world:
        return run_in_world(world, paths, out)


@contextmanager
def flow_runs(settings: Settings, stop: Event | None = None) -> Iterator[World]:
    """A block in which flows can run: the API answers, and at the end it has got all that was said of the runs.

    The world inside is open for all of its runs; once `stop` is set they raise KeyboardInterrupt.
    """
    with prefect_api(settings) as url, open_flow_world(settings, stop) as world:
        warm_up(world)
        # prefect reads its settings when it is imported: not before they are in the environment
        from prefect.context import SyncClientContext  # noqa: PLC0415
        from prefect.events.worker import EventsWorker  # noqa: PLC0415
        from prefect.settings import temporary_settings  # noqa: PLC0415

        import flows.batch  # noqa: F401, PLC0415

        wait_until_up(url, stop=world.stop)
        try:
            # Its heartbeat ends each run with a second's sleep; leases in the ledger tell which worker is gone.
            # A client for all runs: each of one's own would read the certificates of the system again.
            with temporary_settings({"flows.heartbeat_frequency": None}), SyncClientContext.get_or_create():
                yield world
        finally:
            logging.getLogger("EventsWorker").setLevel(logging.ERROR)  # it warns of each event still to be sent
            EventsWorker.drain_all(timeout=_DRAIN_SECONDS)


def run_in_world(
    world: World, paths: Sequence[Path] | None = None, out: Path | None = None, wait: bool = True
) -> Tally:
    """One run of the batch flow inside of `flow_runs`."""
    from flows.batch import OPEN_WORLD, batch  # noqa: PLC0415

    settings = world.settings
    token = OPEN_WORLD.set(world)
    try:
        leave_if(world.stop)
        tally = batch(
            paths=None if not paths else [str(path.resolve()) for path in paths],
            home=str(settings.home),
            ignore_xml=settings.reading.ignore_xml,
            workers=settings.workers,
            out=None if out is None else str(out.resolve()),
            inbox=str(settings.inbox_folder) if settings.inbox_folder else None,
            client=settings.client,
            wait=wait,
        )
    except Exception:
        leave_if(world.stop)  # Prefect may give an interrupt another name
        raise
    finally:
        OPEN_WORLD.reset(token)
    drop_anchor(settings, world.ledger.database)
    leave_if(world.stop)  # or lose it
    return tally
