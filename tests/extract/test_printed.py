"""Holding an e-invoice against the page it comes with."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pipeline.extract.printed import compare_with_pages
from schemas import Field, FieldName, Page, Record, Severity

Draw = Callable[..., tuple[Page, ...]]

PAGE = """
Facture n° F-2026 017        Date : 3 mars 2026
Total TTC   1154,29 €
IBAN FR76 3000 6000 0112 3456 7890 189
"""
SAID: dict[FieldName, object] = {
    FieldName.INVOICE_NUMBER: "F-2026-017",
    FieldName.ISSUE_DATE: date(2026, 3, 3),
    FieldName.GROSS_TOTAL: Decimal("1154.29"),
    FieldName.IBAN: "FR7630006000011234567890189",
}


def record_of(said: dict[FieldName, object]) -> Record:
    return Record(fields={name: Field(name=name, value=value, confidence=0.99) for name, value in said.items()})


def test_an_e_invoice_that_says_what_its_page_prints_is_fine(draw: Draw):
    """Spaces in the number, the notation of the date and the groups of the IBAN do not matter."""
    assert compare_with_pages(record_of(SAID), draw(PAGE)) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (FieldName.INVOICE_NUMBER, "F-2026-018"),
        (FieldName.INVOICE_NUMBER, "026-017"),
        (FieldName.ISSUE_DATE, date(2026, 4, 3)),
        (FieldName.GROSS_TOTAL, Decimal("1145.29")),
        (FieldName.IBAN, "DE89370400440532013000"),
    ],
)
def test_a_value_that_the_page_does_not_print_is_an_error(draw: Draw, name: FieldName, value: object):
    """Whoever changed the XML or the page: a person decides which of them is right."""
    (finding,) = compare_with_pages(record_of({**SAID, name: value}), draw(PAGE))
    assert (finding.rule, finding.severity, finding.fields) == ("xml-differs-from-page", Severity.ERROR, (name,))


def test_a_credit_note_may_print_its_total_with_a_minus(draw: Draw):
    """The XML of a credit note is positive, its page often negative."""
    said = {FieldName.GROSS_TOTAL: Decimal("120.00")}
    assert compare_with_pages(record_of(said), draw("Total TTC   -120,00 €")) == ()


def test_a_page_without_an_iban_does_not_contradict_one(draw: Draw):
    """The account may be in the XML only."""
    assert compare_with_pages(record_of({FieldName.IBAN: "DE89370400440532013000"}), draw("Merci")) == ()


def test_a_page_that_cannot_be_read_confirms_nothing(draw: Draw):
    """What cannot be compared does not go straight through."""
    (finding,) = compare_with_pages(record_of(SAID), draw(""))
    assert finding.severity is Severity.ERROR
