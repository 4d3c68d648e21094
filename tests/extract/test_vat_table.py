"""The VAT breakdown from recap tables and totals blocks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.vat_table import extract_vat_breakdown, with_bases
from schemas import Box, InvoiceLine, Page, VatBreakdown, Word


def rows(breakdown):
    return [(row.rate, row.base, row.amount) for row in breakdown]


def decimals(*values):
    return tuple(Decimal(value) for value in values)


@pytest.mark.parametrize(
    "text",
    [
        "Taux       Base HT      Montant TVA\n20,00 %    800,00       160,00",
        "Base HT      Taux      TVA       TTC\n800,00     20,00 %    160,00    960,00",
        "Code TVA   Base HT   Taux TVA   Montant TVA\n1      800,00   20,00    160,00",
        "TVA 20 % sur 800,00 :  160,00",
        "Total HT      800,00\nTVA (20 %)       160,00\nTotal TTC      960,00",
        "Subtotal   800.00\nVAT @ 20%   £160.00\nTotal   £960.00",
        "Nettobetrag   800,00\nzzgl. 20 % MwSt.   160,00\nGesamtbetrag   960,00",
        "Base imponible   800,00\nIVA 20%   160,00\nTotal   960,00",
        "Total HT   800,00\nTVA   160,00\nTotal TTC   960,00",
    ],
)
def test_one_rate_is_read_from_every_usual_print(draw, text):
    """Recap tables, sentences and totals blocks in several languages say the same."""
    assert rows(extract_vat_breakdown(draw(text))) == [decimals("20", "800", "160")]


def test_a_recap_has_a_row_a_rate(draw):
    """Every row that proves itself is taken; the row of sums has no rate and is not."""
    breakdown = extract_vat_breakdown(
        draw("""
Taux       Base HT      Montant TVA     Total TTC
5,50 %      200,00            11,00        211,00
20,00 %   1 000,00           200,00      1 200,00
Total     1 200,00           211,00      1 411,00
""")
    )
    assert rows(breakdown) == [decimals("5.5", "200", "11"), decimals("20", "1000", "200")]


def test_a_recap_may_have_a_column_a_rate(draw):
    """Rates side by side, with their bases and taxes below."""
    breakdown = extract_vat_breakdown(
        draw("""
TVA            5,50 %      20,00 %
Base           200,00     1 000,00
Montant         11,00       200,00
""")
    )
    assert rows(breakdown) == [decimals("5.5", "200", "11"), decimals("20", "1000", "200")]


def test_what_a_recap_and_the_totals_both_say_is_said_once(draw):
    """The totals block repeats the recap; every rate stays single."""
    breakdown = extract_vat_breakdown(
        draw("""
Taux       Base HT      Montant TVA
20,00 %    800,00       160,00

                       Total HT     800,00
                       TVA 20 %     160,00
                       Total TTC    960,00
""")
    )
    assert rows(breakdown) == [decimals("20", "800", "160")]


def test_vat_of_nothing_has_the_sum_that_is_net_and_gross_as_base(draw):
    """At 0 % the base is the sum that is printed both before and after VAT."""
    breakdown = extract_vat_breakdown(draw("Base HT   810,05\nTVA (0,00 %)   0,00\nNet TTC   810,05"))
    assert rows(breakdown) == [decimals("0", "810.05", "0")]


def test_a_tax_that_no_printed_sum_explains_has_no_base(draw):
    """Two rates in a totals block without bases: nothing is made up."""
    breakdown = extract_vat_breakdown(
        draw("Total HT   900,00\nTVA 10 %   20,00\nTVA 20 %   140,00\nTotal TTC   1 060,00")
    )
    assert rows(breakdown) == [(Decimal(10), None, Decimal(20)), (Decimal(20), None, Decimal(140))]


def test_invoice_lines_are_no_vat(draw):
    """A quantity of 5 at 20 % looks like VAT on the amount; it is a line."""
    breakdown = extract_vat_breakdown(
        draw("""
Désignation               Qté    P.U. HT   TVA       Montant HT
Location autolaveuse     5,00      79,88   20 %          399,40
                                   Total HT              399,40
                                   TVA 20 %               79,88
                                   Total TTC             479,28
""")
    )
    assert rows(breakdown) == [decimals("20", "399.40", "79.88")]


def test_a_discount_in_per_cent_is_no_vat(draw):
    """A percentage on a row that does not name VAT is something else."""
    assert extract_vat_breakdown(draw("Remise 10 % sur 100,00     10,00\nNet à payer   90,00")) == ()


def test_pages_that_print_no_vat_have_no_breakdown(draw):
    """Nothing printed, nothing found."""
    assert extract_vat_breakdown(draw("Bonjour")) == ()
    assert extract_vat_breakdown(()) == ()


def _page(*cells):
    """A page with one row of cells far apart."""
    words = tuple(
        Word(text=text, box=Box(x0=40 + 90 * column, y0=40, x1=40 + 90 * column + 6 * len(text), y1=50))
        for column, text in enumerate(cells)
    )
    return Page(number=1, width=600, height=800, words=words)


@given(cents=st.integers(1_000, 99_999_999), rate=st.sampled_from(["5.5", "7", "10", "19", "20", "21"]))
def test_any_row_that_proves_itself_is_read(cents, rate):
    """Whatever the amounts are: base x rate = tax beside "TVA" is one row of the breakdown."""
    base = Decimal(cents).scaleb(-2)
    tax = round(base * Decimal(rate) / 100, 2)
    (row,) = extract_vat_breakdown([_page("TVA", f"{rate}%", f"{base:.2f}", f"{tax:.2f}")])
    assert (row.rate, row.base, row.amount) == (Decimal(rate), base, tax)


def test_boxes_of_totals_carry_their_amounts_below(draw):
    """Labels with rates in a row of boxes, the amounts under them."""
    breakdown = extract_vat_breakdown(
        draw("""
Total net HT        TVA 5,5 %        TVA 20 %        Total TTC
      699,75            16,86           78,63           795,24
""")
    )
    assert rows(breakdown) == [(Decimal("5.5"), None, Decimal("16.86")), (Decimal(20), None, Decimal("78.63"))]


def test_lines_of_a_rate_prove_its_base():
    """Where no base is printed, the lines of the rate are it if rate and tax agree; else nothing is."""
    lines = [
        InvoiceLine(net_amount=Decimal("300.00"), tax_rate=Decimal(20)),
        InvoiceLine(net_amount=Decimal("93.15"), tax_rate=Decimal("20.00")),
        InvoiceLine(net_amount=Decimal("306.60"), tax_rate=Decimal("5.5")),
    ]
    taxes = [
        VatBreakdown(rate=Decimal(20), amount=Decimal("78.63")),
        VatBreakdown(rate=Decimal("5.5"), amount=Decimal("99.00")),
        VatBreakdown(rate=Decimal(10), amount=Decimal("1.00")),
        VatBreakdown(rate=Decimal(7), base=Decimal("100.00"), amount=Decimal("7.00")),
    ]
    assert [row.base for row in with_bases(taxes, lines)] == [Decimal("393.15"), None, None, Decimal("100.00")]


def test_a_taxed_thing_on_a_line_is_no_vat(draw):
    """A description that contains the word for tax does not make its line a row of the breakdown."""
    breakdown = extract_vat_breakdown(
        draw("""
Quantité   Désignation               P.U.      Montant
10         Taxe gasoil              37,99       379,90
                               Total HT         379,90
                               TVA 0 %            0,00
""")
    )
    assert [row.rate for row in breakdown] == [0]
