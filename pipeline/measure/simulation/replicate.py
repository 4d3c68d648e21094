"""A scenario many times over: what it shows on average, and how far one run may be from another."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import SeedSequence

from pipeline.measure.estimate import Estimate, exactly, mean_of
from pipeline.measure.simulation.draws import DAY, HOUR, Floats
from pipeline.measure.simulation.run import Run, backlog, run, working_time
from pipeline.measure.simulation.station import Hours
from schemas.base import Value
from schemas.scenario import Scenario, Stage

MONTH_DAYS = 365.25 / 12
PERCENTILES = (50, 90, 95, 99)
STEP_HOURS = 3
"""The backlog is looked at so often."""


class Band(Value):
    """Something over time: the median of the runs, and what nine of ten of them lie between."""

    hours: tuple[float, ...]
    middle: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class StageResult(Value):
    """One stage."""

    servers: int
    wait: Estimate
    """Mean hours of waiting."""
    busy: Estimate
    """Share of the time that is paid, or of all time where there is no shift."""
    euros: Estimate
    """Of the whole time simulated."""


class Simulated(Value):
    """What came out. Each figure is the mean over the runs with Student's 95 % interval of that mean."""

    scenario: Scenario
    notes: tuple[str, ...] = ()
    """What durations were measured, and which ones are assumed."""
    invoices: Estimate
    """That arrived after the warm-up."""
    unfinished: Estimate
    """Of those, not done at the end; their age so far stands for their time."""
    cycle: dict[str, Estimate]
    """Hours from arrival to done, Saturdays and Sundays not counted: "mean", "50", "90", "95" and "99" per cent."""
    kept: Estimate
    """Share within the promise, of those whose time was up."""
    keeps: Estimate
    """The same run by run: the share of runs that keep the promise."""
    wrong: Estimate
    """Invoices that left with a mistake."""
    peak: Estimate
    """The largest backlog."""
    backlog: Band
    stages: dict[str, StageResult]
    euros: Estimate
    """Of the whole time simulated."""
    euros_an_invoice: Estimate


class _Measured(NamedTuple):
    """The figures of one run."""

    invoices: float
    unfinished: float
    cycle: dict[str, float]
    kept: float
    wrong: float
    backlog: Floats
    waits: dict[str, float]
    busy: dict[str, float]
    euros: dict[str, float]


def simulate(scenario: Scenario, notes: Sequence[str] = (), tick: Callable[[], None] = lambda: None) -> Simulated:
    """Run a scenario as often as it says. `tick` is called after each run."""
    figures = []
    for seed in SeedSequence(scenario.seed).spawn(scenario.replications):
        figures.append(_measure(scenario, run(scenario, seed)))
        tick()
    return _together(scenario, figures, notes)


def sample_hours(scenario: Scenario) -> Floats:
    """When the backlog is looked at, in hours after midnight of the first day."""
    return np.arange(0, scenario.days * 24 + 1, STEP_HOURS, dtype=np.float64)


def _measure(scenario: Scenario, one: Run) -> _Measured:
    counts = one.arrived >= scenario.warm_up_days * DAY
    arrived, left = one.arrived[counts], one.left[counts]
    open_ = np.isnan(left)
    until = np.where(open_, one.end, left)
    hours = (working_time(until, scenario.start) - working_time(arrived, scenario.start)) / HOUR
    due = ~open_ | (hours > scenario.promise.hours)  # what is young and not done yet may still keep the promise
    kept = (hours[due] <= scenario.promise.hours) & ~open_[due]
    cycle = {"mean": float(hours.mean()) if hours.size else 0.0}
    cycle |= {str(part): float(np.percentile(hours, part)) if hours.size else 0.0 for part in PERCENTILES}
    return _Measured(
        invoices=float(arrived.size),
        unfinished=float(open_.sum()),
        cycle=cycle,
        kept=float(kept.mean()) if kept.size else 1.0,
        wrong=float(one.wrong[counts & ~np.isnan(one.left)].sum()),
        backlog=backlog(one, sample_hours(scenario) * HOUR),
        waits={name: float(waits.mean()) / HOUR if waits.size else 0.0 for name, waits in one.waits.items()},
        busy={stage.name: one.busy[stage.name] / _there(scenario, stage) for stage in scenario.stages},
        euros={stage.name: _euros(scenario, stage, one.busy[stage.name]) for stage in scenario.stages},
    )


def _there(scenario: Scenario, stage: Stage) -> float:
    """Seconds that all servers of a stage are there."""
    each = Hours(stage.shift, scenario.start).worked(scenario.days) if stage.shift else scenario.days * DAY
    return max(each * stage.servers, 1.0)


def _euros(scenario: Scenario, stage: Stage, busy: float) -> float:
    """People are paid for their hours, machines for the time they are busy."""
    return stage.hour * (_there(scenario, stage) if stage.shift else busy) / HOUR


def _together(scenario: Scenario, figures: Sequence[_Measured], notes: Sequence[str]) -> Simulated:
    fixed = scenario.fixed_month * scenario.days / MONTH_DAYS
    euros = [sum(one.euros.values()) + fixed for one in figures]
    all_invoices = [one.invoices * scenario.days / (scenario.days - scenario.warm_up_days) for one in figures]
    promise = scenario.promise.share
    return Simulated(
        scenario=scenario,
        notes=tuple(notes),
        invoices=mean_of([one.invoices for one in figures]),
        unfinished=mean_of([one.unfinished for one in figures]),
        cycle={name: mean_of([one.cycle[name] for one in figures]) for name in figures[0].cycle},
        kept=_share([one.kept for one in figures]),
        keeps=exactly(sum(one.kept >= promise for one in figures) / len(figures)),
        wrong=mean_of([one.wrong for one in figures]),
        peak=mean_of([float(one.backlog.max()) for one in figures]),
        backlog=_band(sample_hours(scenario), np.array([one.backlog for one in figures])),
        stages={
            stage.name: StageResult(
                servers=stage.servers,
                wait=mean_of([one.waits[stage.name] for one in figures]),
                busy=mean_of([one.busy[stage.name] for one in figures]),
                euros=mean_of([one.euros[stage.name] for one in figures]),
            )
            for stage in scenario.stages
        },
        euros=mean_of(euros),
        euros_an_invoice=mean_of([cost / max(number, 1) for cost, number in zip(euros, all_invoices, strict=True)]),
    )


def _share(shares: Sequence[float]) -> Estimate:
    """The mean of shares; what Student's interval has beyond 0 and 1 is cut off."""
    mean = mean_of(shares)
    return Estimate(value=mean.value, low=max(mean.low, 0.0), high=min(mean.high, 1.0))


def _band(hours: Floats, runs: Floats) -> Band:
    low, middle, high = np.percentile(runs, (5, 50, 95), axis=0)
    return Band(hours=tuple(hours), middle=tuple(middle), low=tuple(low), high=tuple(high))
