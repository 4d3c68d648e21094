"""The totals are chosen jointly: the numbers that add up win."""

from decimal import Decimal

import pytest

from pipeline.extract.candidates import survey
from pipeline.extract.totals import choose_totals, propose_totals
from schemas import EvidenceKind, FieldName, InvoiceLine, VatBreakdown


def rows(*texts, x=300, y=500):
    """Captions with their amounts, one row below the other."""
    return [place for n, (caption, amount) in enumerate(texts) for place in _row(caption, amount, x, y + 14 * n)]


def _row(caption, amount, x, y):
    return (x, y, caption), (x + 150, y, amount)


def vat(rate, base, amount):
    return VatBreakdown(rate=Decimal(rate), base=Decimal(base), amount=Decimal(amount))


@pytest.fixture
def choose(page_of):
    """The totals of a page: net, VAT and gross as text, and all that was chosen."""

    def chosen(*texts, lines=(), taxes=()):
        sheet = survey([page_of(*texts)])
        totals = choose_totals(propose_totals(sheet), lines, taxes, [sheet])
        values = {name: str(option.value) for name, option in totals.chosen.items()}
        trio = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL)
        return tuple(values.get(name) for name in trio), totals

    return chosen


@pytest.mark.parametrize(
    ("captions", "amounts"),
    [
        (("Total HT", "TVA 20 %", "Total TTC"), ("1 000,00 €", "200,00 €", "1 200,00 €")),
        (("Net total", "VAT 20%", "Total amount due"), ("£1,000.00", "£200.00", "£1,200.00")),
        (("Nettobetrag", "zzgl. 19 % MwSt.", "Gesamtbetrag"), ("1.000,00", "190,00", "1.190,00")),
        (("Base imponible", "IVA 21 %", "Total factura"), ("1.000,00", "210,00", "1.210,00")),
        (("Imponibile", "IVA 22%", "Totale fattura"), ("1.000,00", "220,00", "1.220,00")),
        (("Totaal excl. btw", "Btw 21%", "Totaal incl. btw"), ("1.000,00", "210,00", "1.210,00")),
        (("Total net", "MwSt 8.1%", "Total CHF"), ("1'000.00", "81.00", "1'081.00")),
    ],
)
def test_totals_are_read_in_every_language(choose, captions, amounts):
    """Three captions, three amounts, and they add up."""
    values, totals = choose(*rows(*zip(captions, amounts, strict=True)))
    assert totals.adds_up
    net, tax, gross = map(Decimal, values)
    assert (net, gross) == (1000, 1000 + tax)


def test_totals_that_add_up_beat_better_labels_that_do_not(choose):
    """A bare "Total" is the gross here: the "Total TTC" above it is that of a section."""
    values, _ = choose(
        *rows(("Total TTC", "333,00"), ("Total HT", "1 000,00"), ("TVA", "200,00"), ("Total", "1 200,00"))
    )
    assert values == ("1000.00", "200.00", "1200.00")


def test_what_does_not_add_up_has_no_proof(choose):
    """The totals are given as printed, but arithmetic does not speak for them."""
    _, totals = choose(*rows(("Total HT", "1 000,00"), ("TVA 20 %", "200,00"), ("Total TTC", "1 250,00")))
    assert not totals.adds_up
    assert not [
        witness
        for option in totals.chosen.values()
        for witness in option.evidence
        if witness.kind is EvidenceKind.ARITHMETIC and witness.supports
    ]


def test_a_cent_of_rounding_is_allowed(choose):
    """Each of the amounts was rounded by itself."""
    _, totals = choose(*rows(("Total HT", "99,99"), ("TVA 20 %", "20,00"), ("Total TTC", "120,00")))
    assert totals.adds_up


def test_several_vat_rates_are_summed(choose):
    """The VAT total is that of the recap even where only the rates are printed."""
    values, totals = choose(
        *rows(("Total HT", "300,00"), ("TVA 20 %", "20,00"), ("TVA 10 %", "20,00"), ("Total TTC", "340,00")),
        taxes=(vat("20", "100.00", "20.00"), vat("10", "200.00", "20.00")),
    )
    assert values == ("300.00", "40.00", "340.00")
    assert totals.adds_up


def test_the_row_of_one_vat_rate_is_not_the_total(choose):
    """Base, VAT and gross of one rate add up too."""
    values, _ = choose(
        *rows(("Base HT", "100,00"), ("TVA", "20,00"), ("TTC", "120,00"), x=40, y=440),
        *rows(("Total HT", "300,00"), ("Total TVA", "40,00"), ("Total TTC", "340,00")),
        taxes=(vat("20", "100.00", "20.00"), vat("10", "200.00", "20.00")),
    )
    assert values == ("300.00", "40.00", "340.00")


def test_the_amount_due_is_the_gross_where_nothing_else_is_printed(choose):
    """Many invoices print the amount to pay only."""
    values, _ = choose(*rows(("Total HT", "100,00"), ("TVA 20 %", "20,00"), ("Net à payer", "120,00")))
    assert values == ("100.00", "20.00", "120.00")


