"""The same without chance: work flows in by the hour and out as fast as people are there. A first guess, in no time."""

import numpy as np

from pipeline.measure.simulation.draws import HOUR, Floats, hourly, mean_seconds
from pipeline.measure.simulation.run import working_time
from pipeline.measure.simulation.station import Hours
from schemas.scenario import Scenario, Stage

_MOST = 100_000


def fluid_need(scenario: Scenario, stage: Stage) -> int:
    """The fewest servers with which the flow keeps the promise at this stage alone; 1 at least."""
    low, high = 0, 1
    while not _keeps(scenario, stage, high) and high < _MOST:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _keeps(scenario, stage, middle) else (middle, high)
    return high


def _keeps(scenario: Scenario, stage: Stage, servers: int) -> bool:
    """Whether enough of the work that flows in is done in time; what is open at the end is not."""
    inflow = hourly(scenario.arrivals, scenario.start, scenario.days) * stage.share * mean_seconds(stage.seconds)
    come, done = np.cumsum(inflow), np.cumsum(_outflow(inflow, servers * _there(scenario, stage)))
    ends = (
        np.searchsorted(done, come - 1e-6).astype(np.float64) + 1
    )  # first come, first served: done when as much went as had come
    hours = np.arange(inflow.size, dtype=np.float64)
    took = working_time(ends * HOUR, scenario.start) - working_time(hours * HOUR, scenario.start)
    in_time = (took <= scenario.promise.hours * HOUR) & (ends <= inflow.size)
    young = (ends > inflow.size) & (took <= scenario.promise.hours * HOUR)
    due = inflow[~young].sum()
    return bool(inflow[in_time].sum() >= scenario.promise.share * due)


def _there(scenario: Scenario, stage: Stage) -> Floats:
    """Seconds of each hour in which one server works."""
    hours = np.arange(scenario.days * 24)
    if stage.shift is None:
        return np.full(hours.size, HOUR)
    shift = Hours(stage.shift, scenario.start)
    return np.array([min(HOUR, shift.left(hour * HOUR)) for hour in hours])


def _outflow(inflow: Floats, capacity: Floats) -> Floats:
    waiting, out = 0.0, []
    for come, possible in zip(inflow.tolist(), capacity.tolist(), strict=True):
        done = min(waiting + come, possible)
        waiting += come - done
        out.append(done)
    return np.array(out)
