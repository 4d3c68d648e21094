"""The report flow: once a week the quality is watched and the key figures of the week before are written down."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.batch import RETRIES, RETRY_SECONDS, may_pass
from pipeline.bootstrap import SystemClock, load_settings, open_the_house, watch_quality
from pipeline.measure.html import render_figures
from pipeline.measure.kpi.page import FiguresPage, report_page

LANGUAGES = ("fr", "en")
WEEK = timedelta(days=7)


@flow(name="report", validate_parameters=False)
def report(home: str | None = None, client: str | None = None, last: str | None = None) -> list[str]:
    """Write the key figures of seven days into `reports` of the home, in both languages; returns the files.

    `last` is the last day (ISO), by default yesterday in UTC. Parameters are plain values, as of `batch`.
    """
    day = date.fromisoformat(last) if last else datetime.now(UTC).date() - timedelta(days=1)
    files = write_week(home, client, day)
    create_markdown_artifact("\n".join(f"- {name}" for name in files), key="weekly-report", description=f"Up to {day}")
    return files


@task(retries=RETRIES, retry_delay_seconds=RETRY_SECONDS, retry_condition_fn=may_pass, cache_policy=NO_CACHE)
def write_week(home: str | None, client: str | None, last: date) -> list[str]:
    """The seven days up to `last`."""
    settings, clock = load_settings(None if home is None else Path(home)), SystemClock()
    name = f"{last.isoformat()}-{client}" if client else last.isoformat()
    with open_the_house(settings) as house:
        watch_quality(settings, house.database)
        clients = [client] if client else [one.id for one in house.clients.all()]
        files = []
        for language in LANGUAGES:
            page = report_page(house.database, clock, settings, clients, last - WEEK + timedelta(1), last, language)
            path = settings.home / "reports" / f"{name}.{language}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render_figures(page, language), encoding="utf-8")
            files.append(str(path))
        create_markdown_artifact(in_markdown(page), key="weekly-figures", description=page.period)
    return files


def in_markdown(page: FiguresPage) -> str:
    """What stands at the top of the report, as a table."""
    rows = [f"| {one.title} | {one.value} | {one.interval} | {one.n} |" for one in page.heads]
    return "\n".join(["| figure | value | 95 % interval | n |", "|---|---|---|---|", *rows])
