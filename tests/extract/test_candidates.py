"""Labels and values put together by how they stand to each other."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.extract.candidates import scores_for, survey


@pytest.fixture
def best(page_of):
    """The value that a meaning's labels name best on a page."""

    def found(meaning, *texts):
        scores = scores_for(survey([page_of(*texts)]), meaning)
        return max(scores, key=lambda span: scores[span].strength).value if scores else None

    return found


@pytest.mark.parametrize(
    "texts",
    [
        [(40, 60, "Facture n° F-2026/17")],
        [(40, 60, "Facture n°"), (300, 60, "F-2026/17")],
        [(40, 60, "Facture n°"), (40, 74, "F-2026/17")],
        [(40, 60, "Numéro de facture"), (200, 60, "Date"), (40, 74, "F-2026/17"), (200, 74, "03/03/2026")],
        [(40, 60, "Nous vous adressons notre facture n° F-2026/17 du 3 mars 2026.")],
    ],
    ids=["beside", "over a gap", "below", "in a table", "in a sentence"],
)
def test_a_label_names_the_value_beside_or_below_it(best, texts):
    """Wherever the layout puts them."""
    assert best("invoice_number", *texts) == "F-2026/17"


def test_a_column_is_read_below_its_own_header(best):
    """Of three dates under three headers each has its own."""
    page = [
        (40, 60, "Date facture"), (200, 60, "Date livraison"), (360, 60, "Échéance"),
        (40, 74, "03/03/2026"), (200, 74, "27/02/2026"), (360, 74, "02/04/2026"),
    ]  # fmt: skip
    assert best("issue_date", *page) == date(2026, 3, 3)
    assert best("delivery_date", *page) == date(2026, 2, 27)
    assert best("due_date", *page) == date(2026, 4, 2)


def test_a_label_does_not_steal_the_value_of_another(page_of):
    """A number that the customer's label names better is hardly the invoice's."""
    sheet = survey([page_of((40, 60, "Facture"), (40, 80, "N° client : 4711"), (40, 94, "N° facture : 2026-17"))])
    scores = {span.value: link.strength for span, link in scores_for(sheet, "invoice_number").items()}
    assert scores["2026-17"] > 2 * scores.get("4711", 0.0)


@pytest.mark.parametrize("caption", ["N° de compteur", "N° de récépissé", "No. of meter"])
def test_a_number_sign_before_a_word_numbers_what_the_word_says(page_of, caption):
    """It is not the document's; alone or before a number it is."""
    sheet = survey([page_of((40, 80, caption), (40, 94, "04510-0671"))])
    assert not [link for link in scores_for(sheet, "invoice_number").values() if link.span.raw == "04510-0671"]
    sheet = survey([page_of((40, 80, "N°"), (40, 94, "04510-0671"))])
    assert [link.span.raw for link in scores_for(sheet, "invoice_number").values()] == ["04510-0671"]


def test_a_label_behind_its_value_names_it(best):
    """When it follows closely: "120,00 € à payer"."""
    assert best("amount_due", (40, 60, "Soit 120,00 € à payer")) == Decimal("120.00")


def test_a_weak_label_counts_less_than_a_full_one(best):
    """The word "Date" alone names a date only where no "Date de facture" does."""
    page = [(40, 60, "Date : 05/03/2026"), (40, 90, "Date de facture : 03/03/2026")]
    assert best("issue_date", *page) == date(2026, 3, 3)
    assert best("issue_date", page[0]) == date(2026, 3, 5)


def test_the_nearer_of_two_values_is_the_labels_own(best):
    """The amount beside a label, not one further to the right."""
    assert best("gross_total", (40, 60, "Total TTC"), (150, 60, "120,00"), (400, 60, "999,00")) == Decimal("120.00")


def test_nothing_far_away_is_named(page_of):
    """A value many lines below a label has nothing to do with it."""
    sheet = survey([page_of((40, 60, "Facture n°"), (40, 400, "F-17"))])
    assert scores_for(sheet, "invoice_number") == {}


@pytest.mark.parametrize("size", [6, 10, 18])
def test_small_and_large_print_are_judged_alike(page_of, size):
    """Distances count in line heights."""

    def strength(size):
        rows = [(40, 60, "Facture n° F-17", size), (40, 60 + 2 * size, "Date : 03/03/2026", size)]
        (link,) = scores_for(survey([page_of(*rows)]), "issue_date").values()
        return link.strength

    assert strength(size) == pytest.approx(strength(10), abs=0.1)


def test_a_sheet_knows_decimal_mark_and_order_of_dates(page_of):
    """They are the document's, not the value's."""
    american = survey([page_of((40, 60, "Date 04/13/2026"), (40, 80, "Total 1,234.56"), (40, 100, "Due 05/01/2026"))])
    assert (american.decimal_mark, american.month_first) == (".", True)
    assert {span.value for span in american.spans_of("date")} == {date(2026, 4, 13), date(2026, 5, 1)}
    french = survey([page_of((40, 60, "Date 05/01/2026"), (40, 80, "Total 1 234,56"))])
    assert (french.decimal_mark, french.month_first) == (",", False)


def test_a_page_without_words_has_nothing(page_of):
    """No lines, no labels, no values, no blocks."""
    sheet = survey([page_of()])
    assert (sheet.lines, sheet.labels, sheet.spans, sheet.links, sheet.blocks) == ((), (), (), (), ())
