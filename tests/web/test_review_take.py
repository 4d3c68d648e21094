"""What a click or a drag on the page takes."""

import pytest

from pipeline.web.review_take import field_of, in_notation, take
from schemas import FieldName, Page, Word
from schemas.edits import ENGLISH, FRENCH
from schemas.page import Box


def page_of(*lines: str) -> Page:
    """Lines of words, each character 6 points wide and 10 high, a line every 20 points."""
    words = []
    for row, line in enumerate(lines):
        x = 10.0
        for text in line.split(" "):
            box = Box(x0=x, y0=20.0 * row, x1=x + 6 * len(text), y1=20.0 * row + 10)
            words.append(Word(text=text, box=box))
            x = box.x1 + 4
    return Page(number=1, width=500, height=500, words=tuple(words))


def click(page: Page, text: str) -> Box:
    box = next(word.box for word in page.words if word.text == text)
    return Box(x0=box.x_mid, y0=box.y_mid, x1=box.x_mid, y1=box.y_mid)


@pytest.mark.parametrize(
    ("line", "on", "name", "taken"),
    [
        ("Total 1 234,56 EUR", "234,56", FieldName.GROSS_TOTAL, "1 234,56 EUR"),
        ("Total 1 234,56 12 345,00", "12", FieldName.GROSS_TOTAL, "12 345,00"),
        ("le 12 janvier 2026 à Lyon", "janvier", FieldName.ISSUE_DATE, "12 janvier 2026"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189 BIC", "6000", FieldName.IBAN, "FR76 3000 6000 0112 3456 7890 189"),
        ("SIREN 732 829 320 RCS", "829", FieldName.SELLER_SIREN, "732 829 320"),
        ("Facture FA-12 du jour", "FA-12", FieldName.INVOICE_NUMBER, "FA-12"),
        ("Total 1 234,56 EUR", "234,56", None, "234,56"),
    ],
)
def test_a_click_takes_the_whole_value(line, on, name, taken):
    """The groups of an amount, a date in words, an IBAN; else the word alone."""
    page = page_of(line)
    assert take(page, click(page, on), name, FRENCH).text == taken


def test_a_drag_takes_the_words_that_it_holds():
    """Those of which it holds the most, in reading order."""
    page = page_of("Quincaillerie Martin SARL", "12 rue des Lilas")
    assert take(page, Box(x0=8, y0=-2, x1=130, y1=12), FieldName.SELLER_NAME, FRENCH).text == "Quincaillerie Martin"


def test_there_is_nothing_where_no_word_is():
    """So that OCR reads it again."""
    assert take(page_of("Total"), Box(x0=300, y0=300, x1=400, y1=320), None, FRENCH) is None


@pytest.mark.parametrize(
    ("printed", "name", "french", "english"),
    [
        ("1,234.56", FieldName.NET_TOTAL, "1234,56", "1234.56"),
        ("EUR 12,50", FieldName.NET_TOTAL, "12,50", "12.50"),
        ("March 3, 2026", FieldName.ISSUE_DATE, "03/03/2026", "03/03/2026"),
        ("ACME", FieldName.SELLER_NAME, "ACME", "ACME"),
    ],
)
def test_values_are_told_in_the_persons_notation(printed, name, french, english):
    """Whatever the notation of the page."""
    page = page_of(printed)
    assert in_notation(printed, name, page, FRENCH) == french
    assert in_notation(printed, name, page, ENGLISH) == english


def test_the_pages_own_notation_settles_what_is_ambiguous():
    """ "1,234" among "5.00" is a thousand."""
    assert in_notation("1,234", FieldName.NET_TOTAL, page_of("5.00 7.25 1,234"), FRENCH) == "1234"


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("iban", FieldName.IBAN),
        ("lines.2.quantity", FieldName.NET_TOTAL),
        ("lines.0.description", None),
        ("taxes.0.rate", FieldName.NET_TOTAL),
        ("", None),
    ],
)
def test_cells_of_tables_have_a_form_too(target, name):
    """Figures are figures, text is text."""
    assert field_of(target) is name
