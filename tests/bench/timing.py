"""Calls timed one by one, their 95th percentile, and the straight line through figures."""

import time
from collections.abc import Callable, Sequence
from statistics import quantiles
from typing import NamedTuple

from scipy import stats


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20)[-1]


class Slope(NamedTuple):
    """How steep a straight line is, with its 95 % interval."""

    value: float
    low: float
    high: float


def slope(along: Sequence[float], values: Sequence[float]) -> Slope:
    """That of the line of least squares through at least three points."""
    fitted = stats.linregress(along, values)
    margin = stats.t.ppf(0.975, len(values) - 2) * fitted.stderr
    return Slope(fitted.slope, fitted.slope - margin, fitted.slope + margin)


def timed(
    call: Callable[[], object], count: int, elsewhere: Callable[[], float] = lambda: 0.0
) -> tuple[list[float], list[float]]:
    """Milliseconds of each call, and of CPU time in this process, which holds SQLite too.

    `elsewhere` gives the CPU seconds so far of other processes that the call makes work.
    """
    times, cpu = [], []
    for _ in range(count):
        began, cpu_began = time.perf_counter(), time.process_time() + elsewhere()
        call()
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() + elsewhere() - cpu_began))
    return times, cpu
