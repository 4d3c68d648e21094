"""What the desk tells about itself: what waits, what was decided, how long it took, how samples came out."""

from collections.abc import Collection
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pipeline.review.flow import OPEN, State
from pipeline.review.worked import seconds_of, worktimes
from pipeline.review.worktime import IDLE_CUT
from pipeline.store.review_tables import FinalRecordRow, ReviewWorkRow
from pipeline.store.tables import ReviewItemRow


class Samples(NamedTuple):
    """Straight-through invoices that people keyed again. `wrong` ones differ from what was posted."""

    drawn: int
    checked: int
    wrong: int


class Stats(NamedTuple):
    """Counts of one desk, or of some of its clients."""

    states: dict[str, int]
    overdue: int
    """Open items whose deadline is past."""
    oldest: datetime | None
    """When the oldest open item came in."""
    decided: dict[str, int]
    """Decisions since the given time, by kind."""
    reasons: dict[str, int]
    """Rejections since then, by code."""
    worked: int
    """Documents decided since then of which the work was measured."""
    median_seconds: float | None
    """Median seconds of work on one of them, all persons together, without idle gaps."""
    median_first_key: float | None
    """Median seconds from opening to the first key, where something was typed."""
    samples: Samples


def stats(
    session: Session, clients: Collection[str], now: datetime, since: datetime, idle_cut: timedelta = IDLE_CUT
) -> Stats:
    """Count what belongs to these clients."""
    mine = ReviewItemRow.client_id.in_(sorted(clients))
    late = func.count().filter(ReviewItemRow.deadline < now)
    counts = select(ReviewItemRow.state, func.count(), late, func.min(ReviewItemRow.created_at)).where(mine)
    states = {state: rest for state, *rest in session.execute(counts.group_by(ReviewItemRow.state))}
    is_open = [states[state] for state in (*OPEN, State.CLAIMED, State.POSTPONED) if state in states]
    final = _decided_since(clients, since)
    why = select(FinalRecordRow.reason, func.count()).where(*final, FinalRecordRow.reason.is_not(None))
    seconds, first = work_seconds(session, clients, since, idle_cut)
    return Stats(
        states={state: count for state, (count, _, _) in states.items()},
        overdue=sum(late for _, late, _ in is_open),
        oldest=min((oldest for _, _, oldest in is_open), default=None),
        decided=decisions(session, clients, since),
        reasons={str(code): count for code, count in session.execute(why.group_by("reason"))},
        worked=len(seconds),
        median_seconds=median(seconds) if seconds else None,
        median_first_key=median(first) if first else None,
        samples=_samples(session, clients),
    )


def decisions(session: Session, clients: Collection[str], since: datetime) -> dict[str, int]:
    """How many records of these clients people decided since then, by kind."""
    final = _decided_since(clients, since)
    found = session.execute(select(FinalRecordRow.decision, func.count()).where(*final).group_by("decision"))
    return dict(found.tuples().all())


def _decided_since(clients: Collection[str], since: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return FinalRecordRow.client_id.in_(sorted(clients)), FinalRecordRow.decided_at >= since


def work_seconds(
    session: Session, clients: Collection[str], since: datetime, idle_cut: timedelta = IDLE_CUT
) -> tuple[list[float], list[float]]:
    """Seconds of work, and to the first key, of every item of these clients decided since then, idle gaps left out."""
    decided = select(FinalRecordRow.item_id).where(*_decided_since(clients, since))
    times = worktimes(session, ReviewWorkRow.item_id.in_(decided), idle_cut).values()
    keyed = [one.until_first_key for people in times for one in people if one.until_first_key is not None]
    return [seconds_of(people) for people in times], [one.total_seconds() for one in keyed]


def _samples(session: Session, clients: Collection[str]) -> Samples:
    mine = (ReviewItemRow.client_id.in_(sorted(clients)), ReviewItemRow.is_sample)
    drawn = session.scalar(select(func.count()).select_from(ReviewItemRow).where(*mine)) or 0
    checked = select(FinalRecordRow.is_wrong, func.count()).join(
        ReviewItemRow, ReviewItemRow.id == FinalRecordRow.item_id
    )
    counts = dict(session.execute(checked.where(*mine).group_by(FinalRecordRow.is_wrong)).tuples().all())
    return Samples(drawn, sum(counts.values()), counts.get(True, 0))
