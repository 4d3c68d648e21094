"""`backoffice forecast`: how much will arrive, and how many people that takes."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.manual import JsonFile, PresetsFile
from pipeline.cli.options import Home, OneClient

if TYPE_CHECKING:
    from pipeline.measure.estimate import Estimate
    from pipeline.measure.forecast import Forecast
    from pipeline.measure.tables import Table
    from pipeline.store.database import Database

WeeksAhead = Annotated[int, typer.Option("--weeks", min=1, max=26, metavar="N", help="Weeks ahead.")]


def forecast(
    *,
    weeks: WeeksAhead = 4,
    presets: PresetsFile = None,
    home: Home = None,
    client: OneClient = None,
    json: JsonFile = None,
) -> None:
    """Forecast arrivals and staffing of the next weeks from what this home has seen."""
    from collections import Counter
    from datetime import date, timedelta

    from pipeline.bootstrap import SystemClock, load_settings, open_the_ledger
    from pipeline.cli.measure import write
    from pipeline.cli.tables import show_tables
    from pipeline.measure.forecast import forecast as look_ahead
    from pipeline.measure.observed import received_by_day
    from pipeline.measure.presets import load_presets

    figures = load_presets(presets)
    yesterday = SystemClock().now().date() - timedelta(days=1)  # today is not over
    with open_the_ledger(load_settings(home), client) as ledger:
        daily: Counter[date] = Counter()
        for counts in received_by_day(ledger.database, client).values():
            daily.update(counts)
        stopped, seconds, note = _work(ledger.database, client)
    found = look_ahead(daily, yesterday, 7 * weeks, stopped, seconds, figures)
    show_tables([_table(found, note)])
    if json:
        write(json, found.model_dump_json(indent=1) + "\n")


def _work(database: "Database", client: str | None) -> "tuple[Estimate, Estimate, str]":
    """The share that is stopped and the seconds of one, measured where there is enough, and what was taken in words."""
    from pipeline.measure.baseline import full_touch
    from pipeline.measure.estimate import Estimate, mean_of
    from pipeline.measure.manual_model import ENOUGH
    from pipeline.measure.observed import operator_seconds, reviewed
    from pipeline.measure.roi import Plan

    share, seen = reviewed(database, client), operator_seconds(database, client)
    is_known, is_measured = share.of >= ENOUGH, len(seen) >= ENOUGH
    stopped = Estimate(value=share.count / share.of, low=share.low, high=share.high) if is_known else Plan().stopped
    seconds = mean_of(seen) if is_measured else full_touch(1).seconds
    note = (
        f"Stopped for a person: {'measured on' if is_known else 'assumed, for there are only'} {share.of} invoices. "
        f"Seconds of one: {'measured on' if is_measured else 'as long as by hand, for there are only'} {len(seen)}."
    )
    return stopped, seconds, note


def _table(found: "Forecast", note: str) -> "Table":
    from pipeline.measure.tables import Table, spread

    return Table(
        "The next weeks",
        f"Like the same weekdays of the last six weeks; the interval holds nine days of ten, tried on {found.errors} "
        f"past days. {note}",
        ("week from", "documents", "days of work", "people on the busiest day, at most"),
        tuple(
            (
                week.begins.isoformat(),
                spread(week.documents, 0),
                spread(week.working_days),
                str(week.people_on_busiest_day),
            )
            for week in found.weeks
        ),
    )
