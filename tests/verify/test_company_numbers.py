"""Company numbers with wrong check digits, though readers that look for valid ones pass them over."""

import pytest

from pipeline.verify.company_numbers import find_wrong_numbers
from schemas import FieldName, Finding, Page, TextSource, Word
from tests.verify.conftest import Sees, SeesNothing, WhitePaper, box_at, page_of, read_field, record_with


def printing(*lines: str, source: TextSource = TextSource.TEXT_LAYER) -> Page:
    words = []
    for row, line in enumerate(lines):
        x = 60.0
        for text in line.split():
            words.append(Word(text=text, box=box_at(x, 60 + 24 * row, 5 * len(text)), source=source))
            x += 5 * len(text) + 3
    return page_of(*words, source=source)


def found(page: Page, reader: Sees | None = None, buyer: str = "") -> tuple[Finding, ...]:
    record = record_with(*([read_field(FieldName.BUYER_VAT_ID, buyer)] if buyer else []))
    return find_wrong_numbers(record, (page,), WhitePaper(), reader)


@pytest.mark.parametrize(
    ("line", "rule", "name"),
    [
        ("SIRET : 732 829 320 00075", "siret", FieldName.SELLER_SIRET),
        ("N° SIRET 73282932000075", "siret", FieldName.SELLER_SIRET),
        ("SIREN 732 829 321", "siren", FieldName.SELLER_SIREN),
        ("N° TVA intracommunautaire FR45732829320", "seller-vat-id", FieldName.SELLER_VAT_ID),
    ],
)
def test_a_named_number_with_a_wrong_check_digit_is_an_error(line: str, rule: str, name: FieldName) -> None:
    """What the text layer calls a SIRET, a SIREN or a VAT id, and is none, is told with its value."""
    (finding,) = found(printing("Boulangerie Martin SARL", line))
    assert (finding.rule, finding.fields) == (rule, (name,))
    assert line.replace(" ", "")[-9:] in finding.message.replace(" ", "")


@pytest.mark.parametrize(
    "line",
    [
        "SIRET 732 829 320 00074",
        "SIREN 732 829 320",
        "Tél 123 456 789",
        "Commande 12345678901234",
        "SIRET 123",
        "RCS CHE-896.266.572 TVA",
    ],
)
def test_right_numbers_and_numbers_of_other_things_are_no_error(line: str) -> None:
    """Valid company numbers, and digits that no label names one, are left alone."""
    assert found(printing("Boulangerie Martin SARL", line)) == ()


def test_the_buyers_number_is_not_the_sellers() -> None:
    """A slip in our own SIRET, known by our VAT id, sends no money astray."""
    page = printing("SIRET 732 829 320 00075")
    assert found(page)
    assert found(page, buyer="FR44732829320") == ()


def test_a_seller_of_another_country_has_no_siret() -> None:
    """What a foreign seller's page calls by that name is not checked as a French number."""
    record = record_with(read_field(FieldName.SELLER_VAT_ID, "DE136695976"))
    assert find_wrong_numbers(record, (printing("SIREN 732 829 321"),), WhitePaper(), None) == ()


def test_on_a_scan_two_readers_must_see_the_same_wrong_number() -> None:
    """One reader of a picture may err; where the other sees another number, or nothing, there is no finding."""
    page = printing("SIRET 732 829 320 00075", source=TextSource.OCR)
    assert found(page, Sees("732 829 320 00075"))
    assert found(page, Sees("732 829 320 00074")) == ()
    assert found(page, SeesNothing()) == ()
    assert found(page) == ()
