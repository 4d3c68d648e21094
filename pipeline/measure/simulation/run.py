"""One run of a scenario: every invoice on its way through the stages."""

from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import simpy
from numpy.random import Generator, SeedSequence, default_rng

from pipeline.measure.simulation.draws import DAY, Floats, arrivals, durations
from pipeline.measure.simulation.station import Station, Steps
from schemas.scenario import Scenario, Stage

WEEK, WORKING_DAYS = 7 * DAY, 5 * DAY


class Run(NamedTuple):
    """What happened to each invoice, in the order of arrival; times in seconds after midnight of the first day."""

    arrived: Floats
    left: Floats
    """NaN for what was not done at the end."""
    wrong: Floats
    """1 for what left with a mistake."""
    waits: dict[str, Floats]
    """Seconds of waiting at each stage, of those who arrived after the warm-up."""
    busy: dict[str, float]
    """Seconds of work at each stage."""
    end: float


class _Way:
    """Moves the jobs from stage to stage."""

    def __init__(self, scenario: Scenario, env: simpy.Environment, count: int, streams: list[SeedSequence]) -> None:
        self._env = env
        self._chance = default_rng(streams[0])
        self._stages = scenario.stages
        self._index = {stage.name: index for index, stage in enumerate(scenario.stages)}
        self.left = [float("nan")] * count
        self.is_wrong = [False] * count
        self.stations = [
            Station(
                env,
                stage,
                scenario.start,
                durations(stage.seconds, default_rng(stream)),
                partial(self._finished, index, stage),
            )
            for index, (stage, stream) in enumerate(zip(scenario.stages, streams[1:], strict=True))
        ]
        self._needed = _needed(scenario.stages, count, self._chance)

    def begin(self, job: int) -> None:
        self._go(job, 0)

    def _go(self, job: int, index: int) -> None:
        """To the first stage from `index` on that the job needs."""
        for at in range(index, len(self.stations)):
            needed = self._needed[at]
            if needed is None or needed[job]:
                self.stations[at].take(job)
                return
        self.left[job] = self._env.now

    def _finished(self, index: int, stage: Stage, job: int) -> None:
        """A stage is done with a job: mistakes are made, noticed, sent back."""
        if stage.catches and self.is_wrong[job] and self._chance.random() < stage.catches:
            self.is_wrong[job] = False
            self._go(job, self._index[stage.back_to])
            return
        if stage.wrong and self._chance.random() < stage.wrong:
            self.is_wrong[job] = True
        self._go(job, index + 1)


def run(scenario: Scenario, seed: SeedSequence) -> Run:
    """Simulate once. The same seed gives the same arrivals whatever the stages are."""
    come, *streams = seed.spawn(len(scenario.stages) + 2)
    times = arrivals(scenario.arrivals, scenario.start, scenario.days, default_rng(come))
    env = simpy.Environment()
    way = _Way(scenario, env, times.size, streams)
    env.process(_arriving(env, np.diff(times, prepend=0.0).tolist(), way))
    end = scenario.days * DAY
    env.run(until=end)
    first = int(np.searchsorted(times, scenario.warm_up_days * DAY))
    return Run(
        arrived=times,
        left=np.array(way.left),
        wrong=np.array(way.is_wrong, dtype=np.float64),
        waits={
            stage.name: np.array(station.waits)[np.array(station.jobs, dtype=np.int64) >= first]
            for stage, station in zip(scenario.stages, way.stations, strict=True)
        },
        busy={stage.name: station.busy for stage, station in zip(scenario.stages, way.stations, strict=True)},
        end=end,
    )


def backlog(one: Run, at: Floats) -> Floats:
    """How many invoices are there and not done, at each of these times."""
    gone = np.sort(one.left[~np.isnan(one.left)])
    return (np.searchsorted(one.arrived, at, "right") - np.searchsorted(gone, at, "right")).astype(np.float64)


def working_time(times: Floats, start: date) -> Floats:
    """Seconds on a clock that stands still on Saturdays and Sundays."""
    since_monday = times + start.weekday() * DAY
    weeks, within = np.divmod(since_monday, WEEK)
    return weeks * WORKING_DAYS + np.minimum(within, WORKING_DAYS)


def _arriving(env: simpy.Environment, gaps: list[float], way: _Way) -> Steps:
    for job, gap in enumerate(gaps):
        yield env.timeout(gap)
        way.begin(job)


def _needed(stages: tuple[Stage, ...], count: int, chance: Generator) -> list[list[bool] | None]:
    """Which jobs need a stage; None where all do."""
    return [None if stage.share == 1 else (chance.random(count) < stage.share).tolist() for stage in stages]
