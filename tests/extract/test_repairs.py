"""A digit that one reader misread is put right by the sums, and the evidence says so."""

from decimal import Decimal

import pytest

from pipeline.extract.record import extract_record
from pipeline.extract.repairs import differs_in_a_digit
from schemas import EvidenceKind, FieldName, TextSource


@pytest.fixture
def record_of(page_of):
    """The record of a page on which the two readers see these gross totals."""

    def read(first, second):
        rows = [(300, 500, "Total HT"), (450, 500, "1 000,00"), (300, 514, "TVA 20 %"), (450, 514, "200,00")]
        pages = [
            page_of(*rows, (300, 528, "Total TTC"), (450, 528, gross), source=source)
            for gross, source in ((first, TextSource.OCR), (second, TextSource.SECOND_READER))
        ]
        return extract_record(*([page] for page in pages))

    return read


def told(record):
    field = record.fields[FieldName.GROSS_TOTAL]
    return [(w.kind, w.supports) for w in field.evidence if "repaired" in w.detail]


def test_the_reading_with_which_the_sums_hold_wins_and_the_repair_is_told(record_of):
    """Whichever of the two readers saw it."""
    for first, second, reader in (
        ("1 260,00", "1 200,00", EvidenceKind.OCR),
        ("1 200,00", "1 290,00", EvidenceKind.SECOND_READER),
    ):
        record = record_of(first, second)
        assert record.value("gross_total") == Decimal("1200.00")
        assert told(record) == [(reader, False)]


def test_where_both_readers_agree_nothing_was_repaired(record_of):
    """No more than where they differ in more than a digit."""
    assert not told(record_of("1 200,00", "1 200,00"))
    assert not told(record_of("4 260,00", "1 200,00"))


def test_two_amounts_differ_in_a_digit():
    """Neither in two, nor in their length."""
    assert differs_in_a_digit(Decimal("12.30"), Decimal("12.80"))
    assert not differs_in_a_digit(Decimal("12.30"), Decimal("21.30"))
    assert not differs_in_a_digit(Decimal("12.30"), Decimal("112.30"))
