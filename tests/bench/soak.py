"""A steady stream into the drop folder of a running `backoffice watch`; what grows with time, and how fast.

    python -m tests.bench.soak --minutes 120 [--every 20] [--out soak.csv]

One generated file every so many seconds: e-invoices, native PDFs and some scans. Every ten seconds the memory, the open
descriptors and the number of all processes of the watcher are noted, and what lies in its temporary folder. Prints the
slope of each an hour with its 95 % interval, the first quarter of an hour left out: until then each process meets its
kinds of documents for the first time. Fails when a file has no outcome.
"""

import argparse
import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from pipeline.bootstrap import load_settings, open_the_ledger
from pipeline.settings import Settings
from samples.generate import generate
from tests.bench.timing import slope

KINDS = ("ubl", "native", "cii", "ubl", "facturx", "native", "ubl", "scan", "cii", "native")
SAMPLE_SECONDS = 10.0
START_UP_SECONDS = 900.0
PATIENCE_SECONDS = 600.0
MEBIBYTE = 2**20


class Sample(NamedTuple):
    """What the watcher with all its children holds at one moment."""

    seconds: float
    rss_mib: float
    descriptors: int
    processes: int
    temporary_files: int
    temporary_mib: float
    claimed_files: int
    cpu_seconds: float


def main() -> None:
    """Drop, sample, judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two files")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--out", type=Path, default=Path("soak.csv"), help="the samples, written as they come")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backoffice-soak-") as scratch:
        settings = load_settings(home=Path(scratch) / "home", workers=1)
        settings.inbox.mkdir(parents=True)
        with watching(settings, Path(scratch) / "tmp") as watcher:
            dropped = stream(settings, watcher, given)
            wait_for_all(settings, watcher, dropped)
        show(read(given.out), dropped, settings)


@contextmanager
def watching(settings: Settings, temporary: Path) -> Iterator[psutil.Process]:
    """`backoffice watch` on the home, with a temporary folder of its own, which must be empty afterwards."""
    temporary.mkdir()
    command = [Path(sys.executable).parent / "backoffice", "watch", "--home", str(settings.home), "--workers", "1"]
    with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)
    left = sorted(path.name for path in temporary.rglob("*"))
    Console().print(f"left in the temporary folder at the end: {left or 'nothing'}")


def stream(settings: Settings, watcher: psutil.Process, given: argparse.Namespace) -> int:
    """Drop one file every so often, and write a sample every ten seconds; returns how many files."""
    began, dropped = time.monotonic(), 0
    files = (sample for seed in count(given.seed) for sample in generate(seed, len(KINDS), kinds=KINDS))
    with given.out.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Sample._fields)
        for now in np.arange(0.0, given.minutes * 60, SAMPLE_SECONDS):
            while dropped * given.every <= now:
                paper = next(files)
                (settings.inbox / f"{dropped:06}-{paper.file}").write_bytes(paper.content)
                dropped += 1
            time.sleep(max(0.0, began + now - time.monotonic()))
            writer.writerow(sample_of(watcher, settings, time.monotonic() - began))
            file.flush()
    return dropped


def sample_of(watcher: psutil.Process, settings: Settings, seconds: float) -> Sample:
    """Look at every process of the watcher's, and at its temporary files. Raises RuntimeError when it is gone."""
    must_run(watcher)
    rss = descriptors = processes = 0
    cpu = 0.0
    for one in (watcher, *watcher.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            rss, descriptors, processes = rss + one.memory_info().rss, descriptors + one.num_fds(), processes + 1
            cpu += times.user + times.system + times.children_user + times.children_system
    temporary = sizes_under(settings.home.parent / "tmp")
    claimed = sum(1 for _ in settings.claimed.glob("*.*"))
    mib = rss / MEBIBYTE, sum(temporary) / MEBIBYTE
    return Sample(seconds, mib[0], descriptors, processes, len(temporary), mib[1], claimed, cpu)


def must_run(watcher: psutil.Process) -> None:
    """Raises RuntimeError when the watcher is gone."""
    if not watcher.is_running() or watcher.status() == psutil.STATUS_ZOMBIE:
        raise RuntimeError("the watcher is gone")


def sizes_under(folder: Path) -> list[int]:
    """The sizes of all files, those that vanish meanwhile left out."""
    sizes = []
    for path in folder.rglob("*"):
        with suppress(OSError):
            if path.is_file():
                sizes.append(path.stat().st_size)
    return sizes


def wait_for_all(settings: Settings, watcher: psutil.Process, dropped: int) -> None:
    """Until every file has its outcome. Raises TimeoutError, and RuntimeError when the watcher is gone."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with open_the_ledger(settings) as ledger:
        while (done := ledger.status().documents.get("done", 0)) < dropped:
            must_run(watcher)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{done} of {dropped} have an outcome")
            time.sleep(1.0)


def read(path: Path) -> list[Sample]:
    """The samples of a file."""
    with path.open(newline="") as file:
        return [Sample(*map(float, row)) for row in list(csv.reader(file))[1:]]  # type: ignore[arg-type]


def show(samples: list[Sample], dropped: int, settings: Settings) -> None:
    """Print where each figure began and ended, its highest, and its slope an hour."""
    kept = [sample for sample in samples if sample.seconds >= START_UP_SECONDS]
    minutes, cpu = samples[-1].seconds / 60, kept[-1].cpu_seconds - kept[0].cpu_seconds
    share = cpu / (kept[-1].seconds - kept[0].seconds)
    title = f"{minutes:.0f} minutes, {dropped} files, {len(samples)} samples, {share:.1%} of one core"
    table = Table(title=f"{datetime.now(UTC):%Y-%m-%d}: {title}", title_justify="left")
    for name in ("what", "first", "last", "highest", "slope an hour", "95 % interval"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for name in Sample._fields[1:-1]:
        values = [getattr(sample, name) for sample in kept]
        steep, low, high = slope([sample.seconds / 3600 for sample in kept], values)
        shown = (f"{values[0]:.1f}", f"{values[-1]:.1f}", f"{max(values):.1f}", f"{steep:+.2f}")
        table.add_row(name, *shown, f"{low:+.2f} to {high:+.2f}")
    Console(width=120).print(table)
    size = sum(sizes_under(settings.home))
    Console().print(f"the home holds {size / MEBIBYTE:.1f} MiB, {size / dropped / 1024:.0f} KiB a document")


if __name__ == "__main__":
    main()
