"""Whether what is seen is the value."""

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.parsing import find_dates
from pipeline.verify.compare import agrees
from schemas import FIELD_TERMS, FieldName, ValueKind

LOCALES = ("fr_FR", "en_GB", "de_DE", "es_ES", "it_IT", "nl_NL", "de_CH")
TOTAL, DAY, NUMBER, SELLER = (
    FieldName.GROSS_TOTAL,
    FieldName.ISSUE_DATE,
    FieldName.INVOICE_NUMBER,
    FieldName.SELLER_NAME,
)

amounts = st.decimals(min_value=Decimal("-99999999"), max_value=Decimal("99999999"), places=2)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2049, 12, 31))
numbers = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(("", "F", "FA", "INV")),
    st.sampled_from(("", "-", "/", " ")),
    st.integers(0, 9999),
    st.sampled_from(("", "-", "/", ".", " ")),
    st.integers(10, 999999),
)
words = st.text(max_size=40)


def printed(value: Decimal, locale: str) -> str:
    return format_decimal(value, format="#,##0.00", locale=locale)


def written(day: date, locale: str) -> str:
    return format_date(day, "long", locale=locale)


def with_another_digit(text: str, place: int, step: int) -> str:
    """The text with one of its figures replaced."""
    at = [index for index, char in enumerate(text) if char.isdigit()][place]
    return text[:at] + str((int(text[at]) + step) % 10) + text[at + 1 :]


@given(amounts, st.sampled_from(LOCALES), st.sampled_from(LOCALES))
def test_an_amount_agrees_with_itself_in_any_notation(value: Decimal, here: str, there: str) -> None:
    """Grouped or not, with a currency or without, and with the sign or without it."""
    for seen in (printed(value, there), printed(abs(value), there), f"{value:.2f}", f"Total {printed(value, there)}"):
        assert agrees(TOTAL, value, printed(value, here), seen) is True
    assert agrees(TOTAL, value, printed(value, here), format_currency(value, "EUR", locale=there)) is True


@given(amounts, st.sampled_from(LOCALES), st.data())
def test_an_amount_with_another_digit_never_agrees(value: Decimal, locale: str, data: st.DataObject) -> None:
    """Wherever the digit stands."""
    raw = printed(value, locale)
    place = data.draw(st.integers(0, sum(char.isdigit() for char in raw) - 1))
    changed = with_another_digit(raw, place, data.draw(st.integers(1, 9)))
    assert agrees(TOTAL, value, raw, changed) is not True


@pytest.mark.parametrize(
    ("raw", "seen", "verdict"),
    [
        ("1 234,56", "1.234.56", True),  # the kind of mark is easily misread
        ("1 234,56", "1 23456", True),  # a mark is easily lost, and this is no other number
        ("1 234,56", "123 456", None),  # but here the page may say another one
        ("1 234,56", "12.345,6", None),
        ("1 234,56", "1 234,S6", None),  # a letter that looks like a figure does not tell
        ("1 234,56", "1 234,66", False),
        ("1 234,56", "11 234,56", False),
        ("1 234,56", "Total TTC", None),  # a label
        ("1 234,56", "20 % 1 234,56 EUR", True),
    ],
)
def test_marks_may_be_misread_but_figures_may_not(raw: str, seen: str, verdict: bool | None) -> None:
    """A moved decimal mark is another amount."""
    assert agrees(TOTAL, Decimal("1234.56"), raw, seen) is verdict


@given(days, st.sampled_from(("dd/MM/yyyy", "dd.MM.yyyy", "yyyy-MM-dd", "d/M/yy", "d MMMM yyyy")), st.data())
def test_a_date_agrees_with_itself_in_any_notation(day: date, pattern: str, data: st.DataObject) -> None:
    """In figures and in words, with text around it."""
    seen = format_date(day, pattern, locale=data.draw(st.sampled_from(("fr", "en", "de", "es", "it", "nl"))))
    assert agrees(DAY, day, day.isoformat(), f"le {seen}") is True


@given(days, st.sampled_from(("dd/MM/yyyy", "dd.MM.yyyy", "yyyy-MM-dd", "d MMMM yyyy")), st.data())
def test_a_date_with_another_digit_never_agrees(day: date, pattern: str, data: st.DataObject) -> None:
    """Wherever the digit stands."""
    raw = format_date(day, pattern, locale="fr")
    place = data.draw(st.integers(0, sum(char.isdigit() for char in raw) - 1))
    changed = with_another_digit(raw, place, data.draw(st.integers(1, 9)))
    assert agrees(DAY, day, raw, changed) is not True


def test_a_month_that_is_not_made_out_proves_nothing() -> None:
    """The figures alone are not the date."""
    assert agrees(DAY, date(2026, 3, 3), "3 mars 2026", "3 mxrs 2026") is None
    assert agrees(DAY, date(2026, 3, 3), "3 mars 2026", "3 mai 2026") is False
    assert agrees(DAY, date(2026, 3, 3), "03/03/2026", "03 03/2026") is True
    assert not find_dates("03 03/2026")


