"""When an invoice is to be decided, and in which order; pure.

    deadline = the earliest of  received + SLA hours
                                noon (UTC) of the day before the discount ends
                                noon (UTC) two days before it is due
               but never before it was received
    rank     = deadline - head start
    head start = 8 hours where a discount is at stake, and 4 hours for every factor of ten that the total reaches from
                 a tenth of the client's large amount on: 1,000 -> 4 h, 10,000 -> 8 h, 100,000 -> 12 h, at most 24 h
                 by default; and a year for each step that a supervisor put it ahead

The queue goes by rank, earliest first. As the rank is a moment, what waits long comes first in the end, whatever
comes in meanwhile.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from schemas import FieldName, Record
from schemas.policy import ClientPolicy

NOON = time(12, tzinfo=UTC)
DISCOUNT_DAYS, DUE_DAYS = 1, 2
DISCOUNT_START, AMOUNT_START, MOST_FOR_AMOUNT = timedelta(hours=8), timedelta(hours=4), 6
AHEAD = timedelta(days=365)
"""What a step of priority is worth: more than any deadline."""


class Urgency(NamedTuple):
    """By when an item is to be decided, and its place in the queue: the earliest rank first."""

    deadline: datetime
    rank: datetime


def urgency(
    record: Record | None,
    received_at: datetime,
    policy: ClientPolicy,
    discount_until: date | None = None,
    priority: int = 0,
) -> Urgency:
    """The urgency of an invoice that came in at `received_at` (with its zone); `priority` is what a person gave it."""
    due = record.value(FieldName.DUE_DATE) if record else None
    gross = record.value(FieldName.GROSS_TOTAL) if record else None
    moments = [received_at + timedelta(hours=policy.sla_hours)]
    moments += [_noon_before(day, lead) for day, lead in ((discount_until, DISCOUNT_DAYS), (due, DUE_DAYS)) if day]
    deadline = max(received_at, min(moments))
    start = DISCOUNT_START if discount_until else timedelta()
    return Urgency(deadline, deadline - start - _steps(gross, policy) * AMOUNT_START - priority * AHEAD)


def _noon_before(day: date, days: int) -> datetime:
    """Noon some days earlier; the first day of the calendar has none before it."""
    return datetime.combine(date.fromordinal(max(1, day.toordinal() - days)), NOON)


def _steps(gross: Decimal | None, policy: ClientPolicy) -> int:
    """How many factors of ten the total reaches from a tenth of the large amount on; 0 below, at most 6."""
    least = policy.large_amount / 10
    if gross is None or least <= 0 or abs(gross) < least:
        return 0
    return min(MOST_FOR_AMOUNT, 1 + (abs(gross) / least).adjusted())
