"""A simulation as tables, large figures and pictures."""

from collections.abc import Sequence

from pipeline.measure.simulation.replicate import Simulated
from pipeline.measure.simulation.staffing import Staff
from pipeline.measure.tables import Picture, Table, Tile, share_spread, spread

RUNS = "The mean over the runs, with Student's 95 % interval of that mean."


def simulation_tables(found: Simulated, staff: Staff | None, costs: Sequence[Staff]) -> tuple[Table, ...]:
    """What came out, stage by stage, how many people are needed, and what volume costs."""
    return (
        _whole(found),
        _stages(found),
        *([_staff(found, staff)] if staff else []),
        *([_costs(costs)] if costs else []),
    )


def simulation_tiles(found: Simulated) -> tuple[Tile, ...]:
    """What stands in large print."""
    promise = found.scenario.promise
    return (
        (share_spread(found.kept), f"within {promise.hours:g} hours", f"promised: {promise.share:.0%}"),
        (f"{found.cycle['95'].value:,.1f} h", "95 of 100 are done by then", "Saturdays and Sundays not counted"),
        (f"{found.peak.value:,.0f}", "largest backlog", f"of {found.invoices.value:,.0f} invoices"),
        (f"{found.euros_an_invoice.value:,.2f} EUR", "an invoice", "people, machines and what is fixed"),
    )


def simulation_pictures(found: Simulated, costs: Sequence[Staff]) -> list[Picture]:
    """The backlog over time, and cost against volume."""
    from pipeline.measure import plots_plan  # noqa: PLC0415 (matplotlib takes a second; the terminal does without)

    pictures = [
        (plots_plan.over_time(found.backlog, "open invoices"), "Invoices that are there and not done, over the days.")
    ]
    if costs:
        curve = {found.scenario.title: [(cost.invoices_month, cost.euros_an_invoice) for cost in costs]}
        words = "What an invoice costs when as many people are hired as each volume needs for the promise."
        pictures.append((plots_plan.against_volume(curve, "Cost against volume"), words))
    return pictures


def _whole(found: Simulated) -> Table:
    scenario = found.scenario
    counted = scenario.days - scenario.warm_up_days
    cycle = {
        "mean": "mean hours",
        **{part: f"{part} of 100 are done within, hours" for part in ("50", "90", "95", "99")},
    }
    return Table(
        scenario.title,
        f"{counted} days from {scenario.start}, {scenario.replications} runs, seed {scenario.seed}. {RUNS} Hours of "
        f"Saturdays and Sundays are not counted. {'; '.join(found.notes)}",
        ("figure", "value"),
        (
            ("invoices", spread(found.invoices, 0)),
            *((name, spread(found.cycle[part])) for part, name in cycle.items()),
            (
                f"within {scenario.promise.hours:g} hours (promised {scenario.promise.share:.0%})",
                share_spread(found.kept),
            ),
            ("runs that keep the promise", share_spread(found.keeps)),
            ("not done at the end", spread(found.unfinished, 0)),
            ("largest backlog", spread(found.peak, 0)),
            ("left with a mistake", spread(found.wrong, 0)),
            ("EUR in all", spread(found.euros, 0)),
            ("EUR an invoice", spread(found.euros_an_invoice, 2)),
        ),
    )


def _stages(found: Simulated) -> Table:
    return Table(
        "Stages",
        f"{RUNS} Busy: of the paid time, or of all time where there is no shift.",
        ("stage", "servers", "mean wait, hours", "busy", "EUR in all"),
        tuple(
            (name, str(one.servers), spread(one.wait, 2), share_spread(one.busy), spread(one.euros, 0))
            for name, one in found.stages.items()
        ),
    )


def _staff(found: Simulated, staff: Staff) -> Table:
    return Table(
        "People needed",
        f"The fewest found that keep {found.scenario.promise.share:.0%} within {found.scenario.promise.hours:g} hours."
        + ("" if staff.is_enough else " More people do not help: something else is the bottleneck."),
        ("stage", "people"),
        (*((name, str(number)) for name, number in staff.servers.items()), ("then within", share_spread(staff.kept))),
    )


def _costs(costs: Sequence[Staff]) -> Table:
    return Table(
        "Cost against volume",
        "As many people as each volume needs for the promise; machines as they are.",
        ("invoices a month", "people", "EUR an invoice", "promise"),
        tuple(
            (
                f"{one.invoices_month:,.0f}",
                str(one.people),
                spread(one.euros_an_invoice, 2),
                "kept" if one.is_enough else "not kept",
            )
            for one in costs
        ),
    )
