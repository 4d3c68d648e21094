"""Invoice lines from drawn tables."""

from decimal import Decimal

import pytest

from pipeline.extract.line_items import extract_lines, lines_sum, mark_tax_inclusive
from schemas import InvoiceLine


def amounts(lines):
    return [str(line.net_amount) for line in lines]


def test_a_french_table_gives_every_cell(draw):
    """Description, quantity, price, rate and amount come from the columns that the header names."""
    (line, other) = extract_lines(
        draw("""
Désignation                     Qté    P.U. HT    TVA       Montant HT
Ramette papier A4 80 g           10       4,50    20 %           45,00
Cartouche d'encre noire           2      31,25    20 %           62,50
                                          Total HT              107,50
                                          TVA 20 %               21,50
                                          Total TTC             129,00
""")
    )
    assert line.description == "Ramette papier A4 80 g"
    assert (line.quantity, line.unit_price, line.tax_rate) == (10, Decimal("4.50"), 20)
    assert line.net_amount == Decimal("45.00")
    assert other.net_amount == Decimal("62.50")


@pytest.mark.parametrize(
    "header",
    [
        "Description                    Quantity   Unit price        Amount",
        "Bezeichnung                       Menge  Einzelpreis   Gesamtpreis",
        "Descripción                    Cantidad       Precio       Importe",
        "Descrizione                    Quantità       Prezzo       Importo",
        "Omschrijving                     Aantal        Prijs        Bedrag",
    ],
)
def test_headers_are_known_in_six_languages(draw, header):
    """The same rows are read below a header in any of the languages."""
    lines = extract_lines(
        draw(f"""
{header}
Tisch weiss                           3       100.00        300.00
Stuhl                                12        25.50        306.00
""")
    )
    assert [(line.quantity, line.unit_price) for line in lines] == [(3, 100), (12, Decimal("25.50"))]
    assert lines[0].description == "Tisch weiss"


def test_a_header_may_take_two_lines(draw):
    """Labels that are wrapped inside their cells are put together again."""
    lines = extract_lines(
        draw("""
                               Prix      Montant
Désignation         Quantité   unitaire  total HT
Vis inox                  50     0,20       10,00
Écrous                    25     0,40       10,00
""")
    )
    assert [(line.description, line.quantity, line.unit_price) for line in lines] == [
        ("Vis inox", 50, Decimal("0.20")),
        ("Écrous", 25, Decimal("0.40")),
    ]


def test_columns_without_a_header_are_told_by_arithmetic(draw):
    """In a table without a header quantity, price and amount are what multiplies out."""
    lines = extract_lines(
        draw("""
Invoice 2041

Fir planks 3 m                 12       14.20       170.40
Screws box                      4        9.90        39.60
Delivery                        1       25.00        25.00
                                        Total       235.00
""")
    )
    assert [(line.quantity, line.unit_price, line.net_amount) for line in lines] == [
        (12, Decimal("14.20"), Decimal("170.40")),
        (4, Decimal("9.90"), Decimal("39.60")),
        (1, 25, 25),
    ]


def test_arithmetic_overrules_a_label_that_may_mean_either(draw):
    """Two columns called a price: the one that is quantity x price is the amount."""
    (line,) = extract_lines(
        draw("""
Description              Quantité   Prix unitaire    Prix HT
Huile d'olive 1 l              25           19,80     495,00
                                        Total HT      495,00
""")
    )
    assert (line.unit_price, line.net_amount) == (Decimal("19.80"), Decimal("495.00"))


def test_words_below_an_amount_belong_to_its_line(draw):
    """Wrapped descriptions are continued, up to the totals."""
    first, second = extract_lines(
        draw("""
Désignation                     Qté    P.U. HT       Montant HT
Maintenance annuelle              1     900,00           900,00
du parc informatique
Intervention sur site             2      75,00           150,00
le 3 mars 2026
                                   Total HT            1 050,00
""")
    )
    assert first.description == "Maintenance annuelle du parc informatique"
    assert second.description == "Intervention sur site le 3 mars 2026"


def test_words_above_belong_to_a_row_without_words(draw):
    """A description on its own line above the numbers is that line's."""
    lines = extract_lines(
        draw("""
Description              Quantity   Unit price      Amount
Consulting, March
                                8        90.00      720.00
Travel
                                1       130.00      130.00
                                      Subtotal      850.00
""")
    )
    assert [line.description for line in lines] == ["Consulting, March", "Travel"]


