"""The page of an evaluation."""

from datetime import UTC, datetime

from pipeline.measure.cases import Guess, Prediction, Truth
from pipeline.measure.evaluate import evaluate
from pipeline.measure.html import render_evaluation
from schemas import FieldName


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
