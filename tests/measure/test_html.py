"""Numbers are written so that people read them right."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.evaluate import evaluate
from pipeline.measure.html import count, interval, moment, money, percent, render_evaluation, score, seconds
from pipeline.measure.scores import share_of
from schemas import FieldName


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
        (money(Decimal("1234.5"), "EUR"), "1,234.50 EUR"),
        (money(Decimal("0.125"), "EUR"), "0.125 EUR"),
        (money(Decimal("1234.5"), "XYZ"), "1,234.50 XYZ"),
        (money(Decimal("1234.5"), None), "1,234.5"),
        (money(None, "EUR"), "–"),
        (moment(date(2026, 3, 1)), "2026-03-01"),
        (moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC)), "2026-03-01 09:05 UTC"),
        (moment(None), "–"),
    ],
)
def test_a_value_is_written_for_people(written: str, expected: str) -> None:
    """What is not known is a dash, never a zero."""
    assert written == expected


def test_the_evaluation_page_names_mistakes_and_escapes_them() -> None:
    """The truth and what was read stand side by side, as text."""
    result = evaluate(
        [
            Truth(
                file="a.pdf",
                kind="scan",
                fields={FieldName.SELLER_NAME: "Dupont", FieldName.GROSS_TOTAL: "5"},
            )
        ],
        [Prediction(file="a.pdf", fields={FieldName.SELLER_NAME: Guess(value="<b>Bold", confidence=0.6)})],
        name="set",
    )
    page = render_evaluation(result, datetime(2026, 3, 1, tzinfo=UTC))
    assert "&lt;b&gt;Bold" in page
    assert "<b>Bold" not in page
    assert "Dupont" in page
    assert "Fields of scan (kind, n = 1)" in page


def test_an_evaluation_of_nothing_gives_a_page_too() -> None:
    """No division by zero on an empty truth file."""
    assert "0 invoices" in render_evaluation(evaluate([], []), datetime(2026, 3, 1, tzinfo=UTC))
