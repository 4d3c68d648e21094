"""How rows become figures; pure. Each function gives the work of one form of key figure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from scipy.stats import binom

from pipeline.measure.kpi.model import Figure, Prices, Row, Work
from pipeline.measure.scores import CERTAINTY, clopper_pearson

PERCENTILES = (50, 90, 99)
MILLISECONDS = 1000.0
HOUR = 3600.0


def counts(scale: float = 1.0, of_total: bool = False) -> Work:
    """How many there are of each slice, or what they add up to divided by `scale`, largest first."""

    def work(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
        found = [
            Figure(slice=row.slice, label=row.label, value=(row.total / scale if of_total else row.n), n=row.n)
            for row in rows
        ]
        return tuple(sorted(found, key=lambda one: (-(one.value or 0), one.slice)))

    return work


def shares(scale: Callable[[Row], str] = lambda row: row.slice, together: bool = False) -> Work:
    """`total` of `n` of each slice with its exact interval, most frequent first; `together`: of all slices first."""

    def work(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
        found = [share(row.n, row.total, scale(row), row.label) for row in rows]
        found.sort(key=lambda one: (-one.n, one.slice))
        everything = [share(sum(row.n for row in rows), sum(row.total for row in rows))] if together and rows else []
        return (*everything, *found)

    return work


def client_shares(rows: Sequence[Row], prices: Prices) -> tuple[Figure, ...]:
    """The same of each client."""
    return shares(lambda row: str(row.at))(rows, prices)


def ranked(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
    """A Pareto list: how often each slice occurs, commonest first; `count` are those that have no other."""
    found = (Figure(slice=row.slice, value=float(row.n), n=row.n, count=row.total) for row in rows)
    return tuple(sorted(found, key=lambda one: (-one.n, one.slice)))


def means(scale: float = MILLISECONDS) -> Work:
    """The mean of each slice."""

    def work(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
        return tuple(
            Figure(slice=row.slice, value=row.total / scale / row.n if row.n else None, n=row.n) for row in rows
        )

    return work


def ratio(part: str, whole: str) -> Work:
    """Occurrences of one measure among those of another, with the exact interval."""

    def work(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
        n = _sum(rows, whole)
        return (share(n, min(n, _sum(rows, part))),)

    return work


def percentiles(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
    """Percentiles of rounded times in seconds, by nearest rank, each with its interval by order statistics."""
    times = sorted((int(row.slice) / MILLISECONDS, row.n) for row in rows)
    n = sum(count for _, count in times)
    return tuple(_percentile(times, n, percent) for percent in PERCENTILES) if n else ()


def throughput(of_pages: bool) -> Work:
    """Files or pages: all, a day and an hour on which there was work, and the most of a day and of an hour."""

    def work(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
        hours = {(row.at, row.slice): row.total if of_pages else row.n for row in rows}
        days: dict[date | str, int] = defaultdict(int)
        for (day, _), number in hours.items():
            days[day] += number
        everything, files = sum(days.values()), sum(row.n for row in rows)
        if not everything:
            return (Figure(slice="all", value=0.0, n=files),)
        values = {
            "all": everything,
            "a day": everything / len(days),
            "an hour": everything / len(hours),
            "most a day": max(days.values()),
            "most an hour": max(hours.values()),
        }
        return tuple(Figure(slice=name, value=float(value), n=files) for name, value in values.items())

    return work


def cost(rows: Sequence[Row], prices: Prices) -> tuple[Figure, ...]:
    """Cost of the machine, of people, of the posting robot, and of all three, divided by the files decided."""
    files = sum(row.n for row in rows if row.measure == "documents")
    hourly = {
        "machine": ("cpu", prices.machine_hour),
        "people": ("operator", prices.operator_hour),
        "posting": ("posted", prices.machine_hour),
    }
    spent = {
        name: sum(row.total for row in rows if row.measure == measure) / MILLISECONDS / HOUR * float(price)
        for name, (measure, price) in hourly.items()
    }
    parts: Mapping[str, float] = {"": sum(spent.values()), **spent}
    return tuple(
        Figure(slice=name, value=value / files if files else None, n=files, currency=prices.currency)
        for name, value in parts.items()
    )


def waiting(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
    """All that wait, those of them that are late, and how many by age."""
    together = (("all", sum(row.n for row in rows)), ("late", sum(row.total for row in rows)))
    ages = tuple(Figure(slice=row.slice, value=float(row.n), n=row.n) for row in rows)
    return (*(Figure(slice=name, value=float(number), n=number) for name, number in together), *ages)


def duplicates(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
    """Files seen again, invoices refused as duplicates, and their value in each currency."""
    refused = [row for row in rows if row.measure == "duplicate"]
    again, number = _sum(rows, "seen_again"), sum(row.n for row in refused)
    values = (
        Figure(slice="value", label=row.slice, value=row.total / 100, n=row.n, currency=row.slice) for row in refused
    )
    return (
        Figure(slice="seen again", value=float(again), n=again),
        Figure(slice="refused", value=float(number), n=number),
        *values,
    )


def discounts(rows: Sequence[Row], _prices: Prices) -> tuple[Figure, ...]:
    """The share that was kept of those that were promised, and what was kept and lost in each currency."""
    kept, lost = _sum(rows, "discount.kept"), _sum(rows, "discount.lost")
    if not kept + lost:
        return ()
    values = (
        Figure(slice=f"{row.measure} {row.slice}", label=row.slice, value=row.total / 100, n=row.n, currency=row.slice)
        for row in rows
    )
    return (share(kept + lost, kept), *values)


def share(n: int, count: int, name: str = "", label: str = "") -> Figure:
    """`count` of `n` with the exact 95 % interval."""
    low, high = clopper_pearson(count, n)
    return Figure(slice=name, label=label, value=count / n if n else None, n=n, count=count, low=low, high=high)


def _sum(rows: Iterable[Row], measure: str) -> int:
    return sum(row.n for row in rows if row.measure == measure)


def _percentile(times: Sequence[tuple[float, int]], n: int, percent: int) -> Figure:
    """By nearest rank; the ranks of the interval are quantiles of the binomial distribution (Hahn and Meeker, 1991)."""
    tail = (1 - CERTAINTY) / 2
    low, high = (int(binom.ppf(edge, n, percent / 100)) for edge in (tail, 1 - tail))
    return Figure(
        slice=f"p{percent}",
        value=_at_rank(times, -(-n * percent // 100)),
        n=n,
        low=_at_rank(times, max(1, low)),
        high=_at_rank(times, min(n, high + 1)),
    )


def _at_rank(times: Sequence[tuple[float, int]], rank: int) -> float:
    seen = 0
    for time, count in times:
        seen += count
        if seen >= rank:
            return time
    return times[-1][0]
