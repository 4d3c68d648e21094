"""Looks at the places of values."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from pipeline.reading.picture import Picture
from pipeline.verify.witness import NOTHING, Place, look, places_of
from schemas import Evidence, EvidenceKind, FieldName, FieldStatus, Page, TextSource, Word
from schemas.field import missing
from tests.verify.conftest import Sees, SeesNothing, WhitePaper, box_at, page_of, read_field, record_with, total_of

SECOND = EvidenceKind.SECOND_READER
TOTAL = Place(FieldName.GROSS_TOTAL, Decimal("1234.56"), "1 234,56", 1, box_at())


def looked(reader: Sees, *places: Place, pages: tuple[Page, ...] = (page_of(),)) -> dict[FieldName, Evidence]:
    return look(places or (TOTAL,), pages, WhitePaper(), reader, SECOND)


def test_a_reader_that_sees_the_value_is_a_witness_for_it() -> None:
    """What it saw, and how sure it was, is told."""
    assert looked(Sees("1.234,56 EUR")) == {
        TOTAL.name: Evidence(kind=SECOND, supports=True, detail="'1.234,56 EUR' (0.98)")
    }


def test_a_reader_that_misreads_a_digit_is_a_witness_against_it() -> None:
    """Nobody knows yet who is wrong."""
    assert looked(Sees("1 234,58")) == {TOTAL.name: Evidence(kind=SECOND, supports=False, detail="'1 234,58' (0.98)")}


SCANNED = (page_of(source=TextSource.OCR),)


def test_a_doubtful_reading_speaks_for_a_value_but_not_against_it() -> None:
    """By chance one reads another value, but hardly the same."""
    assert looked(Sees("1 234,58", confidence=0.5), pages=SCANNED) == {}
    assert looked(Sees("1 234,56", confidence=0.5), pages=SCANNED)[TOTAL.name].supports


@pytest.mark.parametrize("seen", ["", "Total TTC", "1 234,S6"])
def test_what_does_not_tell_is_no_witness_on_a_scan(seen: str) -> None:
    """Nothing, a label, or a letter that looks like a figure."""
    assert looked(Sees(seen), pages=SCANNED) == {}


@pytest.mark.parametrize(
    ("seen", "detail"), [("", NOTHING), ("Total TTC", "'Total TTC' (0.98)"), ("1 234,S6", "'1 234,S6' (0.98)")]
)
def test_what_a_text_layer_says_must_be_seen(seen: str, detail: str) -> None:
    """Its picture is clean: where a reader cannot make out the value, a person may see another one."""
    assert looked(Sees(seen)) == {TOTAL.name: Evidence(kind=SECOND, supports=False, detail=detail)}
    assert not looked(Sees("1 234,58", confidence=0.5))[TOTAL.name].supports


def test_a_name_may_be_a_logo_that_nobody_can_make_out() -> None:
    """But where there is no print at all, there is no logo."""
    seller = Place(FieldName.SELLER_NAME, "Boulangerie Martin", "Boulangerie Martin", 1, box_at())
    assert looked(Sees("Boulangarle Murtln"), seller) == {}
    assert looked(Sees("Menuiserie Durand", confidence=0.5), seller) == {}
    assert looked(SeesNothing(), seller)[seller.name].detail == NOTHING


def test_a_page_that_is_not_there_is_not_looked_at() -> None:
    """And without places nobody is asked."""
    reader = Sees("1 234,56")
    assert looked(reader, TOTAL._replace(page=7)) == {}
    assert look((), (page_of(),), WhitePaper(), reader, SECOND) == {}
    assert not reader.shown


def test_each_place_gets_its_own_witness() -> None:
    """In one call of the reader."""
    day = Place(FieldName.ISSUE_DATE, date(2026, 3, 3), "03/03/2026", 1, box_at(y0=300))
    found = looked(Sees("1 234,56"), TOTAL, day)
    assert found[TOTAL.name].supports
    assert not found.get(day.name, Evidence(kind=SECOND, supports=False)).supports


class Ruled:
    """A page at 144 dpi, black but for the rows and columns around one box, where it is white."""

    def of(self, _: Page) -> Picture:
        pixels = np.zeros((1684, 1190), dtype=np.uint8)
        pixels[190:230, 180:340] = 255
        return Picture(pixels, 144.0)


def test_a_strip_has_paper_around_the_value() -> None:
    """Two fifths of a line's height beside it and a fifth above: a box may be tight."""
    reader = Sees("")
    look([TOTAL], [page_of()], Ruled(), reader, SECOND)
    (strip,) = reader.shown
    assert strip.shape == (28, 136)
    assert strip.min() == 255


def test_a_strip_has_nothing_of_the_words_beside_it() -> None:
    """A slice of the E of EUR looks like a 1; words of other rows do not matter."""
    beside = (Word(text="EUR", box=box_at(x0=162, width=20)), Word(text=":", box=box_at(x0=94, width=4)))
    other_row = Word(text="EUR", box=box_at(x0=160.5, y0=130))
    reader = Sees("")
    look([TOTAL], [page_of(*beside, other_row)], Ruled(), reader, SECOND)
    (strip,) = reader.shown
    assert strip.shape == (28, (161 - 99) * 2)


def test_a_strip_can_be_enlarged() -> None:
    """For a second try."""
    reader = Sees("")
    look([TOTAL], [page_of()], Ruled(), reader, SECOND, scale=1.5)
    assert reader.shown[0].shape == (42, 204)


@pytest.mark.parametrize("name", [FieldName.GROSS_TOTAL, FieldName.SELLER_VAT_ID])
def test_only_values_that_were_read_somewhere_have_a_place(name: FieldName) -> None:
    """Not those that follow from others, nor those that are missing or that a person confirmed."""
    value = Decimal("12.00") if name is FieldName.GROSS_TOTAL else "FR40303265045"
    field = read_field(name, value)
    assert [place.name for place in places_of(record_with(field).fields)] == [name]
    without = [
        field.model_copy(update={"box": None}),
        field.model_copy(update={"page": None}),
        field.model_copy(update={"status": FieldStatus.CONFIRMED}),
        missing(name),
    ]
    assert all(places_of(record_with(other).fields) == () for other in without)


def test_a_field_that_posting_does_not_depend_on_is_not_looked_at() -> None:
    """Nor the currency, which all amounts show."""
    fields = (
        read_field(FieldName.DUE_DATE, date(2026, 4, 3)),
        read_field(FieldName.CURRENCY, "EUR"),
        total_of("12.00"),
    )
    assert [place.name for place in places_of(record_with(*fields).fields)] == [FieldName.GROSS_TOTAL]
