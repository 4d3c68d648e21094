"""What a document of each kind costs in CPU seconds, over bare Tesseract on the same pages, measured in one run.

A kind's cost is that of `backoffice process` on all of its files less that on the first of them, by the number of the
others: the program's start and the loading of models are paid once a batch and left out. What is counted is everything
else: rendering, preprocessing, every pass of a reader, extraction, rules, archive and database.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from tests.bench.pages import BACKOFFICE, bare_cpu, cpu_of, rendered

E_INVOICES = frozenset(("facturx", "ubl", "cii"))
NATIVE = frozenset(("native",))
READ_FROM_PIXELS = frozenset(("scan", "degraded", "photo", "fax", "tiff"))
MIX: tuple[tuple[float, frozenset[str]], ...] = ((0.5, NATIVE), (0.2, E_INVOICES), (0.3, frozenset(("scan",))))
"""Half native PDFs, a fifth e-invoices, the rest scans."""
CORES = 2
SECONDS_A_DAY = 86_400


class Cost(NamedTuple):
    """CPU seconds of a kind of documents, and of bare Tesseract on their pages (of kinds read from pixels)."""

    kind: str
    documents: int
    pages: int
    seconds: float
    bare: float | None

    @property
    def over_bare(self) -> float | None:
        """How many times bare Tesseract."""
        return None if self.bare is None else self.seconds * self.documents / self.bare

    @property
    def a_day(self) -> float:
        """Documents a day on all cores."""
        return CORES * SECONDS_A_DAY / self.seconds


def costs(files: Mapping[str, Sequence[Path]]) -> Iterator[Cost]:
    """What a document of each kind costs; of every kind there must be two files or more."""
    with tempfile.TemporaryDirectory(prefix="backoffice-bench-") as scratch:
        for kind, (first, *others) in files.items():
            alone = _cpu_of_processing([first], Path(scratch) / f"{kind}-first")
            seconds = _cpu_of_processing([first, *others], Path(scratch) / kind) - alone
            pages, bare = _tesseract_on(others, Path(scratch)) if kind in READ_FROM_PIXELS else (0, None)
            yield Cost(kind, len(others), pages, seconds / len(others), bare)


def mixed(each: Iterable[Cost]) -> float:
    """CPU seconds a document of the mix."""
    known = list(each)
    return sum(share * fmean([cost.seconds for cost in known if cost.kind in kinds]) for share, kinds in MIX)


def _cpu_of_processing(files: Sequence[Path], scratch: Path) -> float:
    home, out = scratch / "home", scratch / "out.jsonl"
    return cpu_of(BACKOFFICE, "process", "--workers", "1", "--home", str(home), "--out", str(out), *map(str, files))


def _tesseract_on(files: Iterable[Path], scratch: Path) -> tuple[int, float]:
    pages = [page for file in files for page in rendered(file, scratch)]
    return len(pages), bare_cpu(pages)
