"""Return on investment: by hand, outsourced under three pricing models, with this pipeline; when it pays.

All ways are counted in full touch (`pipeline.measure.baseline`): all hands an invoice goes through. By keying alone
nobody buys or sells. Every figure is a preset with its source, or an assumption of `Plan`, shown with the result.
"""

from collections.abc import Callable, Mapping
from math import ceil
from typing import NamedTuple

from pydantic import Field as Constraint

from pipeline.measure.baseline import HOUR
from pipeline.measure.estimate import Estimate, exactly, published
from pipeline.measure.presets import Preset, Presets
from schemas.base import Probability, Value

BY_HAND, BY_HOUR, BY_RESULT, FLAT, PIPELINE = (
    "in house",
    "outsourced by the hour",
    "outsourced by result",
    ("outsourced, flat teams of five"),
    "this pipeline",
)
VOLUMES = (250.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0)
_GRID = tuple(1.01**power for power in range(1390))
"""Volumes from 1 to a million, 1 % apart: flat prices jump, so that no formula gives the place."""
AGENTS = 5
MONTHS = 12


class Plan(Value):
    """What is planned: how much arrives, what is stopped for a person, and what a person takes for it."""

    invoices_month: float = Constraint(default=10_000.0, gt=0)
    stopped: Estimate = Estimate(value=0.434, low=0.384, high=0.485)
    """Share that needs a person. Default: 171 of 394 blind documents, exact 95 % interval (docs/results.md)."""
    review_seconds: Estimate | None = None
    """Operator seconds of each of those; None: as long as by hand, an upper figure."""
    machine_seconds: Estimate = Estimate(value=2.0, low=0.8, high=5.0)
    """CPU seconds a document: native PDFs 0.8, scans 5 (docs/results.md)."""
    reviewed_at: Probability = Constraint(
        default=1.0, description="1: reviewers cost a Western hour, 0: an offshore one."
    )
    months: int = Constraint(default=36, ge=1, description="So long the set-up is spread over.")


class Outlay(Value):
    """Euros a month of one way at one volume."""

    invoices_month: float
    euros_month: Estimate
    euros_an_invoice: Estimate


class BreakEven(Value):
    """Where the pipeline becomes cheaper than another way."""

    invoices_month: float | None
    """The least volume of invoices a month; None when it never does up to a million."""
    up_to: float | None
    """The volume from which the other way is cheaper again; None when it never is up to a million."""
    months_until_paid: float | None
    """Months until the set-up is earned at the planned volume; None when it never is."""


class Swing(Value):
    """How far one assumption alone moves the pipeline's cost an invoice."""

    name: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """Euros between its ends."""
        return abs(self.at_high - self.at_low)


class Returns(Value):
    """All of it."""

    plan: Plan
    ways: dict[str, tuple[Outlay, ...]]
    """Each way at each of `VOLUMES`."""
    planned: dict[str, Outlay]
    """Each way at the planned volume."""
    break_even: dict[str, BreakEven]
    """The pipeline against each other way."""
    swings: tuple[Swing, ...]
    """Widest first."""
    presets: dict[str, Preset]


class _Part(NamedTuple):
    """An assumption that may be low or high, and how it is put into the calculation."""

    name: str
    range: Estimate
    put: Callable[[Estimate], tuple[Plan, Presets]]


def returns(plan: Plan, presets: Presets) -> Returns:
    """Compare all ways over the volumes."""
    ways = _ways(plan, presets)
    at_plan = {name: _outlay(cost, plan.invoices_month) for name, cost in ways.items()}
    others = [name for name in ways if name != PIPELINE]
    return Returns(
        plan=plan,
        ways={name: tuple(_outlay(cost, volume) for volume in VOLUMES) for name, cost in ways.items()},
        planned=at_plan,
        break_even={name: _break_even(ways[name], plan, presets) for name in others},
        swings=_swings(plan, presets),
        presets=presets.named(),
    )


def in_house(presets: Presets, volume: float) -> Estimate:
    """Euros a month: all hands at a Western hour, paid also for the time not spent on invoices."""
    return _hands(presets, volume).times(published(presets.hour_western))


def by_the_hour(presets: Presets, volume: float) -> Estimate:
    """The same hands at an offshore hour."""
    return _hands(presets, volume).times(published(presets.hour_offshore))


def by_result(presets: Presets, volume: float) -> Estimate:
    """A price an invoice: what a team of five costs by what it does in a month.

    No price an invoice is published for offshore providers: this one follows from the team's price and from 14,000
    invoices a clerk and year.
    """
    return exactly(presets.team_month_offshore.value / _team(presets) * volume)


def flat(presets: Presets, volume: float) -> Estimate:
    """Whole teams of five at a flat price, however little there is to do."""
    return exactly(presets.team_month_offshore.value * max(1, ceil(volume / _team(presets))))


