"""Candidates of all fields, those that no label names behind the others."""

import pytest

from pipeline.extract.candidates import survey
from pipeline.extract.propose import propose
from schemas import FieldName


@pytest.fixture
def numbers(page_of):
    """The candidates for the invoice number among rows of text."""

    def proposed(*rows):
        page = page_of(*((40, 60 + 20 * n, text) for n, text in enumerate(rows)))
        return [str(option.value) for option in propose(survey([page]))[FieldName.INVOICE_NUMBER]]

    return proposed


def test_a_number_may_hold_a_date(numbers):
    """Many programs number invoices by the day."""
    assert numbers("Rechnung # RE-20260509/505 von 09.05.2026")[0] == "RE-20260509/505"
    assert numbers("Facture n° FA-2026-03-15-7 du 15/03/2026")[0] == "FA-2026-03-15-7"


def test_a_date_or_an_amount_is_no_number(numbers):
    """Whatever label stands beside it."""
    assert not {"09.05.2026", "836.77"} & set(numbers("Rechnung # 09.05.2026", "Rechnung Nr. CHF 836.77", "RE-17"))
