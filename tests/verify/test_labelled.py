"""An e-invoice must say what its page names, not only what stands somewhere on it."""

from datetime import date

import pytest

from pipeline.verify.labelled import compare_with_labels
from schemas import FieldName, Page, Word
from tests.verify.conftest import box_at, page_of, read_field, record_with


def page(*lines: str) -> Page:
    words = []
    for row, line in enumerate(lines):
        x = 60.0
        for text in line.split():
            words.append(Word(text=text, box=box_at(x, 60 + 24 * row, 5 * len(text))))
            x += 5 * len(text) + 3
    return page_of(*words)


PRINTED = page(
    "Facture n° FA-2026-0417", "Date de facture : 03/03/2026", "Échéance : 02/04/2026", "Commande n° BC-9911"
)


@pytest.mark.parametrize(
    ("name", "value"), [(FieldName.ISSUE_DATE, date(2026, 4, 2)), (FieldName.INVOICE_NUMBER, "BC-9911")]
)
def test_what_the_page_names_otherwise_is_an_error(name: FieldName, value: object) -> None:
    """The due date is no issue date and the order's number no invoice number, though the page prints both."""
    (finding,) = compare_with_labels(record_with(read_field(name, value)), (PRINTED,))
    assert (finding.rule, finding.fields) == ("xml-differs-from-page", (name,))


@pytest.mark.parametrize(
    ("name", "value"), [(FieldName.ISSUE_DATE, date(2026, 3, 3)), (FieldName.INVOICE_NUMBER, "FA 2026 0417")]
)
def test_what_the_page_names_so_is_right(name: FieldName, value: object) -> None:
    """The same value in another notation is the same."""
    assert compare_with_labels(record_with(read_field(name, value)), (PRINTED,)) == ()


def test_a_page_without_such_a_label_does_not_contradict() -> None:
    """Where the page names no date and no number, nothing can be held against the e-invoice."""
    record = record_with(read_field(FieldName.ISSUE_DATE, date(2026, 4, 2)))
    assert compare_with_labels(record, (page("Lyon, 03/03/2026"),)) == ()
    assert compare_with_labels(record_with(), (PRINTED,)) == ()
