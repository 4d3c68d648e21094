"""What is taken off for early payment."""

from datetime import date

import pytest

from schemas.discount import Discount


@pytest.mark.parametrize(
    ("issued", "until"),
    [(date(2026, 11, 27), date(2026, 12, 7)), (date(9999, 12, 31), date(9999, 12, 31))],
)
def test_a_discount_ends_days_after_the_issue_date(issued: date, until: date) -> None:
    """At the latest on the calendar's last day: an invoice may bear any date."""
    assert Discount(percent=2, days=10, said="2 % sous 10 jours").until(issued) == until
