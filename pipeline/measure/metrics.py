"""The state of the house for Prometheus: totals since the beginning, what waits now, and the quality watch.

The one home of prometheus_client. Totals are sums of the tallies, so every process tells the same and a restart loses
nothing. Rates and shares are made in Prometheus, such as
`rate(backoffice_straight_through_total[1d]) / rate(backoffice_invoices_total[1d])`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.measure.watch import Quality, see
from pipeline.ports import Clock
from pipeline.review.flow import DONE
from pipeline.store.database import Database
from pipeline.store.posting_tables import PostingJobRow
from pipeline.store.tables import ClientRow, ReviewItemRow
from pipeline.store.tally_tables import TallyRow

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Counter(NamedTuple):
    """A total: of which measure, n or total divided by `scale`, and what its slices are."""

    name: str
    says: str
    measure: str
    scale: float | None = None
    slice: str | None = None


_COUNTERS = (
    _Counter("documents", "Files decided by the machine", "documents"),
    _Counter("pages", "Pages of the invoices decided", "documents", 1),
    _Counter("invoices", "Invoices decided by the machine", "straight_through"),
    _Counter("straight_through", "Invoices that went straight through", "straight_through", 1),
    _Counter("decisions", "Decisions of the machine", "decided", slice="decision"),
    _Counter("reasons", "Invoices held, by reason; one may have several", "reason", slice="code"),
    _Counter("touched", "Invoices that a person took in hand", "touched"),
    _Counter("person_decisions", "Decisions of people", "person", slice="decision"),
    _Counter("operator_seconds", "Seconds of people's work", "operator", 1000, "kind"),
    _Counter("late_decisions", "Invoices decided by people after their deadline", "sla", 1),
    _Counter("cpu_seconds", "CPU seconds of reading", "cpu", 1000),
    _Counter("samples", "Straight-through invoices keyed again, blind", "sample"),
    _Counter("samples_wrong", "Samples found wrong", "sample", 1),
    _Counter("reviews", "Reviews that ended in a record", "correction"),
    _Counter("reviews_corrected", "Reviews with a wrong posting-critical field", "correction", 1),
    _Counter("posted", "Invoices posted", "posted", slice="target"),
    _Counter("posting_seconds", "Seconds of the attempts that posted", "posted", 1000, "target"),
    _Counter("posting_stopped", "Postings that needed somebody", "posting_dead", slice="code"),
    _Counter("refused", "Files not taken in", "refused", slice="code"),
    _Counter("seen_again", "Files whose bytes were there already", "seen_again"),
)
_TIMES = {"to_decision": "time_to_decision", "to_posting": "time_to_posting", "operator_time": "operator_time"}
_BUCKETS = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 48 * 3600, 7 * 24 * 3600)
_MEASURES = sorted({one.measure for one in _COUNTERS} | set(_TIMES))
Sums = dict[str, list[tuple[str, str, int, int]]]
"""Client, slice, n and total, by measure."""


def metrics_text(database: Database, clock: Clock, default_target: float) -> bytes:
    """All metrics in the text format of Prometheus. Raises StoreError."""
    registry = CollectorRegistry()
    registry.register(_House(database, clock, default_target))
    return generate_latest(registry)


class _House(Collector):
    """Asks the database once for each scrape."""

    def __init__(self, database: Database, clock: Clock, default_target: float) -> None:
        self._database = database
        self._clock = clock
        self._target = default_target

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Everything."""
        with self._database.reading() as session:
            clients = session.scalars(select(ClientRow.id).order_by(ClientRow.id)).all()
            sums = _sums(session)
            yield from (_counted(one, sums[one.measure]) for one in _COUNTERS)
            yield from (_timed(name, sums[measure]) for measure, name in _TIMES.items())
            yield from self._queue(session)
            yield _postings(session)
        yield from _quality(see(self._database, self._clock, clients, self._target))

    def _queue(self, session: Session) -> Iterator[Metric]:
        now, row = self._clock.now(), ReviewItemRow
        families = [
            GaugeMetricFamily(f"backoffice_queue_{name}", says, labels=["client"])
            for name, says in (
                ("items", "Invoices that wait for a person or are being worked on"),
                ("late", "Those past their deadline"),
                ("oldest_seconds", "Age of the oldest of them"),
            )
        ]
        late = func.count().filter(row.deadline < now)
        query = select(row.client_id, func.count(), late, func.min(row.created_at))
        is_open = row.state.not_in([state.value for state in DONE])
        for client, number, overdue, oldest in session.execute(query.where(is_open).group_by(row.client_id)):
            for family, value in zip(families, (number, overdue, (now - oldest).total_seconds()), strict=True):
                family.add_metric([client], value)
        yield from families


