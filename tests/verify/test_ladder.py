"""The ladder: who looks where, and how far it is climbed."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.errors import EnvironmentFault, ReaderError
from pipeline.extract.record import extract_record
from pipeline.settings import Effort
from pipeline.verify.ladder import MOST_AT_EACH_END, Checked, Ladder
from pipeline.verify.readers import Readers
from schemas import Box, Evidence, EvidenceKind, Field, FieldName, Page, TextSource, Word
from tests.verify.conftest import (
    INVOICE,
    Breaks,
    Sees,
    SeesNothing,
    WhitePaper,
    box_at,
    page_of,
    read_field,
    record_with,
    witness,
)

ROW = 20


def page_with(source: TextSource, confidence: float = 0.97, number: int = 1) -> Page:
    """The drawn invoice as a reader saw it, without its picture."""
    words = [
        Word(
            text=text,
            box=box_at(x0=40 + 60 * column, y0=60 + ROW * row, width=5.5 * len(text), height=10),
            confidence=confidence,
            source=source,
        )
        for row, line in enumerate(INVOICE)
        for column, text in enumerate(line.split())
    ]
    return page_of(*words, source=source, number=number)


TOLD, SCANNED = page_with(TextSource.TEXT_LAYER), page_with(TextSource.OCR)


def ladder(second: Sees, first: Sees | None = None, effort: Effort = Effort.BALANCED) -> Ladder:
    return Ladder(Readers(second, first or SeesNothing()), WhitePaper(), effort)


def looks(field: Field) -> list[tuple[EvidenceKind, bool]]:
    """Who looked at a field, and whether they saw its value."""
    kinds = (EvidenceKind.SECOND_READER, EvidenceKind.OCR)
    return [(one.kind, one.supports) for one in field.evidence if one.kind in kinds]


SECOND_FOR, SECOND_AGAINST = (EvidenceKind.SECOND_READER, True), (EvidenceKind.SECOND_READER, False)
OCR_FOR, OCR_AGAINST = (EvidenceKind.OCR, True), (EvidenceKind.OCR, False)


def test_without_effort_nobody_is_asked() -> None:
    """The record is what the first reader's pages say."""
    second = Sees("720,00")
    assert ladder(second, effort=Effort.OFF).read_record([TOLD]) == Checked(extract_record([TOLD]))
    assert not second.shown


def test_the_second_reader_looks_at_the_values_of_a_text_layer() -> None:
    """What it sees becomes evidence; the record is else the same."""
    checked = ladder(Sees("720,00")).read_record([TOLD])
    total = checked.record.fields[FieldName.GROSS_TOTAL]
    assert total.value == Decimal("720.00")
    assert looks(total) == [SECOND_FOR]
    assert not checked.failures


def test_a_value_that_the_second_reader_does_not_see_is_shown_to_tesseract() -> None:
    """It has not read the text layer either: it is the umpire, and both readings are kept."""
    first = Sees("820,00")
    checked = ladder(Sees("720,00"), first).read_record([TOLD])
    fields = checked.record.fields
    assert looks(fields[FieldName.NET_TOTAL]) == [SECOND_AGAINST, OCR_AGAINST]
    assert looks(fields[FieldName.GROSS_TOTAL]) == [SECOND_FOR]
    assert first.shown

    agreeing = ladder(Sees("720,00"), Sees("600,00")).read_record([TOLD])
    assert looks(agreeing.record.fields[FieldName.NET_TOTAL]) == [SECOND_AGAINST, OCR_FOR]


def test_a_value_that_ocr_read_is_not_shown_to_tesseract_again() -> None:
    """It would only say the same."""
    first = Sees("600,00")
    fields = ladder(Sees("720,00"), first, Effort.FAST).read_record([SCANNED]).record.fields
    assert looks(fields[FieldName.GROSS_TOTAL])[-1] == SECOND_FOR
    assert looks(fields[FieldName.NET_TOTAL])[-1] == SECOND_AGAINST
    assert not first.shown


def test_what_is_not_seen_is_enlarged_for_a_second_try() -> None:
    """What is seen at once is not."""
    second = Sees("720,00")
    ladder(second, effort=Effort.FAST).read_record([TOLD])
    heights = [strip.shape[0] for strip in second.shown]
    usual, enlarged = (sum(height == size for height in heights) for size in (min(heights), max(heights)))
    assert usual - enlarged == 1


@pytest.mark.parametrize(
    ("effort", "page", "reads_pages"),
    [
        (Effort.FAST, SCANNED, False),
        (Effort.BALANCED, TOLD, False),  # the text layer needs no second reading, only looks
        (Effort.BALANCED, page_with(TextSource.OCR, 0.5), True),  # hard to read
        (Effort.BALANCED, SCANNED, False),  # contested, for this reader sees the total everywhere: lines are enough
        (Effort.CAREFUL, SCANNED, True),
        (Effort.CAREFUL, TOLD, False),
    ],
)
def test_pages_are_read_again_where_that_is_called_for(effort: Effort, page: Page, reads_pages: bool) -> None:
    """Where the evidence is weak, and never from a text layer."""

    class Counts(Sees):
        asked = 0

        def find_lines(self, _: object) -> tuple[Box, ...]:
            self.asked += 1
            return ()

    second = Counts("720,00")
    ladder(second, effort=effort).read_record([page])
    assert bool(second.asked) is reads_pages


