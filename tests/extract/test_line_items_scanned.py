"""Invoice lines from what OCR makes of worn pages."""

from decimal import Decimal

import pytest

from pipeline.extract.line_items import extract_lines
from pipeline.extract.line_items.labels import Role
from pipeline.extract.line_items.repair import with_decimal_marks
from pipeline.extract.line_items.straighten import straightened
from pipeline.extract.line_items.tokens import read_number
from schemas import Page, TextSource

TABLE = """
Rechnung Nr. 4711 vom 3. Mai 2026 an die Muster GmbH in Hamburg
Bezeichnung                     Menge       EP           Gesamt
Reinigung Treppe und Flur           3   845,00         2.535,00
Glasreinigung innen und oben       10     3,83            38,30
Fensterleder aus Ziegenhaut         2     6,15            12,30
                                    Summe netto        2.585,60
Zahlbar innerhalb von vierzehn Tagen ohne Abzug auf unser Konto
"""


def slanted(pages, slope):
    """The pages as a scanner sees them when the sheet lies askew."""
    return tuple(
        page.model_copy(
            update={
                "words": tuple(
                    word.model_copy(
                        update={
                            "box": word.box.model_copy(
                                update={
                                    "y0": word.box.y0 + slope * word.box.x_mid,
                                    "y1": word.box.y1 + slope * word.box.x_mid,
                                }
                            )
                        }
                    )
                    for word in page.words
                )
            }
        )
        for page in pages
    )


@pytest.mark.parametrize("slope", [-0.05, -0.02, 0.0, 0.02, 0.05])
def test_slanted_rows_are_read_like_level_ones(draw, slope):
    """Up to three degrees change nothing."""
    lines = extract_lines(slanted(draw(TABLE, source=TextSource.OCR), slope))
    assert [line.net_amount for line in lines] == [Decimal("2535.00"), Decimal("38.30"), Decimal("12.30")]


def test_a_level_page_stays_as_it_is(draw):
    """Neither a text layer nor a level scan is moved, and neither is a page without words."""
    (layer,), (scan,) = draw(TABLE), draw(TABLE, source=TextSource.OCR)
    empty = Page(number=1, width=600, height=800, source=TextSource.OCR)
    assert straightened(layer) is layer
    assert straightened(scan) is scan
    assert straightened(empty) is empty


def test_a_lost_decimal_mark_is_put_back_when_the_row_proves_it(draw):
    """Pixels gave "45" and "638": 4.5 x 63.64 = 286.38 leaves one way to read them."""
    (line,) = extract_lines(
        draw(
            """
Description              Quantity   Unit price      Amount
Annual boiler service          45        63.64      286.38
""",
            source=TextSource.OCR,
        )
    )
    assert (line.quantity, line.unit_price) == (Decimal("4.5"), Decimal("63.64"))


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("12", "10.00", "125.00"), ("2", "62000", "124001"), ("3", "5", "15")],
)
def test_numbers_that_no_decimal_mark_explains_stay_as_read(quantity, price, amount):
    """What does not multiply out either way, or does already, is left alone."""
    numbers = {
        role: number
        for role, text in {Role.QUANTITY: quantity, Role.UNIT_PRICE: price, Role.NET_AMOUNT: amount}.items()
        if (number := read_number([text]))
    }
    assert with_decimal_marks(numbers) == numbers


def test_a_rate_without_its_mark_is_a_rate_in_use():
    """81 per cent is no VAT rate, 8.1 is."""
    rate = read_number(["81%"])
    assert rate is not None
    assert with_decimal_marks({Role.TAX_RATE: rate})[Role.TAX_RATE].value == Decimal("8.1")


def test_a_table_whose_header_is_lost_is_proved_by_its_sum(draw):
    """Amounts above a printed total that add up to it are the lines, even where no row multiplies out."""
    lines = extract_lines(
        draw(
            """
Location échafaudage roulant             62,72
Évacuation des gravats               48 166,38
Ragréage de sol                       4 255,98
Sous-total HT                        52 485,08
TVA 20 %                             10 497,02
""",
            source=TextSource.OCR,
        )
    )
    assert [line.description for line in lines] == [
        "Location échafaudage roulant",
        "Évacuation des gravats",
        "Ragréage de sol",
    ]


def test_a_sum_whose_label_is_lost_is_cut_off(draw):
    """A last row that has nothing but an amount is no line when the lines above add up without it."""
    lines = extract_lines(
        draw(
            """
Désignation                     Qté    P.U. HT       Montant HT
Lampe de bureau                   2      40,00            80,00
Chaise                            4     110,00           440,00
Tstel HJ                                                 520,00
TVA 20 %                                                 104,00
Total TTC                                                624,00
Base HT                                                  520,00
""",
            source=TextSource.OCR,
        )
    )
    assert [line.net_amount for line in lines] == [80, 440]


@pytest.mark.parametrize(
    "carried", ["Subtotal carried forward", "Sous-total à reporter", "Zwischensumme Übertrag", "Subtotal a reportar"]
)
def test_a_sum_at_the_end_of_a_page_does_not_prove_its_lines_alone(draw, carried):
    """Neither a misread amount nor a header with other spaces on the next page costs the lines there."""
    lines = extract_lines(
        draw(
            f"""
Item      Description             Quantity    Price    Total amount
AB-1      Desk lamp                      2    40.00           80.00
AB-2      Chair                          4   110.00          440.00
          {carried:<30}                     520.00
""",
            """
_Item     Description             Quantity    Price     Totalamount
          Brought forward                                    520.00
AB-3      Wardrobe                       1   350.00          350.00
AB-4      Shelf                          3    50.00          156.00
                                        Total net          1,020.00
""",
            source=TextSource.OCR,
        )
    )
    assert [line.net_amount for line in lines] == [80, 440, 350, 156]


def test_rules_that_became_characters_do_not_matter(draw):
    """Bars and underscores between the cells are dropped."""
    (line,) = extract_lines(
        draw(
            """
| Désignation            | Qté | P.U. HT | Montant HT |
|________________________|_____|_________|____________|
| Peinture blanche       |   2 |   48,00 |      96,00 |
""",
            source=TextSource.OCR,
        )
    )
    assert (line.description, line.quantity) == ("Peinture blanche", 2)


def test_letters_read_for_digits_are_put_right(draw):
    """ "1O,00" is 10.00."""
    (line,) = extract_lines(
        draw(
            """
Désignation              Qté   P.U. HT   Montant HT
Peinture blanche           2     1O,00        2O,00
""",
            source=TextSource.OCR,
        )
    )
    assert (line.unit_price, line.net_amount) == (10, 20)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["1,", "304.10"], "1304.10"),
        (["173,", "58"], "173.58"),
        (["12", ",50"], "12.50"),
        (["279.32."], "279.32"),
        (["‘0%"], "0"),
        (["(19", "%)"], "19"),
        (["-", "12,00", "€"], "-12.00"),
        (["1", "234,56"], "1234.56"),
        (["2,5000", "Stk."], "2.5"),
    ],
)
def test_numbers_in_pieces_are_one_number(words, value):
    """Specks, spaces beside the mark, brackets, signs and units do not hide a number."""
    number = read_number(words)
    assert number is not None
    assert number.value == Decimal(value)


@pytest.mark.parametrize("words", [["abc"], ["12", "rue"], ["03.03.26"], ["FR76", "3000"], ["%"]])
def test_other_words_are_no_number(words):
    """Addresses, dates and codes stay text."""
    assert read_number(words) is None
