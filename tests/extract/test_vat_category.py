"""Why VAT is charged or not, in the letters of UNCL 5305."""

from decimal import Decimal

import pytest

from pipeline.extract.vat_category import untaxed_category, with_categories
from pipeline.extract.vat_table import extract_vat_breakdown
from pipeline.validate.vat import WITHOUT_VAT
from schemas import VatBreakdown

UNTAXED = "Base HT   810,05\nTVA (0,00 %)   0,00\nNet TTC   810,05\n"


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("Autoliquidation – TVA due par le preneur (art. 283-2 du CGI)", "AE"),
        ("Reverse charge: VAT to be accounted for by the recipient (art. 196 Directive 2006/112/EC)", "AE"),
        ("Steuerschuldnerschaft des Leistungsempfängers", "AE"),
        ("Inversión del sujeto pasivo", "AE"),
        ("Inversione contabile art. 17", "AE"),
        ("btw verlegd", "AE"),
        ("Exonération de TVA, livraison intracommunautaire, art. 262 ter I du CGI", "K"),
        ("VAT exempt intra-community supply, art. 138 Directive 2006/112/EC", "K"),
        ("Steuerfreie innergemeinschaftliche Lieferung nach § 4 Nr. 1b UStG", "K"),
        ("Exonération de TVA, article 262 I du Code général des impôts", "G"),
        ("Steuerfreie Ausfuhrlieferung", "G"),
        ("Export of goods, VAT exempt", "G"),
        ("TVA non applicable, art. 293 B du CGI", "E"),
        ("Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.", "E"),
        ("Operación exenta de IVA", "E"),
        ("Esente IVA art. 10", "E"),
        ("Opération hors champ de la TVA", "O"),
        ("Outside the scope of VAT", "O"),
        ("Zero-rated supply", "Z"),
        ("N° TVA intracommunautaire FR44732829320", None),
        ("Merci de votre confiance", None),
    ],
)
def test_the_words_of_the_page_say_why_no_vat_is_charged(draw, words, category):
    """In six languages; a VAT id alone says nothing."""
    (row,) = extract_vat_breakdown(draw(UNTAXED + words))
    assert (row.rate, row.category) == (Decimal(0), category)
    assert category is None or category in WITHOUT_VAT


def test_where_vat_is_charged_the_category_is_standard(draw):
    """Whatever else the page says of other sales."""
    (row,) = extract_vat_breakdown(draw("TVA 20 % sur 800,00 :  160,00\nAutoliquidation : voir conditions"))
    assert row.category == "S"


def test_each_row_has_its_own_category(draw):
    """A taxed and an exempt part."""
    rows = (
        VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(20)),
        VatBreakdown(rate=Decimal(0), base=Decimal(50), amount=Decimal(0)),
    )
    assert [row.category for row in with_categories(rows, draw("Exonération art. 261 du CGI"))] == ["S", "E"]
    assert with_categories((), draw("Exonération")) == ()


def test_words_stand_at_the_beginning_of_words(draw):
    """Something that only contains them is another word."""
    assert untaxed_category(draw("teleexportation")) is None