def test_the_lines_of_a_contested_value_are_read_again() -> None:
    """The value that the second reader reads there is a rival, or wins; the page is not read as a whole."""
    misread = SCANNED.model_copy(
        update={
            "words": tuple(
                word.model_copy(update={"text": "FA-2O26-O417"}) if word.text == "FA-2026-0417" else word
                for word in SCANNED.words
            )
        }
    )

    class ReadsTheNumber(Sees):
        def find_lines(self, _: object) -> tuple[Box, ...]:
            raise AssertionError("a whole page was read")

    field = ladder(ReadsTheNumber("FACTURE numéro FA-2026-0417")).read_record([misread]).record.fields
    number = field[FieldName.INVOICE_NUMBER]
    assert "FA-2026-0417" in {number.value, *(rival.value for rival in number.rivals)}


def test_of_a_long_document_the_ends_are_read_again() -> None:
    """Head and totals stand there."""

    class Counts(Sees):
        asked = 0

        def find_lines(self, _: object) -> tuple[Box, ...]:
            self.asked += 1
            return ()

    second = Counts("")
    pages = [page_with(TextSource.OCR, 0.5, number) for number in range(1, 8)]
    ladder(second).read_record(pages)
    assert second.asked == 2 * MOST_AT_EACH_END


def test_a_value_that_the_second_reader_alone_has_read_is_shown_to_tesseract() -> None:
    """Each value is looked at by the reader that has not read it."""
    rows = [box_at(x0=40, y0=60 + ROW * row, width=500, height=10) for row in range(len(INVOICE))]

    class ReadsThePage(Sees):
        """Sees the total on strips, and the whole invoice on the page that the first reader could not read."""

        def find_lines(self, _: object) -> tuple[Box, ...]:
            self.waiting = list(INVOICE)
            return tuple(rows)

        def read_strips(self, strips):
            if len(strips) != len(INVOICE):
                return super().read_strips(strips)
            return tuple(
                super(ReadsThePage, self).read_strips([s])[0]._replace(text=t)
                for s, t in zip(strips, INVOICE, strict=True)
            )

    blank = page_of(Word(text="~", box=box_at(), confidence=0.3, source=TextSource.OCR), source=TextSource.OCR)
    fields = ladder(ReadsThePage("720,00"), Sees("720,00")).read_record([blank]).record.fields
    total = fields[FieldName.GROSS_TOTAL]
    assert total.value == Decimal("720.00")
    assert looks(total) == [SECOND_FOR, OCR_FOR]
    assert looks(fields[FieldName.NET_TOTAL]) == [SECOND_FOR, OCR_AGAINST]


def test_the_print_of_an_e_invoice_is_looked_at() -> None:
    """Where the page prints what it says, and nowhere else."""
    told = witness(EvidenceKind.XML)
    record = record_with(
        read_field(FieldName.GROSS_TOTAL, Decimal("720.00"), told),
        read_field(FieldName.ISSUE_DATE, date(2030, 1, 1), told),
    )
    checked = ladder(Sees("720,00")).look_at_print(record, [TOLD])
    assert looks(checked.record.fields[FieldName.GROSS_TOTAL]) == [SECOND_FOR]
    assert looks(checked.record.fields[FieldName.ISSUE_DATE]) == []
    assert ladder(Sees("720,00")).look_at_print(record, []) == Checked(record)
    assert ladder(Sees("720,00"), effort=Effort.OFF).look_at_print(record, [TOLD]) == Checked(record)


@pytest.mark.parametrize("error", [ReaderError("dead", code="second-reader-failed"), MemoryError()])
@pytest.mark.parametrize("page", [TOLD, page_with(TextSource.OCR, 0.5)])
def test_a_failure_of_the_second_reader_loses_no_record(error: Exception, page: Page) -> None:
    """What the first reader read is kept, and the failure is told beside it."""
    record, failures = ladder(Breaks(error)).read_record([page])
    assert record == extract_record([page])
    assert [failure.code for failure in failures] == ["second-reader-failed"]
    assert failures[0].remedy


def test_a_failure_on_a_higher_rung_keeps_the_lower_ones() -> None:
    """The looks at the values were good; only the reading of the page failed."""

    class BreaksOnPages(Sees):
        def find_lines(self, _: object) -> tuple[Box, ...]:
            raise ReaderError("dead")

    record, failures = ladder(BreaksOnPages("720,00")).read_record([page_with(TextSource.OCR, 0.5)])
    assert looks(record.fields[FieldName.GROSS_TOTAL])[-1] == SECOND_FOR
    assert len(failures) == 1


def test_a_failure_at_the_print_of_an_e_invoice_loses_no_record() -> None:
    """It is what the XML says, with the failure beside it."""
    record = record_with(read_field(FieldName.GROSS_TOTAL, Decimal("720.00"), witness(EvidenceKind.XML)))
    assert ladder(Breaks(ReaderError("dead"))).look_at_print(record, [TOLD]) == Checked(
        record, (ReaderError("dead").failure(),)
    )


def test_a_machine_without_the_second_reader_is_at_fault() -> None:
    """The document must wait."""
    with pytest.raises(EnvironmentFault):
        ladder(Breaks(EnvironmentFault("no models"))).read_record([TOLD])


def test_the_evidence_of_the_first_reading_is_kept() -> None:
    """Looks are added to it."""
    before = extract_record([TOLD]).fields[FieldName.GROSS_TOTAL]
    after = ladder(Sees("720,00")).read_record([TOLD]).record.fields[FieldName.GROSS_TOTAL]
    assert after.evidence[: len(before.evidence)] == before.evidence
    assert after.evidence[-1] == Evidence(kind=EvidenceKind.SECOND_READER, detail="'720,00' (0.98)")