def test_a_table_goes_on_over_pages_without_carried_sums(draw):
    """Repeated headers join the parts; amounts carried from page to page are no lines."""
    header = "Désignation                     Qté    P.U. HT       Montant HT"
    lines = extract_lines(
        draw(
            f"""
{header}
Lampe de bureau                   2      40,00            80,00
Chaise                            4     110,00           440,00
                                   À reporter            520,00
""",
            f"""
{header}
                                   Report                520,00
Armoire                           1     350,00           350,00
                                   Total HT              870,00
""",
        )
    )
    assert amounts(lines) == ["80.00", "440.00", "350.00"]


def test_a_second_page_needs_no_header(draw):
    """Rows on the next page that fit the columns belong to the table, and footers do not."""
    lines = extract_lines(
        draw(
            """
Bezeichnung                     Menge       EP           Gesamt
Reinigung Büro                      3   845,00         2.535,00
Glasreinigung                      10     3,83            38,30
Musterfirma GmbH                    Seite 1
""",
            """
Fensterleder                        2     6,15            12,30
                                    Summe netto        2.585,60
Musterfirma GmbH                    Seite 2
""",
        )
    )
    assert amounts(lines) == ["2535.00", "38.30", "12.30"]


def test_sums_of_sections_are_no_lines(draw):
    """Lines go on behind a subtotal when the printed total needs them."""
    lines = extract_lines(
        draw("""
Désignation                     Qté    P.U. HT       Montant HT
Dépose ancien carrelage          12      18,00           216,00
                                   Sous-total            216,00
Pose carrelage neuf              12      42,00           504,00
                                   Sous-total            504,00
                                   Total HT              720,00
""")
    )
    assert amounts(lines) == ["216.00", "504.00"]


def test_a_discount_of_a_line_is_an_amount(draw):
    """A percentage becomes what it takes off, and the row still multiplies out."""
    (line, plain) = extract_lines(
        draw("""
Artikel                  Menge   Einzelpreis   Rabatt      Gesamt
Bürostuhl                    4        100,00     10 %      360,00
Tischlampe                   2         40,00                80,00
""")
    )
    assert (line.discount, line.net_amount) == (Decimal("40.00"), Decimal("360.00"))
    assert plain.discount is None


def test_prices_with_vat_are_marked_by_their_labels(draw):
    """Columns called "TTC" make the line amounts gross."""
    (line,) = extract_lines(
        draw("""
Article                  Qté    Prix unitaire TTC    Total TTC
Bouilloire                 2                24,00        48,00
                                   Total TTC             48,00
""")
    )
    assert line.includes_tax
    assert (line.unit_price, line.net_amount) == (24, 48)


def test_free_and_negative_lines_are_lines(draw):
    """An amount of 0.00 and a negative amount count like any other."""
    lines = extract_lines(
        draw("""
Description              Quantity   Unit price      Amount
Hosting                         1        90.00       90.00
Second free service             1         0.00        0.00
Returned cable                 -2        10.00      -20.00
                                         Total       70.00
""")
    )
    assert amounts(lines) == ["90.00", "0.00", "-20.00"]


@pytest.mark.parametrize(
    ("printed", "quantity", "unit"),
    [("3 h", 3, "h"), ("1,5kg", Decimal("1.5"), "kg"), ("2,00 pce", 2, "pce"), ("4 Stk.", 4, "Stk.")],
)
def test_a_unit_may_stick_to_the_quantity(draw, printed, quantity, unit):
    """The unit is split from the number."""
    price = Decimal("12.00")
    amount = f"{quantity * price:.2f}".replace(".", ",")
    (line,) = extract_lines(
        draw(f"""
Désignation              Quantité   Prix unitaire   Montant
Travail en régie         {printed:>8}           12,00   {amount:>7}
""")
    )
    assert (line.quantity, line.unit) == (quantity, unit)


def test_a_unit_has_its_own_column(draw):
    """Units, item numbers and positions are told from the description."""
    (line, _) = extract_lines(
        draw("""
Pos   Art.-Nr.   Bezeichnung              Menge   Einheit   Einzelpreis     Gesamt
1     A-4711     Kabelkanal weiss            12   m                3,50      42,00
2     B-0815     Schalter                     3   Stück            9,00      27,00
""")
    )
    assert (line.identifier, line.item_id, line.unit) == ("1", "A-4711", "m")
    assert line.description == "Kabelkanal weiss"


