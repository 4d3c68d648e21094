"""The batch flow: one flow run a batch, one task a chunk of documents. The ledger, not Prefect, is the truth.

A document that fails is isolated inside its chunk. A task is tried again only when the fault may pass (the database
was away); trying again, or running the flow again, gives the stored outcomes of what is done already.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from prefect.tasks import Task

from flows.world import open_flow_world
from pipeline.batch import (
    FileResult,
    Tally,
    Work,
    chunks,
    left_in_inbox,
    list_sources,
    read_works,
    take_inbox,
    take_sources,
)
from pipeline.bootstrap import load_settings
from pipeline.errors import BackofficeError
from pipeline.logs import about
from pipeline.measure.scores import share_of
from pipeline.progress import progress_bar
from pipeline.rows import row_writer
from pipeline.settings import Settings
from pipeline.world import World

OPEN_WORLD: ContextVar[World | None] = ContextVar("open_world", default=None)
"""A world that this process has open already: a run with the same settings uses it, and its child processes."""

RETRIES = 2
RETRY_SECONDS = 10.0


def may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether trying again may help: only errors that say so themselves."""
    return isinstance(state.data, BackofficeError) and state.data.retryable


@flow(name="batch", validate_parameters=False)
def batch(
    paths: list[str] | None = None,
    home: str | None = None,
    ignore_xml: bool = False,
    workers: int | None = None,
    out: str | None = None,
    inbox: str | None = None,
    client: str | None = None,
    wait: bool = True,
) -> Tally:
    """Read files and folders, or without `paths` what waits in the inbox of `home`; returns the counts.

    All parameters are plain values, so that a schedule or Prefect's pages can give them. `out` names a file of JSON
    lines, as `backoffice process --out` writes it. `wait`: for files dropped a moment ago to come to rest.
    """
    settings = load_settings(_path(home), ignore_xml, workers, _path(inbox), client)
    tally = Tally()
    with about(run=str(flow_run.id)), _world(settings) as world, row_writer(_path(out)) as write:
        works = take_in(paths, world, wait)
        with progress_bar("Reading", len(works)) as advance:
            for chunk in chunks(works, settings.task_documents or max(1, len(works))):
                for result in read_chunk(chunk, world, advance):
                    tally.add(result)
                    write(*result)
        tally.left = left_in_inbox(world) if paths is None else 0
    publish(tally)
    return tally


@task(retries=RETRIES, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=may_pass, cache_policy=NO_CACHE)
def take_in(paths: list[str] | None, world: World, wait: bool) -> list[Work | FileResult]:
    """Archive and register what is to be read."""
    if paths is None:
        return take_inbox(world, wait)
    return list(take_sources(list_sources(map(Path, paths), leave_out=[world.settings.home]), world))


@task(retries=RETRIES, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=may_pass, cache_policy=NO_CACHE)
def read_chunk(works: Sequence[Work | FileResult], world: World, advance: Callable[[], None]) -> list[FileResult]:
    """Read one chunk; the chunks share the world's pool of child processes and run one after the other."""
    results = []
    for result in read_works(works, world):
        results.append(result)
        advance()
    return results


def publish(tally: Tally) -> None:
    """Leave the summary with the flow run, as artifacts that Prefect's pages show."""
    rows = [{"decision": kind, "invoices": count} for kind, count in tally.decisions.most_common()]
    reasons = [f"| {code} | {count} |" for code, count in tally.reasons.most_common()]
    head = f"**{tally.files} files, {tally.invoices} invoices in {tally.seconds:.1f} s**"
    through = share_of(tally.decisions["straight_through"], tally.invoices)
    said = f"Straight through: {through.count} of {through.of} (95 % interval {through.low:.1%} to {through.high:.1%})"
    hourly = f"{tally.files / tally.seconds * 3600:,.0f} files an hour" if tally.seconds else ""
    table = ["| reason | invoices |", "|---|---|", *reasons] if reasons else []
    create_table_artifact(table=rows, key="batch-decisions", description=head)
    create_markdown_artifact("\n".join([head, "", said, "", hourly, "", *table]), key="batch-summary")


@contextmanager
def _world(settings: Settings) -> Iterator[World]:
    world = OPEN_WORLD.get()
    if world is not None and world.settings == settings:
        yield world
        return
    with open_flow_world(settings) as world:
        yield world


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