def test_a_paid_invoice_has_its_gross_and_nothing_due(choose):
    """Amount due 0.00: it is not taken for the gross."""
    values, totals = choose(
        *rows(
            ("Total HT", "100,00"),
            ("TVA 20 %", "20,00"),
            ("Total TTC", "120,00"),
            ("Déjà réglé", "120,00"),
            ("Net à payer", "0,00"),
        )
    )
    assert values == ("100.00", "20.00", "120.00")
    assert totals.chosen[FieldName.AMOUNT_DUE].value == 0
    assert totals.chosen[FieldName.PREPAID_TOTAL].value == 120


def test_a_deposit_leaves_gross_and_amount_due_apart(choose):
    """The rest is due, the gross is the whole."""
    values, totals = choose(
        *rows(
            ("Total HT", "100,00"),
            ("TVA", "20,00"),
            ("Total TTC", "120,00"),
            ("Acompte", "-50,00"),
            ("Reste dû", "70,00"),
        )
    )
    assert values[2] == "120.00"
    assert totals.chosen[FieldName.AMOUNT_DUE].value == 70


def test_without_vat_net_and_gross_are_equal(choose):
    """No VAT is printed: it is zero, and that follows from the two."""
    values, totals = choose(*rows(("Total HT", "250,00 €"), ("Total TTC", "250,00 €")))
    assert tuple(map(Decimal, values)) == (250, 0, 250)
    assert totals.adds_up


def test_vat_is_inferred_only_where_it_is_printed(choose):
    """Gross less net is taken for the VAT when the page shows that amount, if without a label."""
    values, _ = choose(*rows(("Total HT", "100,00"), ("Total TTC", "120,00")), (40, 600, "soit 20,00"))
    assert values == ("100.00", "20.00", "120.00")
    values, _ = choose(*rows(("Total HT", "100,00"), ("Total TTC", "120,00")))
    assert values[1] is None


def test_a_credit_note_may_be_negative(choose):
    """All three below zero add up as well."""
    values, totals = choose(*rows(("Total HT", "-100,00"), ("TVA 20 %", "-20,00"), ("Total TTC", "-120,00")))
    assert values == ("-100.00", "-20.00", "-120.00")
    assert totals.adds_up


def test_a_rate_is_not_taken_for_the_amount_of_vat(choose):
    """The percentage stands nearer to the label than the amount."""
    values, _ = choose((40, 500, "TVA"), (80, 500, "20,00 %"), (160, 500, "30,00"), *rows(("Total HT", "150,00"), ("Total TTC", "180,00"), y=520))  # fmt: skip  # noqa: E501
    assert values == ("150.00", "30.00", "180.00")


def test_amounts_of_the_terms_are_no_totals(choose):
    """Late fees, share capital and carried-over sums do not compete."""
    values, _ = choose(
        (40, 300, "Report 9 999,00"),
        *rows(("Total HT", "100,00"), ("TVA", "20,00"), ("Total TTC", "120,00")),
        (40, 700, "Indemnité forfaitaire de 40,00 €"),
        (40, 790, "SARL au capital de 10 000,00 €"),
    )
    assert values == ("100.00", "20.00", "120.00")


def test_the_lines_speak_for_the_net(choose):
    """Two captions name a net; the one that the lines add up to is right."""
    lines = [InvoiceLine(net_amount=Decimal("60.00")), InvoiceLine(net_amount=Decimal("40.00"))]
    _, totals = choose(*rows(("Total HT", "110,00"), ("Total HT", "100,00")), lines=lines)
    assert totals.chosen[FieldName.NET_TOTAL].value == 100
    assert any(e.kind is EvidenceKind.ARITHMETIC for e in totals.chosen[FieldName.NET_TOTAL].evidence)


def test_discount_and_freight_are_read_beside_the_totals(choose):
    """They have fields of their own."""
    _, totals = choose(
        *rows(
            ("Total brut HT", "110,00"),
            ("Remise", "-20,00"),
            ("Frais de port", "10,00"),
            ("Total HT", "100,00"),
            ("TVA", "20,00"),
            ("Total TTC", "120,00"),
        )
    )
    assert totals.chosen[FieldName.NET_TOTAL].value == 100
    assert abs(totals.chosen[FieldName.ALLOWANCE_TOTAL].value) == 20
    assert totals.chosen[FieldName.CHARGE_TOTAL].value == 10


def test_a_page_without_amounts_has_no_totals(choose):
    """Nothing is made up."""
    values, totals = choose((40, 60, "Total HT"), (40, 80, "Merci"))
    assert values == (None, None, None)
    assert totals.chosen == {}
    assert not totals.adds_up


def test_a_summary_of_one_rate_does_not_take_the_place_of_the_total(choose):
    """A receipt may sum up only the goods of one VAT rate; what was paid stands by itself."""
    taxes = (vat("20", "44.76", "8.95"),)
    page = rows(("Sub-total", "44.76"), ("VAT", "8.95"), ("Total payable", "72.40"))
    (_, _, gross), _ = choose(*page, taxes=taxes)
    assert gross == "72.40"


def test_a_sum_to_the_cent_beats_one_that_is_rounded(choose):
    """What is paid in round coins is the amount due, not the total with VAT."""
    captions = ("Montant net HT", "TVA 8.1%", "Reste dû", "TOTAL", "Écart d'arrondi")
    amounts = ("CHF 3'682.95", "CHF 285.79", "CHF 3'968.75", "CHF 3'968.74", "CHF 0.01")
    values, _ = choose(*rows(*zip(captions, amounts, strict=True)))
    assert values == ("3682.95", "285.79", "3968.74")