def test_thousands_split_into_words_are_one_number(draw):
    """ "1 234,56" is two words of one amount."""
    (line,) = extract_lines(
        draw("""
Désignation                     Qté     P.U. HT       Montant HT
Serveur rackable                 3     1 234,56         3 703,68
""")
    )
    assert (line.quantity, line.unit_price) == (3, Decimal("1234.56"))
    assert line.net_amount == Decimal("3703.68")


def test_currency_signs_in_cells_do_not_matter(draw):
    """Signs before and after the amounts are no part of the numbers."""
    (line,) = extract_lines(
        draw("""
Item                     Hours        Rate          Amount
Design workshop             12     $ 85.00      $ 1,020.00
                             Total due          $ 1,020.00
""")
    )
    assert (line.unit_price, line.net_amount) == (85, 1020)


def test_descriptions_full_of_numbers_keep_them(draw):
    """Sizes, references and years in a description are not taken for cells."""
    (line, _) = extract_lines(
        draw("""
Désignation                                   Qté    P.U. HT       Montant HT
Vis inox A4 5x60 boîte de 200 réf. 4812         3      14,25            42,75
Calendrier 2026 format 30 x 40                 10       2,10            21,00
""")
    )
    assert line.description == "Vis inox A4 5x60 boîte de 200 réf. 4812"
    assert line.quantity == 3


def test_a_recap_of_vat_is_no_table_of_lines(draw):
    """Rows of rates, bases and taxes do not become lines."""
    lines = extract_lines(
        draw("""
Désignation                     Qté    P.U. HT       Montant HT
Formation                         2     400,00           800,00

Taux      Base HT      Montant TVA
20,00 %    800,00           160,00

                                   Total HT              800,00
                                   Total TTC             960,00
""")
    )
    assert amounts(lines) == ["800.00"]


def test_labels_that_ocr_misread_are_still_known(draw):
    """One wrong letter in a header or two words run together do not hide the table."""
    (line,) = extract_lines(
        draw("""
Désignatlon              Quanlité   Prixunitaire HT   Montant HT
Peinture blanche 10 l           2             48,00        96,00
""")
    )
    assert (line.quantity, line.unit_price, line.net_amount) == (2, 48, 96)


def test_pages_without_a_table_have_no_lines(draw):
    """A letter gives no lines, and neither does nothing."""
    assert extract_lines(draw("Madame, Monsieur,\nveuillez trouver ci-joint 2 documents.\n")) == ()
    assert extract_lines(()) == ()


def test_the_sum_of_lines_needs_every_amount():
    """A sum is only a sum when no amount is missing."""
    known = InvoiceLine(net_amount=Decimal("10.10"))
    assert lines_sum([known, known]) == Decimal("20.20")
    assert lines_sum([known, InvoiceLine()]) is None
    assert lines_sum([]) is None


@pytest.mark.parametrize(
    ("net", "gross", "marked"),
    [("100.00", "120.00", False), ("83.33", "100.00", True), ("90.00", "95.00", None), (None, "100.00", None)],
)
def test_the_totals_tell_whether_lines_include_vat(net, gross, marked):
    """Lines that add up to the gross total include VAT; to the net total, they do not; else nothing changes."""
    before = marked is None
    line = InvoiceLine(net_amount=Decimal("100.00"), includes_tax=before)
    (after,) = mark_tax_inclusive([line], net and Decimal(net), gross and Decimal(gross))
    assert after.includes_tax is (before if marked is None else marked)


def test_carried_sums_with_unknown_labels_are_no_lines(draw):
    """An amount alone that repeats the sum of all lines before is not a line, whatever it is called."""
    header = "Désignation                     Qté    P.U. HT       Montant HT"
    lines = extract_lines(
        draw(
            f"""
{header}
Lampe de bureau                   2      40,00            80,00
Chaise                            4     110,00           440,00
""",
            f"""
{header}
Cumul du feuillet 1                                      520,00
Armoire                           1     350,00           350,00
                                   Total HT              870,00
""",
        )
    )
    assert amounts(lines) == ["80.00", "440.00", "350.00"]


def test_footers_with_numbers_are_no_lines(draw):
    """A register or telephone number under the amounts has no cents and is no amount."""
    lines = extract_lines(
        draw(
            """
Bezeichnung                     Menge       EP           Gesamt
Reinigung Büro                      3   845,00         2.535,00
Glasreinigung                      10     3,83            38,30


Muster GmbH   Tel. 0628   HRB    3705       24           837611
""",
        )
    )
    assert amounts(lines) == ["2535.00", "38.30"]
