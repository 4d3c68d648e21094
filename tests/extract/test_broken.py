"""Identifiers that are broken over rows."""

import pytest

from pipeline.extract.candidates import survey


@pytest.mark.parametrize(
    "rows",
    [
        ["IBAN: FR76", "1695 8749 8756 5274 1696 586"],
        ["IBAN: FR76 1695 8749", "8756 5274", "1696 586"],
        ["IBAN: FR76 1695 8749 8756 5274 1696", "586"],
    ],
)
def test_an_account_in_a_narrow_column_is_read_whole(page_of, rows):
    """However little of it the first row holds; another column beside it does not come in between."""
    column = [(200, 700 + 12 * n, row) for n, row in enumerate(rows)]
    beside = [(450, 700 + 12 * n, text) for n, text in enumerate(("Qonto", "BIC QNTOFRP1", "Angers"))]
    spans = survey([page_of(*column, *beside)]).spans_of("iban")
    assert "FR7616958749875652741696586" in {span.value for span in spans if span.valid}


def test_what_no_row_makes_valid_is_no_account(page_of):
    """The check digits decide, not the place."""
    spans = survey([page_of((200, 700, "IBAN: FR76"), (200, 712, "1695 8749 8756 5274 1696 587"))]).spans_of("iban")
    assert not any(span.valid for span in spans)