def pipeline_running(plan: Plan, presets: Presets, volume: float) -> Estimate:
    """Euros a month without the set-up: people for what is stopped, machine, robot, server, upkeep."""
    hour = published(presets.hour_western) * plan.reviewed_at + published(presets.hour_offshore) * (
        1 - plan.reviewed_at
    )
    seconds = plan.review_seconds or _touch_seconds(presets)
    people = (plan.stopped.times(seconds) * (volume / HOUR)).times(_paid(presets)).times(hour)
    machine = (plan.machine_seconds + published(presets.robot_seconds)) * (volume / HOUR)
    upkeep = published(presets.upkeep_hours_month).times(published(presets.hour_western))
    return people + machine.times(published(presets.machine_hour)) + published(presets.server_month) + upkeep


def set_up(presets: Presets) -> Estimate:
    """Euros, once."""
    return published(presets.setup_hours).times(published(presets.hour_western))


def pipeline_cost(plan: Plan, presets: Presets, volume: float) -> Estimate:
    """Euros a month with the set-up spread over the plan's months."""
    return pipeline_running(plan, presets, volume) + set_up(presets) * (1 / plan.months)


def _ways(plan: Plan, presets: Presets) -> Mapping[str, Callable[[float], Estimate]]:
    return {
        BY_HAND: lambda volume: in_house(presets, volume),
        BY_HOUR: lambda volume: by_the_hour(presets, volume),
        BY_RESULT: lambda volume: by_result(presets, volume),
        FLAT: lambda volume: flat(presets, volume),
        PIPELINE: lambda volume: pipeline_cost(plan, presets, volume),
    }


def _touch_seconds(presets: Presets) -> Estimate:
    rate = presets.touch_an_hour
    return Estimate(value=HOUR / rate.value, low=HOUR / rate.high, high=HOUR / rate.low)


def _paid(presets: Presets) -> Estimate:
    """Hours paid for an hour of work."""
    share = presets.productive_share
    return Estimate(value=1 / share.value, low=1 / share.high, high=1 / share.low)


def _hands(presets: Presets, volume: float) -> Estimate:
    """Paid hours of full touch."""
    return (_touch_seconds(presets) * (volume / HOUR)).times(_paid(presets))


def _team(presets: Presets) -> float:
    """Invoices that five clerks do in a month."""
    return AGENTS * presets.invoices_a_clerk_year.value / MONTHS


def _outlay(cost: Callable[[float], Estimate], volume: float) -> Outlay:
    euros = cost(volume)
    return Outlay(invoices_month=volume, euros_month=euros, euros_an_invoice=euros * (1 / volume))


def _break_even(other: Callable[[float], Estimate], plan: Plan, presets: Presets) -> BreakEven:
    saved = other(plan.invoices_month).value - pipeline_running(plan, presets, plan.invoices_month).value
    is_cheaper = [other(at).value >= pipeline_cost(plan, presets, at).value for at in _GRID]
    first = is_cheaper.index(True) if True in is_cheaper else None
    last = None if first is None or False not in is_cheaper[first:] else is_cheaper.index(False, first)
    return BreakEven(
        invoices_month=None if first is None else _GRID[first],
        up_to=None if last is None else _GRID[last],
        months_until_paid=set_up(presets).value / saved if saved > 0 else None,
    )


def _swings(plan: Plan, presets: Presets) -> tuple[Swing, ...]:
    swings = (_swing(part, plan) for part in _parts(plan, presets))
    return tuple(sorted(swings, key=lambda one: -one.width))


def _swing(part: _Part, plan: Plan) -> Swing:
    at_low, at_high = (
        pipeline_cost(*part.put(exactly(end)), plan.invoices_month).value / plan.invoices_month
        for end in (part.range.low, part.range.high)
    )
    return Swing(name=part.name, at_low=at_low, at_high=at_high)


def _parts(plan: Plan, presets: Presets) -> list[_Part]:
    def of_plan(name: str) -> Callable[[Estimate], tuple[Plan, Presets]]:
        return lambda value: (plan.model_copy(update={name: value}), presets)

    def of_presets(name: str) -> Callable[[Estimate], tuple[Plan, Presets]]:
        def put(end: Estimate) -> tuple[Plan, Presets]:
            fixed = {"value": end.value, "low": end.value, "high": end.value}
            return plan, presets.model_copy(update={name: getattr(presets, name).model_copy(update=fixed)})

        return put

    seconds = plan.review_seconds or _touch_seconds(presets)
    hour = "hour_western" if plan.reviewed_at >= 1 / 2 else "hour_offshore"
    named = (
        hour,
        "productive_share",
        "setup_hours",
        "upkeep_hours_month",
        "server_month",
        "machine_hour",
        "robot_seconds",
    )
    return [
        _Part("share that is stopped", plan.stopped, of_plan("stopped")),
        _Part("seconds of a review", seconds, of_plan("review_seconds")),
        _Part("CPU seconds a document", plan.machine_seconds, of_plan("machine_seconds")),
        *(_Part(name.replace("_", " "), published(getattr(presets, name)), of_presets(name)) for name in named),
    ]
