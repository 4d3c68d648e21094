"""Calls timed one by one, and their 95th percentile."""

import time
from collections.abc import Callable
from statistics import quantiles


def p95(values: list[float]) -> str:
    """The 95th percentile."""
    return f"{quantiles(values, n=20)[-1]:.1f}"


def timed(call: Callable[[], object], count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each call, and of CPU time in this process, which holds SQLite too."""
    times, cpu = [], []
    for _ in range(count):
        began, cpu_began = time.perf_counter(), time.process_time()
        call()
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - cpu_began))
    return times, cpu
