"""What the work costs: CPU seconds a document and a page, stage by stage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from schemas.base import Value

WHOLE = "all"
"""The name of all stages together."""


class Cost(Value):
    """CPU seconds of one stage."""

    files: int
    mean: float
    median: float
    p90: float
    p99: float
    highest: float
    page: float | None
    """Seconds a page, over the files whose pages are known."""


class Spent(Value):
    """What one file took: CPU seconds by stage, and its pages (0: not known)."""

    stages: Mapping[str, float]
    pages: int


def costs(files: Iterable[Spent]) -> dict[str, Cost]:
    """The cost of all stages together and of each; files whose time is not known are left out."""
    known = [file for file in files if file.stages]
    spent: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for file in known:
        for stage, seconds in ((WHOLE, sum(file.stages.values())), *file.stages.items()):
            spent[stage].append((seconds, file.pages))
    return {stage: _cost(values) for stage, values in spent.items()}


def _cost(values: list[tuple[float, int]]) -> Cost:
    seconds = np.array([value for value, _ in values])
    median, p90, p99 = map(float, np.percentile(seconds, (50, 90, 99)))
    paged = [(value, pages) for value, pages in values if pages]
    return Cost(
        files=len(values),
        mean=float(seconds.mean()),
        median=median,
        p90=p90,
        p99=p99,
        highest=float(seconds.max()),
        page=sum(value for value, _ in paged) / sum(pages for _, pages in paged) if paged else None,
    )
