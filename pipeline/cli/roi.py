"""`backoffice roi`: what it costs by hand, outsourced and with this pipeline, and when it pays."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.manual import FromEvents, HtmlFile, JsonFile, PresetsFile
from pipeline.cli.options import Home, OneClient

PerMonth = Annotated[float, typer.Option("--invoices", min=1, metavar="N", help="Invoices a month.")]
ReviewSeconds = Annotated[
    float | None,
    typer.Option("--review-seconds", min=0.1, help="Operator seconds of a stopped one (default: as long as by hand)."),
]
Offshore = Annotated[bool, typer.Option("--offshore", help="Reviewers cost an offshore hour.", show_default=False)]


def roi(
    *,
    invoices: PerMonth = 10_000,
    review_seconds: ReviewSeconds = None,
    offshore: Offshore = False,
    presets: PresetsFile = None,
    from_events: FromEvents = False,
    home: Home = None,
    client: OneClient = None,
    json: JsonFile = None,
    html: HtmlFile = None,
) -> None:
    """Compare the cost by hand, outsourced (by hour, result, flat) and with this pipeline; break-even, sensitivity."""
    from pipeline.bootstrap import SystemClock
    from pipeline.cli.measure import write
    from pipeline.cli.tables import show_tables
    from pipeline.measure.estimate import exactly
    from pipeline.measure.html import render_tables
    from pipeline.measure.presets import load_presets
    from pipeline.measure.roi import Plan, returns
    from pipeline.measure.roi_shown import roi_pictures, roi_tables, roi_tiles

    given = {"invoices_month": invoices, "reviewed_at": 0.0 if offshore else 1.0}
    seen = _seen(home, client) if from_events else {}
    own = {"review_seconds": exactly(review_seconds)} if review_seconds else {}
    found = returns(Plan(**{**given, **seen, **own}), load_presets(presets))
    shown = roi_tables(found)
    show_tables(shown[:-1])
    if json:
        write(json, found.model_dump_json(indent=1) + "\n")
    if html:
        subtitle = f"{invoices:,.0f} invoices a month"
        write(
            html,
            render_tables(
                "What it costs, and when it pays",
                subtitle,
                SystemClock().now(),
                shown,
                roi_tiles(found),
                roi_pictures(found),
            ),
        )


def _seen(home: Path | None, client: str | None) -> dict[str, object]:
    """What this home has measured, where that is enough."""
    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.measure.estimate import Estimate, mean_of
    from pipeline.measure.manual_model import ENOUGH
    from pipeline.measure.observed import machine_seconds, operator_seconds, reviewed

    with open_the_ledger(load_settings(home), client) as ledger:
        database = ledger.database
        people, machine = operator_seconds(database, client), machine_seconds(database, client)
        share = reviewed(database, client)
    found: dict[str, object] = {}
    if len(people) >= ENOUGH:
        found["review_seconds"] = mean_of(people)
    if len(machine) >= ENOUGH:
        found["machine_seconds"] = mean_of(machine)
    if share.of >= ENOUGH and share.rate is not None:
        found["stopped"] = Estimate(value=share.rate, low=share.low, high=share.high)
    return found
