"""Numbers and dates in all national notations."""

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.parsing import (
    LANGUAGES,
    currency_of,
    decimal_mark_of,
    find_dates,
    month_first_of,
    parse_amount,
    parse_date,
    parse_percent,
)

LOCALES = (*LANGUAGES, "de_CH", "de_AT", "fr_CH", "en_GB")
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "PLN", "SEK", "CAD")

locales = st.sampled_from(LOCALES)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
dates = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@given(amounts, locales)
def test_an_amount_is_read_back_in_every_notation(amount, locale):
    """What babel writes without a currency is read as the same number, grouped or not."""
    for pattern in ("#,##0.00", "0.00"):
        assert parse_amount(format_decimal(amount, pattern, locale=locale)) == amount


@given(amounts, locales, st.sampled_from(CURRENCIES), st.sampled_from(["standard", "accounting"]))
def test_an_amount_with_its_currency_is_read_back(amount, locale, currency, style):
    """Sign or code, before or behind, a minus or brackets: the number and its currency come back."""
    text = format_currency(amount, currency, locale=locale, format_type=style, currency_digits=False)
    assert parse_amount(text) == round(amount, 2)
    if currency != "SEK":  # "kr" is the crown of three countries
        assert currency_of(text) == currency


@given(st.integers(min_value=-(10**9), max_value=10**9), locales)
def test_a_whole_number_is_read_back(number, locale):
    """Groups of thousands are no decimals."""
    assert parse_amount(format_decimal(number, "#,##0", locale=locale)) == number


@given(st.text())
def test_no_text_upsets_the_parsers(text):
    """Whatever stands there, the answer is a value or None."""
    assert isinstance(parse_amount(text), Decimal | None)
    assert isinstance(parse_percent(text), Decimal | None)
    assert isinstance(currency_of(text), str | None)
    assert isinstance(parse_date(text), date | None)


@given(st.text(alphabet="0123456789 .,'’-/()€$%EUR°janv", max_size=20))
def test_no_text_of_marks_and_digits_upsets_the_parsers(text):
    """Texts that look almost like numbers or dates are values or None; each date's place is inside of the text."""
    assert isinstance(parse_amount(text), Decimal | None)
    assert isinstance(parse_percent(text), Decimal | None)
    assert all(0 <= start < end <= len(text) for _, start, end in find_dates(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("1’234.50 CHF", "1234.50"),
        ("12.-", "12"),
        ("12,– €", "12"),
        ("EUR12.50", "12.50"),
        ("12,50EUR", "12.50"),
        ("12,00-", "-12.00"),
        ("−5,00 €", "-5.00"),
        ("(12,00 €)", "-12.00"),
        ("RM12.00", "12.00"),
        (",50", "0.50"),
        ("1234567.891", "1234567.891"),
    ],
)
def test_notations_that_invoices_print(text, value):
    """Swiss dashes and apostrophes, a minus behind, a code that touches its number."""
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "-", "€", "page 3", "3 x 4", "12:30", "10 %", "1.5.2026", "1 234,56 € TTC", "A12"]
)
def test_what_is_more_than_a_number_is_none(text):
    """A number must stand alone with its sign and currency."""
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("1.234", None, "1234"), ("1.234", ".", "1.234"), ("1,234", ",", "1.234"), ("0.125", None, "0.125")],
)
def test_three_digits_behind_a_single_mark_are_settled_by_the_document(text, mark, value):
    """Without a hint they are thousands, unless the number begins with 0."""
    assert parse_amount(text, mark) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("TVA 20 %", "20"), ("5,5%", "5.5"), ("MwSt. 19,00 %", "19.00"), ("100", None), ("2026 %", None)],
)
def test_a_percentage_needs_its_sign(text, rate):
    """A number without a percent sign, or of more than three digits, is no rate."""
    assert parse_percent(text) == (rate and Decimal(rate))


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["Total 1 234,56", "12,00", "v 2.10"], ","),
        (["Total 1,234.56"], "."),
        (["03.03.26", "12,00"], ","),
        (["no amounts"], None),
    ],
)
def test_a_documents_decimal_mark_is_that_of_most_amounts(texts, mark):
    """Dates do not count as amounts."""
    assert decimal_mark_of(texts) == mark


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("120,00 €", "EUR"),
        ("US$ 5", "USD"),
        ("5 $ CAD", "CAD"),
        ("12 euros", "EUR"),
        ("SUPER EUROPE", None),
        ("Fr. 12.50", "CHF"),
        ("Kr 12", None),
        ("Frankreich", None),
        ("CHFX", None),
    ],
)
def test_the_currency_is_that_of_a_code_or_else_of_a_sign(text, code):
    """Letters inside of words are no currency."""
    assert currency_of(text) == code


