"""What the pipeline costs and how fast it is: CPU by kind, documents a day, and the wait from drop to decision.

    python -m tests.bench [FOLDER]     FOLDER with a truth.jsonl; without it, some documents of each kind are generated

Figures by CPU seconds (user and system, children included) hold on a machine that does other things too; the rate with
two workers and the wait are by the clock and do not.
"""

import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from statistics import median

import pikepdf
from PIL import Image
from rich.console import Console
from rich.table import Table

from samples.generate import KINDS, generate
from tests.bench.cost import CORES, E_INVOICES, MIX, NATIVE, READ_FROM_PIXELS, SECONDS_A_DAY, Cost, costs, mixed
from tests.bench.latency import Wait, latencies
from tests.bench.pages import BACKOFFICE, cpu_of
from tests.bench.timing import p95

SEED = 77001
A_KIND = 9
"""Documents of each kind, one of which pays for the start."""
IN_THE_MIX = 2 * A_KIND
WAITING = (
    ("native", NATIVE),
    ("e-invoice", E_INVOICES),
    ("picture", READ_FROM_PIXELS),
    ("all", NATIVE | E_INVOICES | READ_FROM_PIXELS),
)
"""The kinds whose wait is told."""

Files = Mapping[str, Sequence[Path]]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="backoffice-bench-") as scratch:
        files = given(Path(sys.argv[1])) if len(sys.argv) > 1 else generated(Path(scratch))
        console = Console()
        each = list(costs(files))
        console.print(cost_table(each), f"load average {os.getloadavg()[0]:.1f}")
        console.print(mix_told(files, mixed(each), Path(scratch)))
        console.print(wait_told(files, Path(scratch)))


def given(folder: Path) -> Files:
    """The files of a labelled folder by kind, where there are two or more."""
    found: dict[str, list[Path]] = defaultdict(list)
    for row in map(json.loads, (folder / "truth.jsonl").read_text("utf-8").splitlines()):
        found[row["kind"]].append(folder / row["file"])
    return {kind: paths for kind, paths in found.items() if len(paths) > 1}


def generated(scratch: Path) -> Files:
    """Some documents of each kind."""
    found: dict[str, list[Path]] = defaultdict(list)
    for sample in generate(SEED, A_KIND * len(KINDS)):
        path = scratch / sample.file
        path.write_bytes(sample.content)
        found[sample.truth["kind"]].append(path)
    return found


def cost_table(each: Sequence[Cost]) -> Table:
    """CPU seconds by kind."""
    table = Table(title="CPU seconds a document, without the program's start", title_justify="left")
    for name in (
        "kind",
        "documents",
        "pages",
        "CPU s a document",
        "bare Tesseract",
        "ratio",
        f"a day on {CORES} cores",
    ):
        table.add_column(name, justify="left" if name == "kind" else "right")
    for cost in each:
        bare = ("–", "–") if cost.bare is None else (f"{cost.bare / cost.documents:.2f}", f"{cost.over_bare:.2f}")
        pages = str(cost.pages or "–")
        table.add_row(cost.kind, str(cost.documents), pages, f"{cost.seconds:.2f}", *bare, f"{cost.a_day:,.0f}")
    drawn = [cost for cost in each if cost.bare is not None]
    if drawn:
        ours, bare_seconds = sum(c.seconds * c.documents for c in drawn), sum(c.bare or 0.0 for c in drawn)
        ratio = f"{ours / bare_seconds:.2f}"
        table.add_row("all from pixels", str(sum(c.documents for c in drawn)), "", "", "", ratio, "")
    return table


def mix_told(files: Files, cpu: float, scratch: Path) -> str:
    """What a document of the mix costs, and how many there really were in a while with two workers."""
    chosen = [path for share, kinds in MIX for path in _some(files, kinds, round(share * IN_THE_MIX))]
    began = time.monotonic()
    home = scratch / "mix"
    cpu_of(BACKOFFICE, "process", "--workers", str(CORES), "--home", str(home), *map(str, chosen))
    seconds = time.monotonic() - began
    return (
        f"50 % native, 20 % e-invoices, 30 % scans: {cpu:.2f} CPU s a document, {CORES * SECONDS_A_DAY / cpu:,.0f} a "
        f"day on {CORES} cores; {len(chosen)} such documents took {seconds:.1f} s with {CORES} workers, start included"
    )


def _some(files: Files, kinds: frozenset[str], count: int) -> list[Path]:
    """So many documents of some kinds, fewer where there are fewer: the same bytes are read once only."""
    return [path for kind in sorted(kinds) for path in files.get(kind, ())][:count]


def wait_told(files: Files, scratch: Path) -> Table:
    """How long a document of one page waits from drop to decision, by kind; the kinds come in turn."""
    short = {kind: [path for path in paths if is_one_page(path)] for kind, paths in files.items()}
    rounds = zip_longest(*([(kind, path) for path in paths] for kind, paths in short.items()))
    in_turn = [each for turn in rounds for each in turn if each]
    waits = latencies([path for _, path in in_turn], scratch)
    table = Table(title="Seconds from drop to decision, one page at a time", title_justify="left")
    for name in ("kinds", "documents", "median", "p95", "own CPU s, median", "rest, median", "rest, p95"):
        table.add_column(name, justify="left" if name == "kinds" else "right")
    for name, kinds in WAITING:
        of_kind = [wait for (kind, _), wait in zip(in_turn[1:], waits, strict=True) if kind in kinds]
        if len(of_kind) > 1:
            table.add_row(name, str(len(of_kind)), *map("{:.2f}".format, told_of(of_kind)))
    return table


def told_of(waits: Sequence[Wait]) -> Iterator[float]:
    """Median and p95 of the wait; the document's own CPU seconds; what the wait has beyond them."""
    seconds, cpu = [wait.seconds for wait in waits], [wait.cpu for wait in waits]
    rest = [wait.seconds - wait.cpu for wait in waits]
    yield from (median(seconds), _p95(seconds), median(cpu), median(rest), _p95(rest))


def _p95(values: list[float]) -> float:
    """Of few values the largest, where the 95th percentile would be drawn on beyond it."""
    return min(p95(values), max(values))


def is_one_page(path: Path) -> bool:
    """Whether a file is one page: a PDF by its pages, a picture by its frames; XML has none and counts too."""
    if path.suffix == ".xml":
        return True
    if path.suffix == ".pdf":
        with pikepdf.open(path) as document:
            return len(document.pages) == 1
    with Image.open(path) as image:
        return getattr(image, "n_frames", 1) == 1


if __name__ == "__main__":
    main()
