"""Whether a document costs more when many were put through before: `python -m tests.bench.slope`.

A home grows to `--total` documents in `--steps`. The last `--measured` documents of each step are put through twice,
right after each other: into the home as it has grown, and into an empty one, which comes first in every second step. So
what differs is the home alone, and not what the machine does besides. The documents are e-invoices, whose reading is
cheap, so that what may grow with their number shows: intake, ledger, duplicates, events, known suppliers. CPU seconds
of `backoffice process` with all its children, its start included.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from samples.generate import generate
from tests.bench.pages import BACKOFFICE, cpu_of
from tests.bench.timing import slope

KINDS = ("ubl", "cii")
SEED = 77003


class Step(NamedTuple):
    """CPU seconds of the same documents in a home that holds `held` before them, and in an empty one."""

    held: int
    grown: float
    empty: float

    @property
    def dearer(self) -> float:
        """How much more they cost in the grown home, as a share."""
        return self.grown / self.empty - 1


def main() -> None:
    """Grow a home, and print what a document costs at each size and how that changes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.slope", description=__doc__)
    parser.add_argument("--total", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--measured", type=int, default=250)
    given = parser.parse_args()
    table = Table(title="CPU milliseconds a document, the program's start included", title_justify="left")
    for name in ("held before", "in this home", "in an empty one", "dearer by"):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory(prefix="backoffice-slope-") as scratch:
        steps = list(grown(Path(scratch), given.total, given.total // given.steps, given.measured))
    for step in steps:
        costs = (f"{1000 * seconds / given.measured:.1f}" for seconds in (step.grown, step.empty))
        table.add_row(f"{step.held:,}", *costs, f"{step.dearer:+.1%}")
    Console().print(table, told(steps))


def grown(scratch: Path, total: int, step: int, measured: int) -> Iterator[Step]:
    """Put all documents through, and the last ones of each step a second time."""
    files = written(total, scratch / "files")
    for at in range(0, total, step):
        held = at + step - measured
        cpu_seconds(files[at:held], scratch / "home")
        homes = [scratch / "home", scratch / f"empty-{at}"]
        if at % (2 * step):
            homes.reverse()
        seconds = {home.name: cpu_seconds(files[held : at + step], home) for home in homes}
        yield Step(held, seconds["home"], seconds[f"empty-{at}"])


def told(steps: Sequence[Step]) -> str:
    """The straight line through the steps, over 10,000 documents, with its 95 % interval."""
    more, low, high = slope([step.held / 10_000 for step in steps], [step.dearer for step in steps])
    return f"With 10,000 documents more a document costs {more:+.1%} (95 % interval {low:+.1%} to {high:+.1%})."


def written(count: int, folder: Path) -> list[Path]:
    """So many e-invoices."""
    folder.mkdir()
    for sample in generate(SEED, count, kinds=KINDS):
        (folder / sample.file).write_bytes(sample.content)
    return sorted(folder.iterdir())


def cpu_seconds(files: Sequence[Path], home: Path) -> float:
    """CPU seconds of a batch; its files are linked into a folder, since thousands of names do not fit a command."""
    with tempfile.TemporaryDirectory(dir=files[0].parent.parent) as batch:
        for file in files:
            (Path(batch) / file.name).hardlink_to(file)
        return cpu_of(BACKOFFICE, "process", "--workers", "1", "--home", str(home), batch)


if __name__ == "__main__":
    main()
