"""What stands on the page becomes numbers with names."""

from decimal import Decimal

import pytest

from pipeline.extract.adding_up import Proof
from pipeline.extract.candidates import survey
from pipeline.extract.propose import propose
from pipeline.extract.scoring.features import ABSENT, FEATURES, features_of
from pipeline.extract.scoring.surroundings import Surroundings, sums_of
from schemas import FieldName


@pytest.fixture
def known(page_of):
    """The features of a field's candidates by value."""

    def of(name, *texts, proof=None):
        sheet = survey([page_of(*texts)])
        proposals = propose(sheet)
        table = features_of(name, proposals, Surroundings(sheet, proof or Proof(None, None, None)))
        return {
            str(option.value): dict(zip(FEATURES, row.tolist(), strict=True))
            for option, row in zip(proposals[name], table, strict=True)
        }

    return of


TOTALS = (
    (300, 600, "Total HT"), (400, 600, "100,00"),
    (300, 620, "TVA 20 %"), (400, 620, "20,00"),
    (300, 640, "Total TTC"), (400, 640, "120,00 €"),
    (300, 660, "Port"), (400, 660, "7,00"),
)  # fmt: skip


def test_a_label_beside_the_value_is_seen_with_its_distance(known):
    """In heights of a row."""
    number = known(FieldName.INVOICE_NUMBER, (40, 60, "Facture n° :"), (160, 60, "F-17"))["F-17"]
    assert number["label_beside"] == 1
    assert number["label"] > 0.7
    assert 0 < number["label_distance"] < 10


def test_a_label_of_another_meaning_speaks_against(known):
    """A customer number has a label that says what it is not."""
    found = known(FieldName.INVOICE_NUMBER, (40, 60, "Facture n° F-17"), (40, 100, "N° client : C-4711"))
    assert found["C-4711"]["not_label"] > found["F-17"]["not_label"] == 0


def test_amounts_know_their_part_in_net_plus_vat(known):
    """And what is no part of such a sum."""
    gross = known(FieldName.GROSS_TOTAL, *TOTALS)
    assert (gross["120.00"]["in_sum"], gross["100.00"]["in_sum"], gross["100.00"]["in_other_sum"]) == (1, 0, 1)
    assert gross["7.00"]["in_sum"] == gross["7.00"]["in_other_sum"] == 0
    assert gross["120.00"]["is_largest"] == 1
    assert gross["120.00"]["currency_mark"] == 1


def test_amounts_know_whether_recap_and_lines_add_up_to_them(known):
    """Nothing is said where there is neither."""
    proof = Proof(lines_net=Decimal(100), recap_net=Decimal(90), recap_tax=None)
    net, bare = (
        known(FieldName.NET_TOTAL, *TOTALS, proof=proof)["100.00"],
        known(FieldName.NET_TOTAL, *TOTALS)["100.00"],
    )
    assert (net["fits_lines"], net["fits_recap"]) == (1, 0)
    assert (bare["fits_lines"], bare["fits_recap"]) == (ABSENT, ABSENT)


def test_dates_know_their_order(known):
    """The due date comes after the date of issue."""
    due = known(FieldName.DUE_DATE, (40, 60, "Date 03/03/2026"), (40, 80, "Échéance 02/04/2026"))
    assert (due["2026-03-03"]["date_rank"], due["2026-04-02"]["date_rank"]) == (0, 0.5)
    assert due["2026-04-02"]["days_from_first"] == 30


def test_names_know_their_block(known):
    """Legal form and company number, as a seller's block has them."""
    seller = known(
        FieldName.SELLER_NAME, (40, 40, "Martin SARL"), (40, 52, "SIRET 732 829 320 00074"), (40, 300, "Vis inox")
    )
    assert seller["Martin SARL"]["legal_form"] == 1
    assert seller["Martin SARL"]["block_has_ids"] == 1


def test_sums_are_found_only_with_a_rate_in_force():
    """100 + 3.33 = 103.33 is no VAT."""
    assert sums_of([Decimal(100), Decimal("3.33"), Decimal("103.33")]).grosses == frozenset()
    sums = sums_of([Decimal(100), Decimal(20), Decimal(120), Decimal(55)])
    assert (sums.nets, sums.taxes, sums.grosses) == ({Decimal(100)}, {Decimal(20)}, {Decimal(120)})
