"""Text that nobody sees must say nothing else than what is seen."""

from decimal import Decimal

import pytest

from pipeline.errors import EnvironmentFault, ReaderError
from pipeline.settings import Effort
from pipeline.verify.hidden_text import find_hidden_text
from pipeline.verify.ladder import Ladder
from pipeline.verify.readers import Readers
from schemas import FieldName, Page, Severity, TextSource, Word
from tests.verify.conftest import (
    Breaks,
    PrintedPaper,
    Sees,
    SeesNothing,
    WhitePaper,
    box_at,
    page_of,
    read_field,
    record_with,
)

NOTHING_POSTED = record_with()


def words(text: str, x: float = 100, y: float = 100) -> tuple[Word, ...]:
    """Words in letters of 5 points and spaces of 3."""
    parts = text.split()
    starts = [x + sum(5 * len(before) + 3 for before in parts[:at]) for at in range(len(parts))]
    return tuple(
        Word(text=part, box=box_at(start, y, 5 * len(part))) for part, start in zip(parts, starts, strict=True)
    )


def hiding(hidden: str, *, shown: str = "Total 1 240,00 EUR", x: float = 100, scanned: bool = False) -> Page:
    source = TextSource.OCR if scanned else TextSource.TEXT_LAYER
    page = page_of(*words(shown, y=300), source=source)
    return page.model_copy(update={"hidden": words(hidden, x)})


def found(page: Page, reader: Sees | None = None) -> list[str]:
    said = find_hidden_text(NOTHING_POSTED, (page,), PrintedPaper(), reader or SeesNothing())
    return [finding.message for finding in said]


@pytest.mark.parametrize(
    "hidden",
    [
        "Total 2 480,00 EUR",
        "FR7630006000011234567890189",
        "FR76 3000 6000 0112 3456 7890 189",
        "03/04/2026",
        "FA-2026-0999",
        "SIRET 732 829 320 00074",
    ],
)
def test_a_hidden_figure_that_is_not_shown_is_an_error(hidden: str) -> None:
    """An amount, account, date, number or company that only the text layer holds needs a person."""
    page = hiding(hidden)
    (finding,) = find_hidden_text(NOTHING_POSTED, (page,), WhitePaper(), SeesNothing())
    assert (finding.rule, finding.severity) == ("hidden-text", Severity.ERROR)
    assert hidden.removeprefix("Total ").removeprefix("SIRET ").removesuffix(" EUR") in finding.message
    assert "on page 1" in finding.message


@pytest.mark.parametrize(
    "hidden", ["Total 1 240,00 EUR", "1.240,00", "-1240,00", "Powered by a printer", "page 1 / 2", ""]
)
def test_copies_and_words_without_figures_are_honest(hidden: str) -> None:
    """An invisible copy of a value in whatever notation, a name and a page number alarm nobody."""
    assert found(hiding(hidden)) == []


def test_text_beside_the_page_is_named_so() -> None:
    """The message tells where to look."""
    assert "beside page 1" in found(hiding("2 480,00", x=5000))[0]


def test_what_the_picture_shows_there_is_honest() -> None:
    """A figure that the words of the page lack, for it is drawn as a picture, is looked at there."""
    assert found(hiding("SIRET 732 829 320 00074"), Sees("732 829 320 00074")) == []
    assert found(hiding("SIRET 732 829 320 00074"), Sees("404 833 048 00022"))


def test_print_that_only_a_machine_makes_out_is_not_shown() -> None:
    """A reader reads print that is paler than a person sees; where the picture has no ink, nothing is shown."""
    page, reader = hiding("2 480,00"), Sees("2 480,00")
    assert find_hidden_text(NOTHING_POSTED, (page,), PrintedPaper(), reader) == ()
    assert find_hidden_text(NOTHING_POSTED, (page,), WhitePaper(), reader)


@pytest.mark.parametrize("hidden", ["1 940,00", "2 480,00", "BOT09889", "975929"])
def test_a_scanner_may_misread_what_stands_there(hidden: str) -> None:
    """In the text layer of a scan figures like those that are seen, and numbers made of a logo, are slips."""
    seen = Sees("1 240,00" if "," in hidden else "Bio")
    assert found(hiding(hidden, scanned=True), seen) == []
    assert found(hiding(hidden), seen)


def test_other_text_than_is_seen_on_a_scan_is_a_lie() -> None:
    """An amount where the picture shows nothing like it, and any difference in the place of a posted value."""
    assert found(hiding("2 480,00", scanned=True), Sees("Merci"))
    total = record_with(read_field(FieldName.GROSS_TOTAL, Decimal("1240.00"), box=box_at(90, 95, 90, 20)))
    page = hiding("1 940,00", scanned=True)
    assert find_hidden_text(total, (page,), WhitePaper(), Sees("1 240,00"))


def test_what_is_shown_on_another_page_is_shown() -> None:
    """A figure may be hidden on one page and printed on the next."""
    second = page_of(*words("2 480,00 EUR"), number=2)
    assert find_hidden_text(NOTHING_POSTED, (hiding("2 480,00"), second), WhitePaper(), SeesNothing()) == ()


def test_where_nobody_can_look_a_person_must() -> None:
    """Without a reader, or with one that fails, a hidden figure is an error; a machine at fault is not covered up."""
    page = hiding("2 480,00")
    assert find_hidden_text(NOTHING_POSTED, (page,), WhitePaper(), None)
    assert found(page, Breaks(ReaderError("no", code="second-reader-failed")))
    with pytest.raises(EnvironmentFault):
        found(page, Breaks(EnvironmentFault("no model", code="no-model")))


def test_the_ladder_looks_unless_it_is_off() -> None:
    """The reader is the second one, and none where second looks are switched off."""
    page = hiding("2 480,00")
    for effort, alarms in ((Effort.BALANCED, 0), (Effort.OFF, 1)):
        ladder = Ladder(Readers(Sees("2 480,00"), SeesNothing()), PrintedPaper(), effort)
        assert len(ladder.inspect(NOTHING_POSTED, (page,))) == alarms
