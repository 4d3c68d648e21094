"""Runs the batch flow from the command line, and brings its run to a good end.

This module does not import prefect before the API is on its way: the two start side by side.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flows.server import prefect_api, wait_until_up
from pipeline.batch import Tally
from pipeline.settings import Settings

_DRAIN_SECONDS = 10.0


def run_batch(settings: Settings, paths: Sequence[Path] | None = None, out: Path | None = None) -> Tally:
    """One run of the batch flow over `paths`, or over the inbox; returns its counts.

    Raises EnvironmentFault when the API does not answer, and what the flow raises.
    """
    with flow_runs(settings):
        return run_in_api(settings, paths, out)


@contextmanager
def flow_runs(settings: Settings) -> Iterator[None]:
    """A block in which flows can run: the API answers, and at the end it has got all that was said of the runs."""
    with prefect_api(settings) as url:
        from prefect.events.worker import EventsWorker  # noqa: PLC0415
        from prefect.settings import temporary_settings  # noqa: PLC0415

        wait_until_up(url)
        # Its only use here would be a second's sleep at the end of each run; leases in the ledger tell dead workers.
        try:
            with temporary_settings({"flows.heartbeat_frequency": None}):
                yield
        finally:
            logging.getLogger("EventsWorker").setLevel(logging.ERROR)  # it warns of each event still to be sent
            EventsWorker.drain_all(timeout=_DRAIN_SECONDS)


def run_in_api(settings: Settings, paths: Sequence[Path] | None = None, out: Path | None = None) -> Tally:
    """One run of the batch flow inside of `flow_runs`."""
    from flows.batch import batch  # noqa: PLC0415

    return batch(
        paths=None if not paths else [str(path.resolve()) for path in paths],
        home=str(settings.home.resolve()),
        ignore_xml=settings.reading.ignore_xml,
        workers=settings.workers,
        inbox=str(settings.inbox.resolve()) if settings.inbox_folder else None,
        out=None if out is None else str(out.resolve()),
    )
