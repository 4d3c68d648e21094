"""The risk-coverage curve: how many documents may pass, and how many of those would be wrong."""

from collections.abc import Sequence
from itertools import accumulate, groupby

from pipeline.measure.scores import Share, share_of
from schemas.base import Value

POINTS = 200
"""At most so many points are kept of a curve."""

Risky = tuple[float, bool]
"""A document's risk by the machine's own word, and whether it is wrong."""


class Point(Value):
    """The documents of at most some risk."""

    risk: float
    """The highest risk among them."""
    coverage: float
    """Their share of all documents."""
    wrong: Share


class Coverage(Value):
    """Documents in the order of their risk (Geifman and El-Yaniv, Selective Classification, NeurIPS 2017)."""

    n: int
    points: tuple[Point, ...]
    """With growing coverage up to 1. Documents of one risk come together: nothing tells them apart."""
    area: float
    """Mean, over the documents, of the share that is wrong among those of at most its risk; lower is better."""
    operating: Point
    """What really went straight through; rules stop documents too, so it need not lie on the curve."""


def risk_coverage(documents: Sequence[Risky], through: Sequence[Risky]) -> Coverage | None:
    """The curve over all documents, and the point of those that went straight `through`; None of nothing."""
    n = len(documents)
    if not n:
        return None
    points = list(_points(sorted(documents), n))
    sizes = [point.wrong.of for point in points]
    steps = [size - before for before, size in zip([0, *sizes], sizes, strict=False)]
    return Coverage(
        n=n,
        points=tuple(_thinned(points)),
        area=sum(step * (point.wrong.rate or 0.0) for step, point in zip(steps, points, strict=True)) / n,
        operating=Point(
            risk=max((risk for risk, _ in through), default=0.0),
            coverage=len(through) / n,
            wrong=share_of(sum(wrong for _, wrong in through), len(through)),
        ),
    )


def _points(ordered: Sequence[Risky], n: int) -> list[Point]:
    groups = [(risk, [wrong for _, wrong in members]) for risk, members in groupby(ordered, key=lambda one: one[0])]
    taken = accumulate(len(members) for _, members in groups)
    wrong = accumulate(sum(members) for _, members in groups)
    return [
        Point(risk=risk, coverage=of / n, wrong=share_of(count, of))
        for (risk, _), of, count in zip(groups, taken, wrong, strict=True)
    ]


def _thinned(points: Sequence[Point]) -> list[Point]:
    """Evenly chosen points, the first and the last among them."""
    if len(points) <= POINTS:
        return list(points)
    return [points[round(index * (len(points) - 1) / (POINTS - 1))] for index in range(POINTS)]