@given(numbers, st.sampled_from(("{}", "N° {}", "N°{}", "Facture {} du", "({})")))
def test_an_identifier_agrees_with_itself(number: str, around: str) -> None:
    """Spaces and marks aside, and with its label."""
    assert agrees(NUMBER, number, number, around.format(number)) is True
    assert agrees(NUMBER, number, number, " ".join(number)) is True


@given(numbers, st.data())
def test_an_identifier_with_another_digit_never_agrees(number: str, data: st.DataObject) -> None:
    """Wherever the digit stands, and with a label glued to it."""
    place = data.draw(st.integers(0, sum(char.isdigit() for char in number) - 1))
    changed = with_another_digit(number, place, data.draw(st.integers(1, 9)))
    for seen in (changed, f"N°{changed}"):
        assert agrees(NUMBER, number, number, seen) is not True


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ("FA-2O26-0417", None),  # O for 0
        ("FA-2026-04170", None),  # more of it may stand there
        ("12FA-2026-0417", None),
        ("FA", None),  # a part
        ("FA-2026-0411", False),
        ("FA 2026/0417", True),
    ],
)
def test_more_figures_are_another_identifier_or_do_not_tell(seen: str, verdict: bool | None) -> None:
    """Letters that look like figures do not tell."""
    assert agrees(NUMBER, "FA-2026-0417", "FA-2026-0417", seen) is verdict


def test_letters_that_look_like_figures_are_settled_by_the_check_digits() -> None:
    """Of two readings of an account that differ in an O and a 0 only, the one that checks is right."""
    printed = "NL73 TRIO 0621 1867 24"
    assert agrees(FieldName.IBAN, "NL73TRIO0621186724", printed, "NL73 TRI0 0621 1867 24") is True
    assert agrees(FieldName.IBAN, "NL73TRI00621186724", "NL73TRI00621186724", printed) is not True
    assert agrees(FieldName.IBAN, "NL73TRIO0621186724", printed, "NL73 TRIO 0621 1867 25") is False


def test_the_first_row_of_a_broken_iban_agrees_as_it_is_printed() -> None:
    """Its place is the first row, and so is its print; what stands in no row is no agreement."""
    whole, row = "FR7630006000011234567890189", "FR76 3000 6000"
    assert agrees(FieldName.IBAN, whole, row, "FR76 3000 6000") is True
    assert agrees(FieldName.IBAN, whole, row, "FR76 3000 6001") is not True
    assert agrees(FieldName.IBAN, whole, whole, "FR76 3000 6000") is not True


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ("BOULANGERIE MARTIN SARL", True),
        ("Boulangerle Martin SARL", True),
        ("Menuiserie Durand SAS", False),
        ("Boulangerie Martinez", None),
    ],
)
def test_a_name_agrees_when_it_is_nearly_the_same(seen: str, verdict: bool | None) -> None:
    """Case, accents and a misread letter do not matter."""
    assert agrees(SELLER, "Boulangerie Martin SARL", "Boulangerie Martin SARL", seen) is verdict


@pytest.mark.parametrize("seen", ["", "  ", "—", "|||", "€"])
def test_nothing_legible_does_not_tell(seen: str) -> None:
    """Neither for a value nor against it."""
    assert agrees(TOTAL, Decimal("12.00"), "12,00", seen) is None


VALUES = {
    ValueKind.AMOUNT: amounts,
    ValueKind.DATE: days,
    ValueKind.IDENTIFIER: words,
    ValueKind.CODE: words,
    ValueKind.TEXT: words,
}


@given(st.sampled_from(list(FieldName)), words, words, st.data())
def test_any_text_gets_an_answer(name: FieldName, raw: str, seen: str, data: st.DataObject) -> None:
    """Whatever a reader makes of a picture."""
    value = data.draw(VALUES[FIELD_TERMS[name].kind])
    assert agrees(name, value, raw, seen) in (True, False, None)


def test_a_number_with_a_character_less_is_not_the_same():
    """It may have been cut off, or never have been there; only check digits tell which."""
    assert agrees(FieldName.INVOICE_NUMBER, "O05CFBF19-0071", "O05CFBF19-0071", "05CFBF19-0071") is None
    account = "FR7630006000011234567890189"
    assert agrees(FieldName.IBAN, account, account, account[:-1]) is True


@pytest.mark.parametrize(("value", "seen"), [("FTO000145", "FT0000145"), ("F-2026-0I7", "F-2026-017")])
def test_a_number_with_a_letter_where_a_figure_is_seen_is_another(value: str, seen: str):
    """No check digit tells which of the two it is; the letter among figures is the likelier slip."""
    assert agrees(FieldName.INVOICE_NUMBER, value, value, seen) is False
    assert agrees(FieldName.INVOICE_NUMBER, seen, seen, value) is None
