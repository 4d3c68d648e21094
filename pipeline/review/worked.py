"""How long people worked on items, from the signs of work that the database holds."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pipeline.review.worktime import Mark, Sign, WorkTime, worktime
from pipeline.store.review_tables import ReviewWorkRow


def worktimes(session: Session, which: ColumnElement[bool], idle_cut: timedelta) -> dict[int, list[WorkTime]]:
    """The work on each of these items, one a person; `which` is a condition on `ReviewWorkRow`."""
    marks: dict[int, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for row in session.scalars(select(ReviewWorkRow).where(which).order_by(ReviewWorkRow.id)):
        marks[row.item_id][row.user].append(Mark(Sign(row.sign), row.at))
    return {item: [worktime(own, idle_cut) for own in people.values()] for item, people in marks.items()}


def seconds_of(people: Iterable[WorkTime]) -> float:
    """Seconds that all persons together worked on an item."""
    return sum((one.worked for one in people), timedelta()).total_seconds()
