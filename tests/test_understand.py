"""The machine's work on one document."""

import json
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest

from pipeline.errors import EnvironmentFault
from pipeline.extract.scoring.scorer import load_scorer
from pipeline.settings import Effort, Settings
from pipeline.understand import extract_records, load_models, understand
from pipeline.verify.ladder import Ladder
from pipeline.verify.pictures import Pictures
from pipeline.verify.readers import readers_of
from schemas import Box, EInvoice, FieldName, Invoice, MediaType, Page, Reading, Severity, Word

SAMPLES = Path(__file__).parents[1] / "samples" / "set"
TRUTH = {line["file"]: line for line in map(json.loads, (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines())}

NO_LADDER = Ladder(readers_of(Settings()), Pictures(b"", MediaType.PDF, 1), Effort.OFF)

NATIVE = SAMPLES / "native-fr-1.pdf"
SCAN = SAMPLES / "scan-fr.pdf"
TRUNCATED = SAMPLES / "truncated-fr.pdf"


def test_models_are_loaded_ahead(settings: Settings) -> None:
    """A reader whose models were loaded does not load them again, and one that is missing says so."""
    load_models(settings)
    before = load_scorer.cache_info().misses
    load_scorer(settings.models)
    assert load_scorer.cache_info().misses == before
    assert {"_detector", "_recogniser"} <= vars(readers_of(settings).second).keys()
    lost = settings.reading.model_copy(update={"second_engine": "no.such:Reader"})
    with pytest.raises(EnvironmentFault):
        load_models(settings.model_copy(update={"reading": lost}))


def test_a_native_invoice_is_understood(settings: Settings) -> None:
    """The posting-critical fields are those of the truth, and it is said what it cost and which code it was."""
    (draft,) = understand(NATIVE, MediaType.PDF, settings)
    fields = TRUTH[NATIVE.name]["fields"]
    for name in (FieldName.INVOICE_NUMBER, FieldName.ISSUE_DATE, FieldName.SELLER_NAME, FieldName.CURRENCY):
        assert str(draft.record.value(name)) == fields[name]
    for name in (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL):
        assert draft.record.value(name) == Decimal(fields[name])
    assert not draft.failures
    assert not [finding for finding in draft.findings if finding.severity is Severity.ERROR]
    assert set(draft.seconds) == {"read", "extract", "validate"}
    assert draft.seconds["read"] > 0
    assert draft.versions["backoffice"]


def test_a_damaged_file_is_a_draft_with_the_failure(settings: Settings) -> None:
    """Nothing is raised: the document is at fault, and the draft says so."""
    (draft,) = understand(TRUNCATED, MediaType.PDF, settings)
    assert draft.record is None
    (failure,) = draft.failures
    assert (failure.code, failure.retryable) == ("broken-pdf", False)


def test_two_invoices_in_one_file_are_two_drafts(settings: Settings, tmp_path: Path) -> None:
    """Each has its own number and part; the cost of the file is told once."""
    first, second = NATIVE, SAMPLES / "credit-note-fr.pdf"
    with pikepdf.open(first) as pdf, pikepdf.open(second) as other:
        pdf.pages.extend(other.pages)
        pdf.save(tmp_path / "two.pdf")
    drafts = understand(tmp_path / "two.pdf", MediaType.PDF, settings)
    numbers = [draft.record.value(FieldName.INVOICE_NUMBER) for draft in drafts]
    assert numbers == [TRUTH[path.name]["fields"]["invoice_number"] for path in (first, second)]
    assert [draft.part for draft in drafts] == [1, 2]
    assert [bool(draft.seconds) for draft in drafts] == [True, False]


def test_a_machine_without_tesseract_is_at_fault_not_the_document(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan cannot be read then, and it must wait instead of being judged."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault):
        understand(SCAN, MediaType.PDF, settings)


def test_an_e_invoice_wins_over_its_pages() -> None:
    """What the XML says is what it is; the pages are only shown."""
    e_invoice = EInvoice(syntax="cii", profile="", invoice=Invoice(number="F-XML"))
    words = [
        Word(text=text, box=Box(x0=40 * n, y0=60, x1=40 * n + 35, y1=70))
        for n, text in enumerate(("Facture", "n°", "F-17"), start=1)
    ]
    page = Page(number=1, width=595, height=842, words=tuple(words))
    ((record, _),) = extract_records(Reading(pages=(page,), e_invoice=e_invoice), NO_LADDER)
    assert record.value(FieldName.INVOICE_NUMBER) == "F-XML"
    ((record, _),) = extract_records(Reading(pages=(page,)), NO_LADDER)
    assert record.value(FieldName.INVOICE_NUMBER) == "F-17"


def test_a_reading_without_pages_has_no_invoice() -> None:
    """Nothing is made up."""
    assert extract_records(Reading(), NO_LADDER) == ()


def test_a_forbidden_e_invoice_does_not_hide_the_page(settings: Settings, tmp_path: Path) -> None:
    """The page is read, and the failure inside keeps the record from going straight through."""
    with pikepdf.open(NATIVE) as pdf:
        pdf.attachments["factur-x.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
        pdf.save(tmp_path / "forbidden.pdf")
    (draft,) = understand(tmp_path / "forbidden.pdf", MediaType.PDF, settings)
    assert draft.record.value(FieldName.INVOICE_NUMBER) == TRUTH[NATIVE.name]["fields"]["invoice_number"]
    assert [failure.code for failure in draft.failures] == ["forbidden-content"]
