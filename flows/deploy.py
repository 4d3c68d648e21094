"""Keeps a Prefect server for quick batches, and serves the scheduled batch."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple

from flows.environment import prepare
from flows.server import keep_server, wait_until_up
from pipeline.bootstrap import BadSettings
from pipeline.interrupts import stopping
from pipeline.settings import Settings

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment

DEPLOYMENT, POSTING, WEEKLY = "inbox", "outbox", "weekly"
"""Names of the deployments; Prefect calls them batch/inbox, post/outbox and report/weekly."""


class Schedule(NamedTuple):
    """When the inbox is read: a cron expression in UTC, or an interval; neither means never.

    `post` and `report` are cron expressions too: when what is cleared is posted, and when the week is reported.
    """

    cron: str | None = None
    every: timedelta | None = None
    post: str | None = None
    report: str | None = None


def keep_up(settings: Settings, port: int, schedule: Schedule, announce: Callable[[str], None]) -> None:
    """Keep a server until SIGINT or SIGTERM, and run the flows by the schedule.

    `announce` gets the server's URL once it answers. With PREFECT_API_URL set no server is started: the schedule is
    served to that one. Raises EnvironmentFault when the port is taken or the API does not answer.
    """
    settings.inbox.mkdir(parents=True, exist_ok=True)
    with _api(settings, port) as url:
        announce(url)
        if any(schedule):
            serve_inbox(settings, schedule)
        else:
            wait_for_the_end()


def serve_inbox(settings: Settings, schedule: Schedule) -> None:
    """Register the schedules and run what falls due, one run at a time, until SIGINT or SIGTERM.

    Raises BadSettings for a cron expression that is none.
    """
    from prefect import serve  # noqa: PLC0415

    # Prefect's own shutdown forgets to await one of its coroutines.
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
    serve(*_deployments(settings, schedule), print_starting_message=False, limit=1)


def _deployments(settings: Settings, schedule: Schedule) -> "Iterator[RunnerDeployment]":
    from flows.batch import batch  # noqa: PLC0415
    from flows.post import post  # noqa: PLC0415
    from flows.report import report  # noqa: PLC0415

    home = str(settings.home.resolve())
    if schedule.cron or schedule.every:
        given: dict[str, object] = {"home": home, "workers": settings.workers}
        said = "Reads what waits in the inbox."
        yield _deployment(batch, DEPLOYMENT, said, given, schedule.cron, schedule.every)
    if schedule.post:
        yield _deployment(post, POSTING, "Posts what was cleared.", {"home": home}, schedule.post)
    if schedule.report:
        yield _deployment(report, WEEKLY, "Writes the key figures of a week.", {"home": home}, schedule.report)


def _deployment(
    flow: "Flow[Any, Any]",
    name: str,
    description: str,
    parameters: dict[str, object],
    cron: str | None,
    every: timedelta | None = None,
) -> "RunnerDeployment":
    from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415
    from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

    try:
        return RunnerDeployment.from_flow(
            flow,
            name=name,
            description=description,
            cron=cron,
            interval=every,
            parameters=parameters,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    except ValueError as error:
        remedy = 'Five fields: minute, hour, day, month, weekday; "*/15 * * * *" is every quarter of an hour.'
        raise BadSettings(f"This is no schedule: {cron}", code="bad-schedule", remedy=remedy) from error


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
