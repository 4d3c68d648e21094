"""`backoffice simulate`: what if more arrives, what if fewer people work."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Home, OneClient

if TYPE_CHECKING:
    from pipeline.measure.simulation.replicate import Simulated
    from pipeline.measure.simulation.staffing import Staff
    from schemas.scenario import Scenario

LESS, MORE = (0.25, 0.5), (2.0,)
"""The volumes of the cost curve below and above that of the scenario."""

Name = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A YAML file, or one that comes along: by-hand, by-hand-twice, pipeline, pipeline-three-clerks.",
    ),
]
Clerks = Annotated[int | None, typer.Option("--clerks", min=1, metavar="N", help="So many people at each stage.")]
PerDay = Annotated[float | None, typer.Option("--per-day", min=0.001, metavar="N", help="So many on an ordinary day.")]
Runs = Annotated[int | None, typer.Option("--replications", min=2, metavar="N", help="So many runs.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Another seed gives other chances.")]
NoStaffing = Annotated[
    bool,
    typer.Option(
        "--no-staffing",
        help="Leave out the search for the people the promise needs, here and at other volumes.",
        show_default=False,
    ),
]
AsJson = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write all figures here.")]
AsHtml = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write them as a page here.")]


def simulate(
    scenario: Name,
    *,
    clerks: Clerks = None,
    per_day: PerDay = None,
    replications: Runs = None,
    seed: Seed = None,
    no_staffing: NoStaffing = False,
    home: Home = None,
    client: OneClient = None,
    json: AsJson = None,
    html: AsHtml = None,
) -> None:
    """Simulate a back office: backlog, hours until done, people needed, cost an invoice against volume.

    Durations that a scenario calls "measured" come from the work seen in this home, where there is enough of it.
    """
    from pipeline.cli.tables import show_tables
    from pipeline.measure.simulation.library import load_scenario, with_measured
    from pipeline.measure.simulation.replicate import simulate as run_often
    from pipeline.measure.simulation.shown import simulation_tables
    from pipeline.measure.simulation.staffing import cost_curve, staff_needed
    from pipeline.progress import progress_bar

    wanted = _changed(load_scenario(scenario), clerks, per_day, replications, seed)
    ready, notes = with_measured(wanted, _measured(wanted, home, client))
    with progress_bar("Simulating", ready.replications) as advance:
        found = run_often(ready, notes, advance)
    staff = None if no_staffing else staff_needed(ready)
    costs = (*cost_curve(ready, LESS), staff, *cost_curve(ready, MORE)) if staff else ()
    show_tables(simulation_tables(found, staff, costs))
    _write(found, staff, costs, json, html)


def _changed(
    scenario: "Scenario", clerks: int | None, per_day: float | None, replications: int | None, seed: int | None
) -> "Scenario":
    from pipeline.measure.simulation.staffing import staffed, with_staff

    if clerks:
        scenario = with_staff(scenario, {stage.name: clerks for stage in staffed(scenario)})
    arrivals = scenario.arrivals.model_copy(update={"per_day": per_day or scenario.arrivals.per_day})
    given = {"replications": replications, "seed": seed}
    changes = {name: value for name, value in given.items() if value is not None}
    return scenario.model_copy(update={"arrivals": arrivals, **changes})


def _measured(scenario: "Scenario", home: Path | None, client: str | None) -> dict[str, list[float]]:
    """What the home has seen; it is not opened when the scenario measures nothing or there is none."""
    from pipeline.bootstrap import load_settings, open_the_ledger
    from pipeline.measure.observed import machine_seconds, operator_seconds, robot_seconds

    settings = load_settings(home)
    if not any(stage.seconds.kind == "measured" for stage in scenario.stages) or not settings.home.is_dir():
        return {}
    with open_the_ledger(settings, client) as ledger:
        return {
            "operator": operator_seconds(ledger.database, client),
            "machine": machine_seconds(ledger.database, client),
            "robot": robot_seconds(ledger.database, client),
        }


def _write(
    found: "Simulated", staff: "Staff | None", costs: "tuple[Staff, ...]", json: Path | None, html: Path | None
) -> None:
    from json import dumps

    from pipeline.bootstrap import SystemClock
    from pipeline.cli.measure import write
    from pipeline.measure.html import render_tables
    from pipeline.measure.simulation import shown

    if json:
        values = {
            "result": found.model_dump(mode="json"),
            "staff": staff.model_dump(mode="json") if staff else None,
            "costs": [one.model_dump(mode="json") for one in costs],
        }
        write(json, dumps(values, indent=1) + "\n")
    if html:
        tables, tiles = shown.simulation_tables(found, staff, costs), shown.simulation_tiles(found)
        pictures = shown.simulation_pictures(found, costs)
        write(html, render_tables(found.scenario.title, "Simulated", SystemClock().now(), tables, tiles, pictures))
