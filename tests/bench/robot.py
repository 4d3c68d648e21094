"""Seconds an invoice through the screens of the practice portal, beside a clerk's keying time for the same invoices.

    python -m tests.bench.robot [--count 30] [--switch NAME=VALUE]...

The portal runs as `backoffice portal` in a process of its own; the robot posts generated invoices of one to five lines
one after the other, as the poster does: `find`, then `post`. The first invoice also starts the browser and logs in; it
is told apart and not counted.

A clerk's keying is that of `pipeline.measure.baseline`. Counted is what a clerk has to key of the same invoice:
supplier (its SIREN), number, date, due date, and of each line account, cost centre, label, VAT code and amount; not our
reference, nor VAT amounts, which the portal works out. Opening the file, reading, checking and filing are not in it.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from rich.console import Console

from pipeline.measure.baseline import keying
from pipeline.measure.presets import load_presets
from pipeline.posting.robot.target import RobotTarget, portal_target
from pipeline.settings import PortalSettings, Settings
from schemas import PostingOrder
from tests.posting.orders import make_order, write_original

CLAIM = load_presets().claimed_by_robot.value
"""Requests a day by one robot, as the trade says."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    orders = [make_order(seed, credit=seed % 10 == 9) for seed in range(given.count + 1)]
    with tempfile.TemporaryDirectory(prefix="backoffice-robot-") as folder:
        home = Path(folder)
        with served(home, given.switch) as url:
            settings = Settings(home=home, portal=PortalSettings(url=url))
            with portal_target(settings, "main") as target:
                rows = [timed(target, order, home) for order in orders]
        kept = sum(path.stat().st_size for path in (home / "evidence").rglob("*") if path.is_file())
    show(orders[1:], rows, kept / len(rows))


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


def timed(target: RobotTarget, order: PostingOrder, home: Path) -> tuple[float, dict[str, float]]:
    """Seconds of an invoice, and of its parts. Wrong amounts end the measuring."""
    begin = perf_counter()
    assert target.find(order.key) is None
    posted = target.post(order, write_original(order, home))
    seconds = perf_counter() - begin
    assert posted.voucher.gross == order.coding.total
    return seconds, posted.steps


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


def show(orders: list[PostingOrder], rows: list[tuple[float, dict[str, float]]], kept: float) -> None:
    """Print the figures as a Markdown table."""
    say = partial(Console(soft_wrap=True, highlight=False).print, markup=False)
    (first, _), *rest = rows
    seconds, by_hand = [one for one, _ in rest], [clerk(order) for order in orders]
    total = sum(seconds)
    say(f"| {len(seconds)} invoices, {sum(len(order.coding.lines) for order in orders)} lines | median | quartiles |")
    say("|---|---|---|")
    for name, values in (("robot, s an invoice", seconds), ("clerk's keying, s an invoice", by_hand)):
        low, _, high = quantiles(values, n=4)
        say(f"| {name} | {median(values):.2f} | {low:.2f} to {high:.2f} |")
    say(f"\nfirst invoice with the start of the browser and the log-in: {first:.1f} s")
    say(f"an hour: {3600 * len(seconds) / total:.0f}; a day: {86400 * len(seconds) / total:.0f} (claim: {CLAIM:.0f})")
    say(f"evidence an invoice: {kept / 1000:.0f} kB\n\n| part | share |\n|---|---|")
    for part in rest[0][1]:
        share = sum(steps.get(part, 0.0) for _, steps in rest) / total
        say(f"| {part} | {share:.0%} |")


if __name__ == "__main__":
    main()
