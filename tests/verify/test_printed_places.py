"""Where a page prints what its e-invoice says."""

from datetime import date
from decimal import Decimal

from pipeline.verify.printed_places import printed_places
from schemas import FieldName, Page, Record, Word
from tests.verify.conftest import box_at, page_of, read_field, record_with

IBAN = "FR7630006000011234567890189"


def page_with(*rows: str) -> Page:
    """A page with these rows, a word every 40 points."""
    words = [
        Word(text=text, box=box_at(x0=40 + 40 * column, y0=60 + 20 * row, width=36))
        for row, line in enumerate(rows)
        for column, text in enumerate(line.split())
    ]
    return page_of(*words)


PAGE = page_with(
    "Facture n° FA-2026-0417",
    "Date 03/03/2026",
    "Vin 720,00",
    "Total TTC 720,00",
    "IBAN FR76 3000 6000 0112 3456 7890 189",
)


def record_of(**values: object) -> Record:
    return record_with(*(read_field(FieldName(name), value) for name, value in values.items()))


def test_the_values_of_an_e_invoice_are_found_on_its_page() -> None:
    """As they are printed there, with their place."""
    record = record_of(
        invoice_number="FA-2026-0417", issue_date=date(2026, 3, 3), gross_total=Decimal("720.00"), iban=IBAN
    )
    places = {place.name: place for place in printed_places(record, (PAGE,))}
    assert set(places) == {FieldName.INVOICE_NUMBER, FieldName.ISSUE_DATE, FieldName.GROSS_TOTAL, FieldName.IBAN}
    assert places[FieldName.ISSUE_DATE].raw == "03/03/2026"
    assert places[FieldName.IBAN].box.x1 > places[FieldName.IBAN].box.x0 + 200
    assert {place.page for place in places.values()} == {1}


def test_a_total_stands_where_it_is_printed_last() -> None:
    """A line of the same amount comes before it."""
    (place,) = printed_places(record_of(gross_total=Decimal("720.00")), (PAGE,))
    assert place.box.y0 == 60 + 20 * 3


def test_an_e_invoice_may_group_its_identifiers() -> None:
    """The page may group them otherwise."""
    record = record_of(invoice_number="FA 2026 0417", iban="FR76 3000 6000 0112 3456 7890 189")
    assert {place.name for place in printed_places(record, (PAGE,))} == {FieldName.INVOICE_NUMBER, FieldName.IBAN}


def test_what_no_page_prints_has_no_place() -> None:
    """Nor has a record without values, nor a document without words."""
    record = record_of(gross_total=Decimal("725.00"))
    assert printed_places(record, (PAGE,)) == ()
    assert printed_places(record_of(), (PAGE,)) == ()
    assert printed_places(record, (page_of(),)) == ()
    assert printed_places(record, ()) == ()
