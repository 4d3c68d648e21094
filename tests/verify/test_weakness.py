"""What is weak in a record: what it lacks, and what is doubtful."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.verify.weakness import LEAST_CONFIDENCE, WELL_READ, WELL_READ_VALUE, doubtful, is_lacking
from schemas import EvidenceKind, Field, FieldName, Page, Record, TextSource, Word
from schemas.field import missing
from tests.verify.conftest import box_at, page_of, read_field, record_with, total_of, witness

ADDS_UP = witness(EvidenceKind.ARITHMETIC, "net and VAT add up")
STRONG: dict[FieldName, object] = {
    FieldName.INVOICE_NUMBER: "FA-2026-0417",
    FieldName.ISSUE_DATE: date(2026, 3, 3),
    FieldName.SELLER_NAME: "Boulangerie Martin SARL",
    FieldName.CURRENCY: "EUR",
    FieldName.NET_TOTAL: Decimal("600.00"),
    FieldName.TAX_TOTAL: Decimal("120.00"),
    FieldName.IBAN: "FR7630006000011234567890189",
}


def strong_record(*instead: Field) -> Record:
    """A record without any weakness, but for the fields given."""
    fields = [read_field(name, value) for name, value in STRONG.items()]
    return record_with(*fields, total_of("720.00", ADDS_UP), *instead)


def page_read(confidence: float, source: TextSource = TextSource.OCR) -> Page:
    return page_of(Word(text="Facture", box=box_at(), confidence=confidence, source=source), source=source)


WELL_READ_PAGES = (page_read(WELL_READ + 0.1),)


def test_a_strong_record_from_clean_pages_is_not_weak() -> None:
    """Nothing is to be won."""
    assert not is_lacking(strong_record(), WELL_READ_PAGES)
    assert not doubtful(strong_record())


def test_a_page_that_was_hard_to_read_lacks_something() -> None:
    """Unless its words come from a text layer; a blank page lacks nothing."""
    assert is_lacking(strong_record(), (*WELL_READ_PAGES, page_read(WELL_READ - 0.01)))
    assert not is_lacking(strong_record(), (page_read(WELL_READ - 0.01, TextSource.TEXT_LAYER),))
    assert not is_lacking(strong_record(), (page_of(source=TextSource.OCR),))


def test_totals_that_do_not_add_up_lack_something() -> None:
    """And so do those that nothing proves."""
    against = witness(EvidenceKind.ARITHMETIC, "net and VAT do not add up", against=True)
    assert is_lacking(strong_record(total_of("720.00", against)), WELL_READ_PAGES)
    assert is_lacking(strong_record(total_of("720.00")), WELL_READ_PAGES)


@pytest.mark.parametrize(("name", "lacking"), [(FieldName.INVOICE_NUMBER, True), (FieldName.IBAN, False)])
def test_a_value_is_lacking_unless_invoices_may_be_without_it(name: FieldName, lacking: bool) -> None:
    """Many print no IBAN. What is missing has no place to look at, and so is not doubtful."""
    assert is_lacking(strong_record(missing(name)), WELL_READ_PAGES) is lacking
    assert not doubtful(strong_record(missing(name)))


def test_a_guess_is_doubtful() -> None:
    """By its confidence."""
    guess = read_field(FieldName.INVOICE_NUMBER, "417", confidence=LEAST_CONFIDENCE - 0.01)
    assert doubtful(strong_record(guess)) == (guess,)
    assert not is_lacking(strong_record(guess), WELL_READ_PAGES)


@pytest.mark.parametrize(
    ("detail", "is_doubtful"),
    [(f"{WELL_READ_VALUE - 0.01:.2f}", True), ("0.95", False), ("", False), ("'720,00' (0.70)", False)],
)
def test_a_value_of_poorly_read_words_is_doubtful(detail: str, is_doubtful: bool) -> None:
    """Its reader says so; what a second look saw says nothing of it."""
    number = read_field(FieldName.INVOICE_NUMBER, "FA-2026-0417", witness(EvidenceKind.OCR, detail))
    assert bool(doubtful(strong_record(number))) is is_doubtful


def test_a_poorly_read_value_that_the_second_reader_sees_too_is_not_doubtful() -> None:
    """Two independent readers agree: to read more would cost time and tell nothing of this value."""
    poorly = witness(EvidenceKind.OCR, f"{WELL_READ_VALUE - 0.1:.2f}")
    second = witness(EvidenceKind.SECOND_READER, "'FA-2026-0417' (0.99)")
    number = read_field(FieldName.INVOICE_NUMBER, "FA-2026-0417", poorly, second)
    assert not doubtful(strong_record(number))


@pytest.mark.parametrize(("kind", "contests"), [(EvidenceKind.SECOND_READER, True), (EvidenceKind.FORMAT, False)])
def test_a_value_with_a_reader_against_it_is_doubtful(kind: EvidenceKind, contests: bool) -> None:
    """However sure the other one is."""
    against = witness(kind, "'FA-2026-O417' (1.00)", against=True)
    number = read_field(FieldName.INVOICE_NUMBER, "FA-2026-0417", witness(EvidenceKind.OCR, "0.97"), against)
    assert (number in doubtful(strong_record(number))) is contests
