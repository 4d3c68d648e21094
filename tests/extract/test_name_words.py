"""Words that tell a name from other texts."""

import pytest

from pipeline.extract.labels import plain
from pipeline.extract.name_words import countries, is_caption, is_legal_form, legal_form, mail_hosts, not_a_name, street


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Martin SARL", "SARL"),
        ("Maier GmbH & Co. KG", "GmbH & Co. KG"),
        ("Petit S.A.S.", "S.A.S."),
        ("Acme Ltd.", "Ltd."),
        ("Rossi S.p.A.", "S.p.A."),
        ("SASHIMI", None),
        ("Limitedo", None),
    ],
)
def test_legal_forms_are_whole_words(text, form):
    """With or without points, the longest one."""
    found = legal_form().search(text)
    assert (found and found[0]) == form


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        ("FACTURE", True),
        ("Rechnung Nr. 7", True),
        ("Identifiant", True),
        ("Date : 03/03/2026", True),
        ("Sehr geehrte Damen", True),
        ("Pageot SARL", False),
        ("TotalEnergies", False),
        ("Martin Facture", False),
    ],
)
def test_titles_and_captions_begin_with_a_word_that_no_name_begins_with(text, is_none):
    """A whole word, at the start."""
    assert bool(not_a_name().match(plain(text))) is is_none


@pytest.mark.parametrize(
    ("text", "is_street"),
    [
        ("3 rue Haute", True),
        ("Bahnhofstraße 3", True),
        ("Hauptstr. 8", True),
        ("Kerkstraat 1", True),
        ("Zone industrielle", True),
        ("Truelle SARL", False),
        ("Viaduc Conseil", False),
    ],
)
def test_a_street_is_told_by_its_word(text, is_street):
    """Also by the end of a German or Dutch one."""
    assert bool(street().search(plain(text))) is is_street


@pytest.mark.parametrize(("text", "is_one"), [("Name:", True), ("Nom :", True), ("Name", False), ("Total :", False)])
def test_a_caption_announces_a_name(text, is_one):
    """It ends with a colon."""
    assert is_caption(text) is is_one


def test_mail_providers_are_nobodys_name():
    """Neither the French nor the international ones."""
    assert {"gmail", "orange", "wanadoo", "gmx"} <= mail_hosts()


def test_the_country_below_an_address_is_no_name():
    """In all six languages, plain."""
    assert {"allemagne", "united states", "osterreich", "espana", "paesi bassi", "belgie"} <= countries()


@pytest.mark.parametrize(
    ("text", "is_one"), [("Sarl", True), ("S.A.S.", True), ("Martin SARL", False), ("Sari", False)]
)
def test_a_legal_form_alone_is_told(text, is_one):
    """In whatever case it is printed."""
    assert is_legal_form(text) is is_one