def _sums(session: Session) -> Sums:
    row, sums = TallyRow, defaultdict[str, list[tuple[str, str, int, int]]](list)
    query = select(row.client_id, row.measure, row.slice, func.sum(row.n), func.sum(row.total))
    query = query.where(row.measure.in_(_MEASURES), row.by_month.is_(True)).group_by(
        row.client_id, row.measure, row.slice
    )
    for client, measure, slice_, n, total in session.execute(query):
        sums[measure].append((client, slice_, int(n), int(total)))
    return sums


def _counted(counter: _Counter, rows: Iterable[tuple[str, str, int, int]]) -> Metric:
    labels = ["client", *([counter.slice] if counter.slice else [])]
    family = CounterMetricFamily(f"backoffice_{counter.name}", counter.says, labels=labels)
    values: dict[tuple[str, ...], float] = defaultdict(float)
    for client, slice_, n, total in rows:
        key: tuple[str, ...] = (client, slice_) if counter.slice else (client,)
        values[key] += n if counter.scale is None else total / counter.scale
    for labelled, value in sorted(values.items()):
        family.add_metric(labelled, value)
    return family


def _timed(name: str, rows: Iterable[tuple[str, str, int, int]]) -> Metric:
    """A histogram of rounded times; its sum is that of the rounded times."""
    family = HistogramMetricFamily(f"backoffice_{name}_seconds", "Rounded by 5 % at most", labels=["client"])
    times: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for client, slice_, n, _ in rows:
        times[client].append((int(slice_) / 1000, n))
    for client, own in sorted(times.items()):
        buckets = [(str(float(edge)), sum(n for time, n in own if time <= edge)) for edge in _BUCKETS]
        buckets.append(("+Inf", sum(n for _, n in own)))
        family.add_metric([client], buckets, sum(time * n for time, n in own))
    return family


def _postings(session: Session) -> Metric:
    family = GaugeMetricFamily("backoffice_postings", "Posting jobs by state", labels=["client", "state"])
    row = PostingJobRow
    query = select(row.client_id, row.state, func.count()).group_by(row.client_id, row.state)
    for client, state, number in session.execute(query):
        family.add_metric([client, state], number)
    return family


def _quality(quality: Quality) -> Iterator[Metric]:
    labels = ["client", "by", "name"]
    bound = GaugeMetricFamily(
        "backoffice_quality_error_bound", "At least so many posted fields are wrong (99 %, from samples)", labels=labels
    )
    exceeded = GaugeMetricFamily("backoffice_quality_exceeded", "1 where that is above the target", labels=labels)
    for one in quality.checked:
        if one.by != "supplier" or one.wrong:  # suppliers without a wrong sample would be thousands of zeros
            bound.add_metric([one.client_id, one.by, one.label], one.bound)
            exceeded.add_metric([one.client_id, one.by, one.label], float(one.is_exceeded))
    yield from (bound, exceeded)
    for name, says, clients in (
        ("supplier_limits", "Suppliers of whose invoices more certainty is asked", [one for one, _ in quality.limits]),
        ("drifts", "Rates that changed more than chance explains", [one.client_id for one in quality.drifts]),
    ):
        family = GaugeMetricFamily(f"backoffice_{name}", says, labels=["client"])
        for client in sorted(set(clients)):
            family.add_metric([client], clients.count(client))
        yield family
