"""Calls timed one by one, and their 95th percentile."""

import time
from collections.abc import Callable
from statistics import quantiles


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20)[-1]


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
