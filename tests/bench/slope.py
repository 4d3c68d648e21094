"""What a document costs in CPU when a few, many and very many are put through: `python -m tests.bench.slope`.

The documents are e-invoices, whose reading is cheap, so that what may grow with their number shows: intake, ledger,
duplicates, events, known suppliers. Each batch goes into a home of its own; a batch of one document is taken off,
which is the program's start. CPU seconds of `backoffice process` with all its children.
"""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from samples.generate import generate
from tests.bench.pages import BACKOFFICE, cpu_of

KINDS = ("ubl", "cii")
SEED = 77003


def main() -> None:
    """Measure each number of documents, and print what one costs."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.slope", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1_000, 10_000])
    given = parser.parse_args()
    table = Table(title="CPU milliseconds a document, without the program's start", title_justify="left")
    for name in ("documents", "CPU ms a document", f"over that of {given.counts[0]}"):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory(prefix="backoffice-slope-") as scratch:
        files = written(max(given.counts), Path(scratch) / "files")
        start = cpu_seconds(files[:1], Path(scratch) / "one")
        each = [(cpu_seconds(files[:count], Path(scratch) / str(count)) - start) / count for count in given.counts]
    for count, seconds in zip(given.counts, each, strict=True):
        table.add_row(f"{count:,}", f"{1000 * seconds:.1f}", f"{seconds / each[0] - 1:+.1%}")
    Console().print(table)


def written(count: int, folder: Path) -> list[Path]:
    """So many e-invoices."""
    folder.mkdir()
    for sample in generate(SEED, count, kinds=KINDS):
        (folder / sample.file).write_bytes(sample.content)
    return sorted(folder.iterdir())


def cpu_seconds(files: list[Path], home: Path) -> float:
    """CPU seconds of a batch; its files are linked into a folder, since 10,000 names do not fit into a command."""
    batch = home / "batch"
    batch.mkdir(parents=True)
    for file in files:
        (batch / file.name).hardlink_to(file)
    return cpu_of(BACKOFFICE, "process", "--workers", "1", "--home", str(home / "home"), str(batch))


if __name__ == "__main__":
    main()
