"""How many people the promise needs, and what an invoice costs at each volume."""

from collections.abc import Iterable, Mapping

from pipeline.measure.estimate import Estimate
from pipeline.measure.simulation.fluid import fluid_need
from pipeline.measure.simulation.replicate import MONTH_DAYS, Simulated, simulate
from schemas.base import Value
from schemas.scenario import Scenario, Stage

FEW = 3
"""Runs of each trial of a search."""
MOST_TRIALS = 60


class Staff(Value):
    """How many people a scenario needs, and what comes of it at its volume."""

    servers: dict[str, int]
    """By stage with a shift."""
    kept: Estimate
    """Share of invoices within the promise, with so many."""
    is_enough: bool
    """False when even the last trial did not keep it: more people do not help."""
    invoices_month: float
    euros_an_invoice: Estimate

    @property
    def people(self) -> int:
        """At all stages together."""
        return sum(self.servers.values())


def with_staff(scenario: Scenario, servers: Mapping[str, int]) -> Scenario:
    """The scenario with so many people at some stages."""
    stages = (
        stage.model_copy(update={"servers": servers[stage.name]}) if stage.name in servers else stage
        for stage in scenario.stages
    )
    return scenario.model_copy(update={"stages": tuple(stages)})


def staffed(scenario: Scenario) -> list[Stage]:
    """The stages where people work."""
    return [stage for stage in scenario.stages if stage.shift]


def staff_needed(scenario: Scenario) -> Staff:
    """The fewest people found that keep the promise on average over some runs.

    Begins with as many as a stage would need if invoices came and went without chance (`fluid`), and gives one more
    (from fifty on 2 %) to the stage where invoices wait longest, until the simulation keeps the promise; then takes
    away one by one what is not needed for it.
    """
    few = scenario.model_copy(update={"replications": FEW})
    servers = {stage.name: fluid_need(scenario, stage) for stage in staffed(scenario)}
    result = simulate(with_staff(few, servers))
    for _ in range(MOST_TRIALS):
        if result.kept.value >= scenario.promise.share or not servers:
            break
        slowest = max(servers, key=lambda name: result.stages[name].wait.value)
        servers[slowest] += max(1, servers[slowest] // 50)
        result = simulate(with_staff(few, servers))
    if result.kept.value >= scenario.promise.share:
        result = _without_the_needless(few, servers, result)
    return Staff(
        servers=servers,
        kept=result.kept,
        is_enough=result.kept.value >= scenario.promise.share,
        invoices_month=result.invoices.value / (scenario.days - scenario.warm_up_days) * MONTH_DAYS,
        euros_an_invoice=result.euros_an_invoice,
    )


def _without_the_needless(few: Scenario, servers: dict[str, int], result: Simulated) -> Simulated:
    for name in list(servers):
        while servers[name] > 1:
            tried = simulate(with_staff(few, servers | {name: servers[name] - 1}))
            if tried.kept.value < few.promise.share:
                break
            servers[name] -= 1
            result = tried
    return result


def cost_curve(scenario: Scenario, factors: Iterable[float]) -> tuple[Staff, ...]:
    """What an invoice costs when so many times as many arrive, and people are hired for them."""
    return tuple(staff_needed(_scaled(scenario, factor)) for factor in factors)


def _scaled(scenario: Scenario, factor: float) -> Scenario:
    arrivals = scenario.arrivals.model_copy(update={"per_day": scenario.arrivals.per_day * factor})
    return scenario.model_copy(update={"arrivals": arrivals})
