"""The report tells what the ledger holds, and no document can put anything into the page but text."""

from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from pipeline.measure.html import render_report
from pipeline.measure.report import Report, build_report
from pipeline.measure.report_words import REPORT
from pipeline.store.summary import Event, Settled, Status
from schemas import (
    Decision,
    Document,
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    MediaType,
    Outcome,
    Reason,
    Record,
    Rejected,
    Review,
    StraightThrough,
)

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
EMPTY = Status(
    documents={}, decisions={}, reasons={}, seen_again=0, refused=0, waiting=0, oldest_waiting=None, postings={}
)
VALUES: dict[FieldName, object] = {
    FieldName.INVOICE_NUMBER: "F-1",
    FieldName.ISSUE_DATE: date(2026, 2, 3),
    FieldName.SELLER_NAME: "Dupont SAS",
    FieldName.CURRENCY: "EUR",
    FieldName.NET_TOTAL: Decimal(1000),
    FieldName.TAX_TOTAL: Decimal(200),
    FieldName.GROSS_TOTAL: Decimal("1200.00"),
}


def record(kind: EvidenceKind = EvidenceKind.TEXT_LAYER, **changes: object) -> Record:
    values = VALUES | {FieldName(name): value for name, value in changes.items()}
    return Record(
        fields={
            name: Field(
                name=name,
                value=value,
                confidence=0.7 if name is FieldName.NET_TOTAL else 0.9,
                evidence=(Evidence(kind=kind),),
            )
            for name, value in values.items()
        }
    )


def settled(
    number: int, decision: Decision, of: Record | None = None, file: str = "a.pdf", seconds: float = 2.0
) -> Settled:
    document = Document(sha256=f"{number:064x}", file_name=file, size=10, media_type=MediaType.PDF, received_at=NOW)
    outcome = Outcome(decision=decision, record=of, seconds={"read": seconds - 0.5, "extract": 0.5})
    return Settled(document, outcome, NOW)


def review(*codes: str) -> Review:
    return Review(reasons=tuple(Reason(code=code, message=f"Because of {code}.") for code in codes))


@pytest.fixture
def report() -> Report:
    history = [
        settled(1, StraightThrough(), record()),
        settled(2, review("low-confidence", "no-date"), record(EvidenceKind.OCR), seconds=6.0),
        settled(3, review("low-confidence"), record(EvidenceKind.OCR), seconds=4.0),
        settled(4, Rejected(reasons=(Reason(code="broken-file", message="Cut off."),))),
    ]
    status = EMPTY._replace(documents={"done": 4}, waiting=2, seen_again=1, refused=3)
    reason = {"code": "incomplete", "message": "The end is missing.", "retryable": False}
    refusal = Event(9, NOW, "rejected", None, {"file_name": "cut.pdf", "sha256": None, "reason": reason}, "*", "system")
    return build_report(history, status, [refusal], home="var", now=NOW)


