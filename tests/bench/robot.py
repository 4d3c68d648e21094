"""Seconds an invoice through the screens of the practice portal, beside a clerk's keying time for the same invoices.

    python -m tests.bench.robot [--count 30] [--robots 1] [--switch NAME=VALUE]...

The portal runs as `backoffice portal` in a process of its own; each robot is a process of its own, too, and posts
`count` generated invoices of one to five lines one after the other, as the poster does: `find`, then `post`. The first
invoice of each also starts its browser and logs in; it is told apart and not counted, and the robots wait for each
other after it. The rate is all that was posted then, by the time from there to the end of the last robot.

A clerk's keying is that of `pipeline.measure.baseline`. Counted is what a clerk has to key of the same invoice:
supplier (its SIREN), number, date, due date, and of each line account, cost centre, label, VAT code and amount; not our
reference, nor VAT amounts, which the portal works out. Opening the file, reading, checking and filing are not in it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier
from time import monotonic, perf_counter
from typing import NamedTuple

from rich.console import Console

from pipeline.measure.baseline import keying
from pipeline.measure.presets import load_presets
from pipeline.posting.robot.target import RobotTarget, portal_target
from pipeline.settings import PortalSettings, Settings
from schemas import PostingOrder
from tests.posting.orders import make_order, write_original

CLAIM = load_presets().claimed_by_robot.value
"""Requests a day by one robot, as the trade says."""


class Row(NamedTuple):
    """What an invoice took, in seconds: all of it, and its parts."""

    seconds: float
    parts: dict[str, float]


class Shift(NamedTuple):
    """What one robot did. The times are of a clock that all processes of the machine share."""

    first: float
    rows: list[Row]
    began: float
    ended: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--robots", type=int, default=1)
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backoffice-robot-") as folder:
        home = Path(folder)
        with served(home, given.switch) as url:
            shifts = worked(Settings(home=home, portal=PortalSettings(url=url)), given.robots, given.count)
        kept = sum(path.stat().st_size for path in (home / "evidence").rglob("*") if path.is_file())
    show(shifts, given.count, kept / (given.robots * (given.count + 1)))


@contextmanager
def served(home: Path, switches: list[str]) -> Iterator[str]:
    """A portal of its own; its address."""
    command = [str(Path(sys.executable).parent / "backoffice"), "portal", "--port", "0", "--home", str(home)]
    command += [word for switch in switches for word in ("--switch", switch)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def orders_of(robot: int, count: int) -> list[PostingOrder]:
    """A robot's own invoices, one in ten a credit note; the first is not counted."""
    seeds = range(robot * (count + 1), (robot + 1) * (count + 1))
    return [make_order(seed, credit=seed % 10 == 9) for seed in seeds]


def worked(settings: Settings, robots: int, count: int) -> list[Shift]:
    """The shifts of robots that work at once."""
    context = get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(robots, context) as pool:
        together = manager.Barrier(robots, timeout=600)
        return list(pool.map(partial(shift, settings, count, together), range(robots)))


def shift(settings: Settings, count: int, together: Barrier, robot: int) -> Shift:
    """One robot's work: the first invoice alone, the others when all robots have done that."""
    first, *others = orders_of(robot, count)
    with portal_target(settings, "main") as target:
        begun = timed(target, first, settings.home)
        together.wait()
        began = monotonic()
        rows = [timed(target, order, settings.home) for order in others]
        return Shift(begun.seconds, rows, began, monotonic())


def timed(target: RobotTarget, order: PostingOrder, home: Path) -> Row:
    """What an invoice takes. Wrong amounts end the measuring."""
    begin = perf_counter()
    assert target.find(order.key) is None
    posted = target.post(order, write_original(order, home))
    seconds = perf_counter() - begin
    assert posted.voucher.gross == order.coding.total
    return Row(seconds, dict(posted.steps))


def keyed(order: PostingOrder) -> list[str]:
    """What a clerk keys."""
    invoice = order.record.invoice()
    header = [invoice.seller.siren, invoice.number, "01/01/2026", "01/01/2026"]
    lines = [
        (line.account, line.cost_centre, line.label, "D200", f"{abs(line.net):.2f}") for line in order.coding.lines
    ]
    return [text for text in (*header, *(cell for line in lines for cell in line)) if text]


def clerk(order: PostingOrder) -> float:
    """Seconds of keying alone."""
    return keying(keyed(order)).seconds.value


def show(shifts: Sequence[Shift], count: int, kept: float) -> None:
    """Print the figures as Markdown tables."""
    say = partial(Console(soft_wrap=True, highlight=False).print, markup=False)
    rows = [row for one in shifts for row in one.rows]
    orders = [order for robot in range(len(shifts)) for order in orders_of(robot, count)[1:]]
    lines = sum(len(order.coding.lines) for order in orders)
    say(f"| {len(rows)} invoices, {lines} lines, {len(shifts)} robots | median | quartiles |\n|---|---|---|")
    by_robot, by_hand = [row.seconds for row in rows], [clerk(order) for order in orders]
    for name, values in (("robot, s an invoice", by_robot), ("clerk's keying, s an invoice", by_hand)):
        low, _, high = quantiles(values, n=4)
        say(f"| {name} | {median(values):.2f} | {low:.2f} to {high:.2f} |")
    firsts = ", ".join(f"{one.first:.1f}" for one in shifts)
    say(f"\nfirst invoice with the start of the browser and the log-in: {firsts} s")
    an_hour = 3600 * len(rows) / (max(one.ended for one in shifts) - min(one.began for one in shifts))
    say(f"an hour: {an_hour:.0f}; a day: {24 * an_hour:.0f} (claim: {CLAIM:.0f}); load {os.getloadavg()[0]:.1f}")
    say(f"evidence an invoice: {kept / 1000:.0f} kB\n\n| part | share |\n|---|---|")
    for part in rows[0].parts:
        share = sum(row.parts.get(part, 0.0) for row in rows) / sum(by_robot)
        say(f"| {part} | {share:.0%} |")


if __name__ == "__main__":
    main()
