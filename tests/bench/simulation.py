"""How fast the simulation is, and how near to the formulas.

    python -m tests.bench.simulation [--customers 1000000]

First 60,000 invoices, a month of the scenario "pipeline" with its three stages, once (wall and CPU seconds). Then long
runs of M/M/c and M/D/1 against the formulas at the rates that each run drew.
"""

import argparse
import time

import numpy as np
from numpy.random import SeedSequence
from rich.console import Console
from rich.table import Table

from pipeline.measure.simulation.library import load_scenario, with_measured
from pipeline.measure.simulation.run import run
from pipeline.measure.simulation.staffing import with_staff
from schemas.scenario import Duration, Exponential, Fixed
from tests.measure.simulation.test_run import queue, realised

INVOICES = 60_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    show_speed()
    table = Table("queue", "load", "customers", "mean wait, s", "by the formula", "off by", "CPU, s")
    for name, servers, busy, seconds, factor in QUEUES:
        began = time.process_time()
        one = run(queue(servers, busy, seconds, customers), SeedSequence(5))
        found, wanted = one.waits["desk"].mean(), realised(one, servers, factor)
        row = (f"{found:.2f}", f"{wanted:.2f}", f"{found / wanted - 1:+.2%}", f"{time.process_time() - began:.1f}")
        table.add_row(name, f"{busy:.0%}", f"{one.arrived.size:,}", *row)
    Console().print(table)


QUEUES: tuple[tuple[str, int, float, Duration, float], ...] = (
    ("M/M/1", 1, 0.5, Exponential(mean=60), 1.0),
    ("M/M/2", 2, 0.5, Exponential(mean=60), 1.0),
    ("M/M/3", 3, 0.6, Exponential(mean=60), 1.0),
    ("M/M/5", 5, 0.7, Exponential(mean=60), 1.0),
    ("M/D/1", 1, 0.5, Fixed(seconds=60), 0.5),
)


def show_speed() -> None:
    """One run of so many invoices."""
    scenario, _ = with_measured(load_scenario("pipeline"), {})
    per_day = scenario.arrivals.per_day * INVOICES / 17_095
    arrivals = scenario.arrivals.model_copy(update={"per_day": per_day})
    busy = with_staff(scenario.model_copy(update={"arrivals": arrivals}), {"review": 24})
    wall, cpu = time.perf_counter(), time.process_time()
    one = run(busy, SeedSequence(1))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    done = np.count_nonzero(~np.isnan(one.left))
    Console().print(f"{one.arrived.size:,} invoices, {done:,} done: {wall:.1f} s (CPU {cpu:.1f} s)")


if __name__ == "__main__":
    main()
