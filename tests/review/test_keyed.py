"""Values and the text that people type for them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.keyed import Unreadable, line_of, line_text, text_of, value_of, vat_of, vat_text
from schemas import FieldName, InvoiceLine, VatBreakdown
from schemas.edits import ENGLISH, FRENCH, LineText, Notation

AMERICAN = Notation(decimal_mark=".", month_first=True)
notations = st.sampled_from((FRENCH, ENGLISH, AMERICAN))
amounts = st.integers(0, 6).flatmap(lambda places: st.decimals(-999_999_999, 999_999_999, places=places))
texts = st.text(alphabet="abc ÉÀ12-/", min_size=1, max_size=20)
words = st.none() | texts.map(lambda text: " ".join(text.split())).filter(bool)
cells = st.none() | amounts


@pytest.mark.parametrize(
    ("text", "notation", "value"),
    [
        ("1 234,56", FRENCH, "1234.56"),
        ("1.234,56", FRENCH, "1234.56"),
        ("1,234.56", ENGLISH, "1234.56"),
        ("1,234", FRENCH, "1.234"),
        ("1,234", ENGLISH, "1234"),
        ("1234.5", FRENCH, "1234.5"),
        ("-12,50 €", FRENCH, "-12.50"),
    ],
)
def test_amounts_are_read_in_the_notation_of_the_person(text, notation, value):
    """What is ambiguous on paper is not when one knows who typed it."""
    assert value_of(FieldName.GROSS_TOTAL, text, notation) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "notation", "value"),
    [
        ("03/04/2026", FRENCH, date(2026, 4, 3)),
        ("03/04/2026", AMERICAN, date(2026, 3, 4)),
        ("2026-04-03", AMERICAN, date(2026, 4, 3)),
        ("3 avril 2026", FRENCH, date(2026, 4, 3)),
        ("03.04.26", FRENCH, date(2026, 4, 3)),
    ],
)
def test_dates_are_read_in_the_notation_of_the_person(text, notation, value):
    """ISO dates and months in words are read as well."""
    assert value_of(FieldName.ISSUE_DATE, text, notation) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (FieldName.GROSS_TOTAL, "abc"),
        (FieldName.GROSS_TOTAL, "12 34 56,789,1"),
        (FieldName.GROSS_TOTAL, "1" * 13),
        (FieldName.ISSUE_DATE, "31/02/2026"),
        (FieldName.ISSUE_DATE, "03/04/2026 or 04/04/2026"),
        (FieldName.CURRENCY, "EURO"),
        (FieldName.DOC_TYPE, "letter"),
        (FieldName.IBAN, "--"),
    ],
)
def test_text_that_is_no_value_is_refused_with_an_example(name, text):
    """Nothing is guessed, and the person is told what would do."""
    with pytest.raises(Unreadable, match=r"."):
        value_of(name, text, FRENCH)


def test_identifiers_lose_their_spaces_and_names_keep_them():
    """An IBAN is typed in groups of four."""
    assert value_of(FieldName.IBAN, "fr76 3000 6000 0112", FRENCH) == "FR763000600000112"[:4] + "300060000112"
    assert value_of(FieldName.SELLER_NAME, "  Société   Générale ", FRENCH) == "Société Générale"
    assert value_of(FieldName.CURRENCY, "€", FRENCH) == "EUR"


def test_empty_text_means_that_it_is_not_there():
    """A person can clear a field."""
    assert value_of(FieldName.DUE_DATE, "  ", FRENCH) is None


@given(amounts, notations)
def test_an_amount_comes_back_as_it_was_shown(value, notation):
    """A cell that nobody touched changes nothing, whatever its decimals."""
    assert value_of(FieldName.NET_TOTAL, text_of(value, notation), notation) == value


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), notations)
def test_a_date_comes_back_as_it_was_shown(value, notation):
    """Day and month never change places."""
    assert value_of(FieldName.ISSUE_DATE, text_of(value, notation), notation) == value


@given(
    st.builds(
        InvoiceLine, description=words, quantity=cells, unit_price=cells, tax_rate=cells, includes_tax=st.booleans()
    )
)
def test_a_line_comes_back_as_it_was_shown(line):
    """Editing one row leaves the others as they are."""
    assert line_of(line_text(line, FRENCH), FRENCH) == (line, [])


@given(st.builds(VatBreakdown, category=words, rate=cells, base=cells, amount=cells), notations)
def test_a_vat_row_comes_back_as_it_was_shown(row, notation):
    """The same for the breakdown."""
    assert vat_of(vat_text(row, notation), notation) == (row, [])


def test_a_cell_that_cannot_be_read_is_named_and_left_empty():
    """The other cells of the row are read."""
    line, [mistake] = line_of(LineText(quantity="two", tax_rate="20 %"), FRENCH)
    assert (line.quantity, line.tax_rate, mistake.where, mistake.text) == (None, Decimal(20), "quantity", "two")


@given(st.sampled_from(FieldName), st.text(max_size=40), notations)
def test_any_text_is_a_value_or_is_refused(name, text, notation):
    """Typing never crashes the desk."""
    try:
        value = value_of(name, text, notation)
    except Unreadable:
        return
    assert value is None or text.strip()
