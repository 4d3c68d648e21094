"""Deadlines and the order of the queue."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.urgency import AHEAD, urgency
from schemas import Field, FieldName, Record
from schemas.policy import ClientPolicy

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICY = ClientPolicy(sla_hours=24)
moments = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
days = st.none() | st.dates()
totals = st.none() | st.decimals(-(10**11), 10**11, places=2)


def invoice(due: date | None = None, gross: Decimal | None = None) -> Record:
    values = {FieldName.DUE_DATE: due, FieldName.GROSS_TOTAL: gross}
    return Record(fields={name: Field(name=name, value=v) for name, v in values.items() if v is not None})


def test_without_dates_the_service_level_is_the_deadline():
    """A client's SLA hours count from when the invoice came in."""
    assert urgency(None, AT, POLICY) == (AT + timedelta(hours=24), AT + timedelta(hours=24))


def test_a_near_due_date_or_discount_comes_before_the_service_level():
    """Money that waiting would cost makes the deadline earlier."""
    policy = ClientPolicy(sla_hours=240)
    assert urgency(invoice(date(2026, 3, 6)), AT, policy).deadline == datetime(2026, 3, 4, 12, tzinfo=UTC)
    discounted = urgency(invoice(date(2026, 3, 6)), AT, policy, discount_until=date(2026, 3, 4))
    assert discounted.deadline == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert discounted.rank == discounted.deadline - timedelta(hours=8)


def test_a_larger_total_is_taken_up_earlier_by_four_hours_for_each_factor_of_ten():
    """The documented formula, in its steps."""
    starts = [urgency(invoice(gross=Decimal(g)), AT, POLICY) for g in ("999.99", "1000", "-10000", "100000", "1E+15")]
    assert [one.deadline - one.rank for one in starts] == [timedelta(hours=h) for h in (0, 4, 8, 12, 24)]


@given(moments, days, days, totals, st.integers(0, 3))
def test_nothing_is_due_before_it_came_in_and_what_waits_long_comes_first(at, due, discount, gross, priority):
    """Whatever the dates say, the rank stays within a known head start of a deadline that is not in the past."""
    found = urgency(invoice(due, gross), at, POLICY, discount, priority)
    assert at <= found.deadline <= at + timedelta(hours=24)
    assert timedelta() <= found.deadline - found.rank - priority * AHEAD <= timedelta(hours=32)


@given(moments, totals, totals)
def test_of_two_invoices_of_one_moment_the_larger_is_never_later(at, one, other):
    """The order by amount is monotone."""
    small, large = sorted((one or Decimal(0), other or Decimal(0)), key=abs)
    assert urgency(invoice(gross=large), at, POLICY).rank <= urgency(invoice(gross=small), at, POLICY).rank
