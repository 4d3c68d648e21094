"""A file is split into its invoices where that is plain."""

import pytest

from pipeline.extract.split import split_pages


@pytest.fixture
def parts(page_of):
    """The page numbers of each part of a file whose pages have these texts."""

    def found(*pages):
        built = [page_of(*texts, number=number) for number, texts in enumerate(pages, start=1)]
        return [[page.number for page in part] for part in split_pages(built)]

    return found


def first_page(number, title="FACTURE"):
    return [
        (40, 60, "Quincaillerie Martin SARL"),
        (340, 60, title, 18),
        (340, 100, f"{title.title()} n° {number}"),
        (40, 200, "Date de facture 03/03/2026"),
        (40, 400, "Vis inox"),
        (40, 600, "Total TTC 120,00 €"),
    ]


LATER_PAGE = [(40, 60, "Désignation"), (40, 80, "Écrous"), (40, 400, "Total TTC 120,00 €"), (40, 420, "Merci")]


def test_two_invoices_in_one_file_are_two_parts(parts):
    """Each begins with a title and another number."""
    assert parts(first_page("F-17"), first_page("F-18")) == [[1], [2]]


def test_an_invoice_and_a_credit_note_are_two_parts(parts):
    """A number of another kind of document counts as well."""
    assert parts(first_page("F-17"), LATER_PAGE, first_page("AV-2026-3", "AVOIR")) == [[1, 2], [3]]


def test_a_two_page_invoice_is_one_part(parts):
    """With or without the head of the first page on the second."""
    assert parts(first_page("F-17"), LATER_PAGE) == [[1, 2]]
    assert parts(first_page("F-17"), first_page("F-17")) == [[1, 2]]


def test_a_mention_of_another_invoice_splits_nothing(parts):
    """Neither in the terms nor low on the page."""
    terms = [(40, 60, "Conditions générales"), (40, 700, "Voir la facture n° F-09"), (40, 720, "Merci"), (40, 740, "x")]
    assert parts(first_page("F-17"), terms) == [[1, 2]]


def test_blank_pages_are_left_out(parts):
    """The backs of scanned sheets."""
    assert parts(first_page("F-17"), [], first_page("F-18"), []) == [[1], [3]]


def test_a_file_without_words_is_one_part(parts):
    """So that somebody hears of it."""
    assert parts([], []) == [[1, 2]]
    assert parts(LATER_PAGE) == [[1]]


def test_no_pages_are_one_empty_part(parts):
    """A file of which nothing could be read has no page at all."""
    assert parts() == [[]]