class Page(HTMLParser):
    """The elements and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_decisions_are_counted_with_the_interval_of_the_rate(report: Report) -> None:
    """One of four went through; with so few the interval is wide."""
    assert report.decisions == {"straight_through": 1, "review": 2, "rejected": 1}
    assert (report.straight_through.count, report.straight_through.of) == (1, 4)
    assert report.straight_through.high > 0.8


def test_reasons_are_ranked_with_the_invoices_that_have_no_other(report: Report) -> None:
    """Mending the reason that stands alone most often helps most."""
    assert [(cause.code, cause.count, cause.alone) for cause in report.causes] == [
        ("low-confidence", 2, 1),
        ("broken-file", 1, 1),
        ("no-date", 1, 0),
    ]


def test_a_reason_tells_its_fields() -> None:
    """An invoice counts once for each field that is doubtful."""
    doubts = [Reason(code="low", message="?", field=name) for name in (FieldName.IBAN, FieldName.IBAN, FieldName.BIC)]
    history = [settled(1, Review(reasons=tuple(doubts))), settled(2, Review(reasons=(doubts[0],)))]
    [cause] = build_report(history, EMPTY, [], home="var", now=NOW).causes
    assert (cause.count, cause.alone, cause.fields) == (2, 2, {FieldName.IBAN: 2, FieldName.BIC: 1})


def test_refused_files_are_named_with_their_reason(report: Report) -> None:
    """Nothing disappears without a word."""
    assert [(one.file, one.code) for one in report.refused_files] == [("cut.pdf", "incomplete")]
    assert "The end is missing. (incomplete)" in Page(render_report(report)).texts


def test_kinds_are_told_by_file_and_by_what_was_read(report: Report) -> None:
    """A text layer, pictures, and nothing at all."""
    assert [(kind.name, kind.count, kind.straight_through.count) for kind in report.kinds] == [
        ("PDF, picture", 2, 0),
        ("PDF, nothing", 1, 0),
        ("PDF, text layer", 1, 1),
    ]


def test_seconds_are_those_of_all_stages(report: Report) -> None:
    """Mean and median over invoices, and the mean of each stage."""
    assert (report.mean_seconds, report.median_seconds) == (3.5, 3.0)
    assert report.stages == {"read": 3.0, "extract": 0.5}


def test_each_invoice_is_listed_latest_first_with_its_weakest_critical_field(report: Report) -> None:
    """A clerk sees what was read, what became of it and where the doubt is."""
    assert [row.decision for row in report.rows] == ["rejected", "review", "review", "straight_through"]
    row = report.rows[-1]
    assert (row.supplier, row.number, row.gross, row.currency) == ("Dupont SAS", "F-1", Decimal(1200), "EUR")
    assert (row.weakest, row.confidence) == (FieldName.NET_TOTAL, 0.7)
    assert report.rows[0].confidence is None


def test_the_page_shows_it_all(report: Report) -> None:
    """Counts, reasons and values are there to read."""
    page = Page(render_report(report))
    text = " ".join(page.texts)
    for words in (
        "25.0 %",
        "low-confidence",
        "Because of no-date.",
        "Dupont SAS",
        "€1,200.00",
        "03/02/2026",
        "70.0 %",
    ):
        assert words in text


def test_in_french_every_text_of_the_page_is_french(report: Report) -> None:
    """None of its own texts is left in English, and the sentences of rules are put through the translator."""
    page = Page(render_report(report, None, "fr", lambda sentence: f"[{sentence}]"))
    english = {words.en for words in REPORT.values() if words.en != words.fr}
    assert english & {*Page(render_report(report)).texts}
    assert not english & {*page.texts}
    text = " ".join(page.texts).replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "25,0 %",
        "0,6 à 80,6 %",
        "[Because of no-date.]",
        "total HT",
        "PDF, image",
        "1 200,00 €",
        "révision",
    ):
        assert words in text


def test_the_page_needs_nothing_else_and_runs_nothing(report: Report) -> None:
    """No scripts and nothing to load: it can be mailed, archived and opened anywhere."""
    page = Page(render_report(report))
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "onload", "onclick"} & {name for name, _ in page.attributes}
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_every_bar_says_its_meaning_in_words(report: Report) -> None:
    """Who cannot see the bars can hear them."""
    page = Page(render_report(report))
    labels = [value for name, value in page.attributes if name == "aria-label"]
    assert len(labels) == page.tags.count("svg") > 0
    assert "1 straight through, 2 review, 1 rejected" in labels
    assert all(labels)


@pytest.mark.parametrize("place", ["file", "supplier", "number", "reason"])
def test_hostile_text_stays_text(place: str) -> None:
    """A supplier called <script> is shown, not run."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
    of = record(
        **{"seller_name": evil} if place == "supplier" else {"invoice_number": evil} if place == "number" else {}
    )
    decision = Review(reasons=(Reason(code="x", message=evil if place == "reason" else "y"),))
    one = settled(1, decision, of, file=evil if place == "file" else "a.pdf")
    page = Page(render_report(build_report([one], EMPTY, [], home="var", now=NOW)))
    assert not {"script", "img"} & set(page.tags)
    assert any("<script>alert(1)</script>" in text for text in page.texts)


def test_an_empty_ledger_gives_a_page_too() -> None:
    """The first look comes before the first invoice."""
    text = " ".join(Page(render_report(build_report([], EMPTY, [], home="var", now=NOW))).texts)
    assert "Nothing has gone through this ledger yet." in text


def test_a_long_history_is_counted_whole_and_listed_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page stays small enough to open, and says that it leaves something out."""
    monkeypatch.setattr("pipeline.measure.report.SHOWN", 2)
    monkeypatch.setattr("pipeline.measure.html.SHOWN", 2)
    report = build_report(
        [settled(number, StraightThrough(), record()) for number in range(5)], EMPTY, [], home="var", now=NOW
    )
    assert (report.invoices, len(report.rows)) == (5, 2)
    assert "The latest 2 of 5." in Page(render_report(report)).texts
