"""What stands about a number or a date is told whatever the words."""

import pytest

from pipeline.extract.adding_up import Proof
from pipeline.extract.candidates import survey
from pipeline.extract.layout import lines_of
from pipeline.extract.scoring.head import FAR, of_head
from pipeline.extract.scoring.surroundings import Surroundings


@pytest.fixture
def about(page_of):
    """The features of the word that has a text, on a page."""

    def of(text, *texts):
        page = page_of(*texts)
        around = Surroundings(survey([page]), Proof(None, None, None))
        line = next(line for line in lines_of(page) if text in line.text)
        word = next(word for word in line.words if word.text == text)
        return dict(of_head(word.box, line, page.number, around))

    return of


def test_a_number_beside_the_title_is_at_no_distance(about):
    """One far below it is several rows away."""
    page = (40, 60, "FACTURE F-17"), (40, 160, "Dossier 4711")
    assert about("F-17", *page)["title_beside"] == 1
    assert about("4711", *page)["title_beside"] == 0
    assert about("4711", *page)["title_rows"] == pytest.approx(10)


def test_a_page_without_title_or_date_has_them_far_away(about):
    """No more than the limit."""
    found = about("4711", (40, 60, "Dossier 4711"))
    assert (found["title_rows"], found["date_rows"]) == (FAR, FAR)


def test_words_between_title_and_number_are_counted(about):
    """In one text; a value of another column or without a title is far from any."""
    assert about("F-17", (40, 60, "Facture F-17"))["after_title"] == 0
    assert about("26/051", (40, 60, "Facture client 26/051 du 18.01.26"))["after_title"] == 1
    assert about("F-17", (40, 60, "Dossier F-17"))["after_title"] == FAR
    assert about("F-17", (40, 60, "Facture"), (300, 60, "F-17"))["after_title"] == FAR


def test_number_signs_are_seen_in_all_spellings(about):
    """A few words before the value at most."""
    assert about("17", (40, 60, "Xyz Nr. 17"))["number_sign"] == 1
    assert about("17", (40, 60, "Nr. one two three four 17"))["number_sign"] == 0


def test_a_number_in_an_address_is_seen(about):
    """A street's number belongs to a block with a postcode."""
    page = (40, 60, "Via Roma 128"), (40, 72, "20121 Milano"), (300, 60, "Fattura 1289")
    assert about("128", *page)["in_address"] == 1
    assert about("1289", *page)["in_address"] == 0


def test_the_row_of_an_account_that_is_to_be_debited_is_seen(about):
    """Its account is the customer's."""
    assert about("FR7630006000011234567890189", (40, 60, "Prélevé sur votre compte FR7630006000011234567890189"))[
        "payers"
    ]
