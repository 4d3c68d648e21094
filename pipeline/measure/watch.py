"""Watches the quality: is more posted wrong than the target allows, and has anything drifted? See docs/adr/0018.

Wrong means: found wrong by a person who keyed a straight-through invoice again, blind. That an invoice is wrong is one
observation, however many of its fields are, for they are not independent. At least one of its posting-critical fields
is wrong then, so the share of wrong fields is at least the share of wrong invoices divided by the number of those
fields. When the exact lower bound of that is above the target, the target is exceeded.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from typing import NamedTuple

from scipy.special import betaincinv, ndtr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.house.clients import Clients
from pipeline.ports import Clock
from pipeline.store import trail
from pipeline.store.database import Database
from pipeline.store.tables import EventRow
from pipeline.store.tally_tables import TallyRow
from pipeline.suppliers.limits import Limits
from schemas.limit import Limit
from schemas.people import SYSTEM
from schemas.terms import POSTING_CRITICAL

CERTAINTY = 0.99
"""One-sided, for the bound is looked at after every sample, not once."""
WINDOW = timedelta(days=90)
"""Samples older than that say nothing of today."""
RECENT, LEAST_RECENT, LEAST_BEFORE = timedelta(days=14), 20, 50
"""Drift: the last two weeks against the `WINDOW` before them, where there are so many invoices in each."""
CHANCE = 0.01
"""That any drift is told where there is none, over all that were compared (Holm)."""
SILENCE = timedelta(days=7)
"""The same alert is not told again so soon."""
FIELDS = len(POSTING_CRITICAL)


class Checked(NamedTuple):
    """Samples of one supplier, model version, or ("") of a client."""

    client_id: str
    by: str
    """supplier, model or client."""
    name: str
    label: str
    checked: int
    wrong: int
    target: float
    today: tuple[int, int] = (0, 0)
    """Those of today, checked and wrong."""
    reviews_all: bool = False
    """Whether nothing of the supplier goes straight through any more."""

    @property
    def bound(self) -> float:
        """At least so large is the share of wrong posting-critical fields, with `CERTAINTY`."""
        return lower_bound(self.wrong, self.checked) / FIELDS

    @property
    def is_exceeded(self) -> bool:
        """Whether more is wrong than the target allows."""
        return self.bound > self.target


class Drift(NamedTuple):
    """A rate that changed more than chance explains. Before and now: rate and number of invoices."""

    client_id: str
    measure: str
    """confidence, straight_through or correction."""
    by: str
    name: str
    label: str
    before: tuple[float, int]
    now: tuple[float, int]
    chance: float


class Quality(NamedTuple):
    """What the watch sees of some clients."""

    checked: tuple[Checked, ...]
    drifts: tuple[Drift, ...]
    limits: tuple[tuple[str, Limit], ...]
    """Those that are on, each with its client."""


def lower_bound(wrong: int, checked: int, certainty: float = CERTAINTY) -> float:
    """The exact one-sided lower bound of a share (Clopper and Pearson, Biometrika 26, 1934)."""
    return float(betaincinv(wrong, checked - wrong + 1, 1 - certainty)) if wrong else 0.0


def watch(database: Database, clock: Clock, default_target: float, tighten: bool = True) -> tuple[Checked, ...]:
    """Look at all clients, and act on each supplier of which too much is posted wrong; returns what was exceeded.

    Events: "quality_alert", and "supplier_tightened" where the supplier's limit was tightened. Raises StoreError.
    """
    clients = [one.id for one in Clients(database, clock).all()]
    found = tuple(one for one in see(database, clock, clients, default_target).checked if one.is_exceeded)
    for one in found:
        may_tighten = tighten and one.by == "supplier" and not one.reviews_all
        _tell(database, clock.now(), one, again=may_tighten)
        if may_tighten:
            limits = Limits(database, clock, one.client_id)
            limits.tighten(one.name, one.label, one.target, why(one), one.today, SYSTEM.user)
    return found


def see(database: Database, clock: Clock, clients: Collection[str], default_target: float) -> Quality:
    """What the samples and the rates say now; changes nothing. Raises StoreError."""
    today = clock.now().astimezone(UTC).date()
    checked: list[Checked] = []
    drifts: list[Drift] = []
    limits: list[tuple[str, Limit]] = []
    for client in Clients(database, clock).all():
        client_id = client.id
        if client_id not in clients:
            continue
        known = Limits(database, clock, client_id).newest()
        limits += [(client_id, one) for one in known.values() if one.target_error is not None]
        with database.reading() as session:
            checked += _checked(session, client_id, client.target_error(default_target), today, known)
            drifts += _drifts(session, client_id, today)
    return Quality(tuple(checked), tuple(_unlikely(drifts)), tuple(limits))


def today_of(database: Database, clock: Clock, client_id: str, supplier: str) -> tuple[int, int]:
    """The samples of a supplier today (UTC), checked and wrong; what a change of its limit leaves behind."""
    query = select(func.sum(TallyRow.n), func.sum(TallyRow.total)).where(
        TallyRow.client_id == client_id,
        TallyRow.measure == "sample.supplier",
        TallyRow.by_month.is_(False),
        TallyRow.day == clock.now().astimezone(UTC).date(),
        TallyRow.slice == supplier,
    )
    with database.reading() as session:
        n, wrong = session.execute(query).one()
    return int(n or 0), int(wrong or 0)


def why(one: Checked) -> str:
    """What was found, in a sentence that a clerk understands."""
    return (
        f"Of {one.checked} straight-through invoices of {one.label or one.name} that were keyed again, {one.wrong} "
        f"were wrong: with {CERTAINTY:.0%} certainty at least {one.bound:.2%} of the posted fields, where "
        f"{one.target:.2%} may be."
    )


def _checked(
    session: Session, client_id: str, target: float, today: date, limits: dict[str, Limit]
) -> Iterator[Checked]:
    """The samples of the last `WINDOW`; of a supplier those since its limit was changed."""
    row, first = TallyRow, today - WINDOW
    of = (row.client_id == client_id, row.by_month.is_(False), row.day >= first)
    for by, measure in (("client", "sample"), ("model", "sample.model")):
        sums = select(row.slice, func.sum(row.n), func.sum(row.total)).where(*of, row.measure == measure)
        for name, n, wrong in session.execute(sums.group_by(row.slice)):
            yield Checked(client_id, by, name, name, int(n), int(wrong), target)
    days = select(row.slice, row.day, row.n, row.total, row.label).where(*of, row.measure == "sample.supplier")
    suppliers: dict[str, list[tuple[date, int, int, str]]] = {}
    for name, *rest in session.execute(days.order_by(row.day)):
        suppliers.setdefault(name, []).append((rest[0], int(rest[1]), int(rest[2]), rest[3]))
    for name, rows in suppliers.items():
        yield _of_supplier(client_id, name, rows, target, today, limits.get(name))


def _of_supplier(
    client_id: str,
    name: str,
    rows: Sequence[tuple[date, int, int, str]],
    target: float,
    today: date,
    limit: Limit | None,
) -> Checked:
    since = limit.at.astimezone(UTC).date() if limit else date.min
    counted = [one for one in rows if one[0] >= since]
    n, wrong = sum(one[1] for one in counted), sum(one[2] for one in counted)
    if limit and counted and counted[0][0] == since:  # what was judged already on the day of the limit
        n, wrong = n - limit.day_checked, wrong - limit.day_wrong
    now = next(((one[1], one[2]) for one in rows if one[0] == today), (0, 0))
    is_closed = limit is not None and limit.reviews_all
    return Checked(client_id, "supplier", name, rows[-1][3], n, wrong, target, now, is_closed)


def _tell(database: Database, at: datetime, one: Checked, again: bool) -> None:
    """Write the alert, unless the same was written lately and need not be `again`."""
    with database.writing() as session:
        lately = select(EventRow).where(EventRow.kind == "quality_alert", EventRow.at >= at - SILENCE)
        told = session.scalars(lately.where(EventRow.client_id == one.client_id))
        if not again and any((row.data["by"], row.data["name"]) == (one.by, one.name) for row in told):
            return
        data = {"by": one.by, "name": one.name, "label": one.label, "checked": one.checked, "wrong": one.wrong}
        data |= {"bound": round(one.bound, 6), "target": one.target, "why": why(one)}
        trail.append(session, at, "quality_alert", None, one.client_id, SYSTEM.user, data)


def _drifts(session: Session, client_id: str, today: date) -> Iterator[Drift]:
    """Each rate of each supplier and model version, the last days against those before; likely ones too."""
    row, turn = TallyRow, today - RECENT
    is_recent = row.day >= turn
    sums = [func.sum(column).filter(when) for when in (~is_recent, is_recent) for column in (row.n, row.total)]
    for measure, scale in (("confidence", 1_000_000), ("straight_through", 1), ("correction", 1)):
        for by in ("supplier", "model"):
            query = (
                select(row.slice, func.max(row.label), *sums)
                .where(
                    row.client_id == client_id,
                    row.measure == f"{measure}.{by}",
                    row.by_month.is_(False),
                    row.day >= turn - WINDOW,
                )
                .group_by(row.slice)
                .having(sums[0] >= LEAST_BEFORE, sums[2] >= LEAST_RECENT)
            )
            for name, label, *numbers in session.execute(query):
                n, total, new_n, new_total = map(int, numbers)
                before, now = (total / scale / n, n), (new_total / scale / new_n, new_n)
                yield Drift(client_id, measure, by, name, label or name, before, now, by_chance(before, now))


def by_chance(before: tuple[float, int], now: tuple[float, int]) -> float:
    """How likely two means so far apart are of the same thing: two-sided z-test of two shares, pooled.

    A value between 0 and 1 varies no more than a share with the same mean, so for a confidence it errs on the side of
    silence.
    """
    (one, n), (other, m) = before, now
    pooled = (one * n + other * m) / (n + m)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(2 * ndtr(-abs(one - other) / spread)) if spread else 1.0


def _unlikely(drifts: Sequence[Drift]) -> Iterator[Drift]:
    """Those that chance does not explain, however many were compared (Holm, 1979); least likely first."""
    ordered = sorted(drifts, key=lambda one: one.chance)
    for index, one in enumerate(ordered):
        if one.chance > CHANCE / (len(ordered) - index):
            return
        yield one