@given(dates, st.sampled_from(LANGUAGES), st.sampled_from(["long", "full", "medium"]))
def test_a_worded_date_is_read_back_in_every_language(day, language, style):
    """Also with the name of the weekday before it, or with abbreviated months."""
    assert [found for found, _, _ in find_dates(format_date(day, style, locale=language))] == [day]


@given(dates, st.sampled_from("./-"), st.sampled_from(["dd{0}MM{0}y", "d{0}M{0}y", "dd{0}MM{0}yy", "y{0}MM{0}dd"]))
def test_a_numeric_date_is_read_with_the_day_first(day, mark, pattern):
    """With four or two digits of the year, and with the year first."""
    text = f"Date {format_date(day, pattern.format(mark), locale='fr')} Page"
    ((found, start, end),) = find_dates(text)
    assert found == day
    assert text[start:end] == text.split()[1]


@given(dates)
def test_an_american_date_is_read_with_the_month_first_when_asked(day):
    """As the United States write it."""
    assert parse_date(day.strftime("%m/%d/%Y"), month_first=True) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Lyon, le 1er mars 2026", date(2026, 3, 1)),
        ("March 3rd, 2026", date(2026, 3, 3)),
        ("3. März 2026", date(2026, 3, 3)),
        ("10-Aug-2026", date(2026, 8, 10)),
        ("5 FEVRIER 2026", date(2026, 2, 5)),
        ("12 de marzo de 2026", date(2026, 3, 12)),
        ("20260303", date(2026, 3, 3)),
        ("03 / 04 / 2026", date(2026, 4, 3)),
        ("04/13/2026", date(2026, 4, 13)),
        ("03.03.26", date(2026, 3, 3)),
        ("le 1 er mars 2026", date(2026, 3, 1)),
        ("31-AOÛT-26", date(2026, 8, 31)),
        ("30 sept. 26", date(2026, 9, 30)),
        ("12 juill. 2026", date(2026, 7, 12)),
        ("05/Sep/2026", date(2026, 9, 5)),
        ("4 d’abril de 2026", date(2026, 4, 4)),
        ("du 09 11 2026", date(2026, 11, 9)),
    ],
)
def test_dates_as_invoices_print_them(text, day):
    """Ordinals, spaces, missing accents; a number over 12 is never a month."""
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "30/02/2026",
        "1.234,56",
        "192.168.1.20",
        "01 02 03 04 05",
        "mai",
        "12.5.1",
        "2026",
        "06 12 20 24 36",
        "1 09 11 2026",
        "09 11 2026 5",
        "99 11 2026",
        "12 marsouins 2026",
    ],
)
def test_what_only_looks_like_a_date_is_none(text):
    """Amounts, phone numbers, addresses and days that no month has."""
    assert find_dates(text) == []


def test_dates_come_in_the_order_of_the_text():
    """Not in the order of time, nor by their notation."""
    found = find_dates("Échéance 30/04/2026, émise le 3 mars 2026, livrée 2026-02-27")
    assert [day for day, _, _ in found] == [date(2026, 4, 30), date(2026, 3, 3), date(2026, 2, 27)]


@pytest.mark.parametrize(
    ("texts", "american"),
    [(["04/13/2026", "05/01/2026"], True), (["13/04/2026"], False), (["01/02/2026"], False)],
)
def test_a_document_is_american_only_when_a_date_proves_it(texts, american):
    """An ambiguous date proves nothing."""
    assert month_first_of(texts) is american
