"""Numbers are written so that people read them right, in both languages."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pipeline.measure.notation import count, day, duration, interval, moment, money, percent, score, seconds
from pipeline.measure.scores import share_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (percent(0.1234), "12.3 %"),
        (percent(0.0029), "0.29 %"),
        (percent(0.0), "0.0 %"),
        (percent(None), "–"),
        (count(12345), "12,345"),
        (seconds(1.26), "1.3 s"),
        (seconds(None), "–"),
        (score(0.98765), "0.988"),
        (score(None), "–"),
        (interval(share_of(0, 10)), "0.0 to 30.8 %"),
        (interval(share_of(0, 2500)), "0.00 to 0.15 %"),
        (money(Decimal("1234.5"), "EUR"), "€1,234.50"),
        (money(Decimal("0.125"), "EUR"), "€0.125"),
        (money(Decimal("1234.5"), "XYZ"), "XYZ1,234.50"),
        (money(Decimal("1234.5"), None), "1,234.5"),
        (money(None, "EUR"), "–"),
        (money(Decimal(5), "USD"), "US$5.00"),
        (day(date(2026, 3, 1)), "01/03/2026"),
        (day(None), "–"),
        (moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)), "01/03/2026 09:05 UTC"),
        (percent(0.1234, "fr"), "12,3 %"),
        (interval(share_of(0, 10), "fr"), "0,0 à 30,8 %"),
        (count(12345, "fr"), "12 345"),
        (seconds(1.26, "fr"), "1,3 s"),
        (money(Decimal("1234.5"), "EUR", "fr"), "1 234,50 €"),
        (duration(93.0, "fr"), "93 s"),
        (duration(200_000.0, "fr"), "2,3 j"),
        (duration(9000.0, "en"), "2.5 h"),
    ],
)
def test_a_value_is_written_for_people(written: str, expected: str) -> None:
    """What is not known is a dash, never a zero."""
    assert re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", written) == expected
