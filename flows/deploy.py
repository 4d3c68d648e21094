"""Keeps a Prefect server for quick batches, and serves the scheduled batch."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

from flows.environment import prepare
from flows.server import keep_server, wait_until_up
from pipeline.intake.watch import stopping
from pipeline.settings import Settings

DEPLOYMENT = "inbox"
"""Name of the deployment; Prefect calls it batch/inbox."""


def keep_up(settings: Settings, port: int, cron: str | None = None, every: timedelta | None = None) -> None:
    """Keep a server until SIGINT or SIGTERM, and run the batch flow over the inbox by `cron` or at an interval.

    With PREFECT_API_URL set no server is started: the schedule is served to that one.
    Raises EnvironmentFault when the port is taken or the API does not answer.
    """
    with _api(settings, port):
        if cron or every:
            serve_inbox(settings, cron, every)
        else:
            wait_for_the_end()


def serve_inbox(settings: Settings, cron: str | None, every: timedelta | None) -> None:
    """Register the schedule and run what falls due, one run at a time, until SIGINT or SIGTERM."""
    from prefect import serve  # noqa: PLC0415
    from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415
    from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

    from flows.batch import batch  # noqa: PLC0415

    deployment = RunnerDeployment.from_flow(
        batch,
        name=DEPLOYMENT,
        description="Reads what waits in the inbox.",
        cron=cron,
        interval=every,
        parameters={"home": str(settings.home.resolve()), "workers": settings.workers},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    serve(deployment, print_starting_message=False, limit=1)


def wait_for_the_end() -> None:
    """Block until SIGINT or SIGTERM."""
    stop = Event()
    with stopping(stop):
        stop.wait()


@contextmanager
def _api(settings: Settings, port: int) -> Iterator[str]:
    prepare(settings)
    if url := os.environ.get("PREFECT_API_URL"):
        wait_until_up(url)
        yield url
        return
    with keep_server(settings, port) as kept:
        yield kept
