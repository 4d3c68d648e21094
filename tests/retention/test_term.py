"""Until when a document must be kept."""

from datetime import date

import pytest

from pipeline.retention.term import keep_until


@pytest.mark.parametrize(
    ("concerned", "year_ends_in", "until"),
    [
        (date(2026, 1, 1), 12, date(2036, 12, 31)),
        (date(2026, 12, 31), 12, date(2036, 12, 31)),
        (date(2026, 3, 31), 3, date(2036, 3, 31)),
        (date(2026, 4, 1), 3, date(2037, 3, 31)),
        (date(2026, 2, 10), 2, date(2036, 2, 29)),
        (date(9999, 12, 31), 12, date(9999, 12, 31)),
    ],
)
def test_ten_years_count_from_the_end_of_the_financial_year(concerned, year_ends_in, until):
    """Whatever month it ends in; the last day of February is that of the year in which the term ends."""
    assert keep_until(concerned, 10, year_ends_in) == until
