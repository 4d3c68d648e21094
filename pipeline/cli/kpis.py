"""`backoffice kpis` and `backoffice report`: the key figures, counted from the events."""

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Home, OneClient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.measure.kpi.model import Measured, Scope
    from pipeline.settings import Settings
    from pipeline.store.ledger import Ledger

Since = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="The first day, in UTC.")]
Until = Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day, in UTC.")]
Csv = Annotated[Path | None, typer.Option("--csv", dir_okay=False, metavar="FILE", help="Write all as CSV here.")]
Json = Annotated[Path | None, typer.Option("--json", dir_okay=False, metavar="FILE", help="Write all as JSON here.")]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Make the tallies anew from the events.")]
Check = Annotated[bool, typer.Option("--check", help="Compare the tallies with the events; exit 1 if they differ.")]
Html = Annotated[Path, typer.Option("--html", dir_okay=False, metavar="FILE", help="Write the page here.")]
Language = Annotated[str, typer.Option("--language", metavar="en|fr", help="Of the page.")]
FiguresOnly = Annotated[bool, typer.Option("--figures-only", help="Without reasons, kinds and each invoice.")]


def kpis(
    home: Home = None,
    client: OneClient = None,
    since: Since = None,
    until: Until = None,
    csv: Csv = None,
    json: Json = None,
    rebuild: Rebuild = False,
    check: Check = False,
) -> None:
    """Show the key figures of a period (default: everything), or write them as CSV or JSON with their queries."""
    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.cli.kpi_shown import show_kpis
    from pipeline.cli.measure import write
    from pipeline.measure.kpi.tables import as_csv, as_json

    settings = load_settings(home)
    with open_the_ledger(settings, client) as ledger:
        if rebuild or check:
            _keep(ledger, rebuild)
            return
        scope, measured = measured_in(ledger, settings, client, _day(since), _day(until))
    for path, told in ((csv, as_csv), (json, as_json)):
        if path:
            write(path, told(measured, scope))
    if not csv and not json:
        show_kpis(measured, scope)


def report(
    html: Html,
    home: Home = None,
    client: OneClient = None,
    since: Since = None,
    until: Until = None,
    language: Language = "en",
    figures_only: FiguresOnly = False,
) -> None:
    """Write a page with the key figures of a period, and on what became of each invoice; it needs nothing else."""
    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.cli.measure import write

    if language not in ("en", "fr"):
        raise typer.BadParameter("en or fr", param_hint="--language")
    settings = load_settings(home)
    with open_the_ledger(settings, client) as ledger:
        write(html, page_of(ledger, settings, client, _day(since), _day(until), language, figures_only))


def page_of(
    ledger: "Ledger",
    settings: "Settings",
    client: str | None,
    first: date | None,
    last: date | None,
    language: str,
    figures_only: bool,
) -> str:
    """The report as HTML."""
    from pipeline.bootstrap import SystemClock
    from pipeline.measure.html import render_figures, render_report
    from pipeline.measure.kpi.page import report_page
    from pipeline.measure.report import build_report
    from pipeline.web.review_said import said

    clock = SystemClock()
    figures = report_page(ledger.database, clock, settings, _clients(ledger, client), first, last, language)
    if figures_only:
        return render_figures(figures, language)
    rejected, home = ledger.events(kind="rejected"), str(settings.home)
    report = build_report(ledger.history(), ledger.status(), rejected, home=home, now=clock.now())
    return render_report(report, figures, language, partial(said, language))


def measured_in(
    ledger: "Ledger", settings: "Settings", client: str | None, first: date | None, last: date | None
) -> "tuple[Scope, Sequence[Measured]]":
    """The key figures of one client or all, from the first event on where no day is given."""
    from pipeline.bootstrap import SystemClock
    from pipeline.measure.kpi.measured import measure, prices_of, scope_in

    with ledger.database.reading() as session:
        scope = scope_in(session, _clients(ledger, client), first, last, SystemClock().now())
        return scope, measure(session, scope, prices_of(settings.costs))


def _clients(ledger: "Ledger", client: str | None) -> tuple[str, ...]:
    from pipeline.bootstrap import SystemClock
    from pipeline.house.clients import Clients

    return (client,) if client else tuple(one.id for one in Clients(ledger.database, SystemClock()).all())


def _keep(ledger: "Ledger", rebuild: bool) -> None:
    from pipeline.store import tallies

    with ledger.database.writing() as session:
        if rebuild:
            typer.echo(f"Made anew from the events: {tallies.rebuild(session.connection())} tallies.")
            return
        found = tallies.differences(session.connection())
    for one in found[:20]:
        typer.echo(f"{' '.join(map(str, one.key))}: kept {one.kept}, by the events {one.said}")
    if found:
        typer.echo(f"{len(found)} tallies differ; `backoffice kpis --rebuild` mends them.")
        raise typer.Exit(1)
    typer.echo("The tallies are what the events say.")


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
