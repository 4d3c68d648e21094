"""Truth files and predictions are read as they are written, and mistakes in them are named."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.measure.cases import Guess, Prediction, prediction_of, read_predictions, read_seen, read_truth
from pipeline.rows import row
from schemas import (
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    InvoiceLine,
    Outcome,
    Reason,
    Record,
    Review,
    VatBreakdown,
)
from schemas.terms import POSTING_CRITICAL


def write(folder: Path, *rows: object) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def test_a_truth_tells_unknown_from_hidden(tmp_path: Path) -> None:
    """A missing key is unknown, `visible_fields` false is hidden, names of other programs are left out."""
    [truth] = read_truth(
        write(
            tmp_path,
            {
                "file": "a.pdf",
                "kind": "native",
                "fields": {"invoice_number": "7", "iban": "FR76", "colour": "red"},
                "visible_fields": {"invoice_number": True, "iban": False},
                "lines": [],
            },
        )
    )
    assert truth.fields == {FieldName.INVOICE_NUMBER: "7", FieldName.IBAN: "FR76"}
    assert truth.hidden == {FieldName.IBAN}
    assert truth.lines is None
    assert truth.taxes is None


def test_what_is_known_to_be_absent_is_known(tmp_path: Path) -> None:
    """`absent`, or null, says that a field is not there; what is not published is not asked for."""
    row = {"file": "a", "fields": {"iban": None, "lines_total": "5"}, "absent": ["bic"], "visible_taxes": False}
    [truth] = read_truth(write(tmp_path, row))
    assert truth.fields == {FieldName.IBAN: None, FieldName.BIC: None}
    assert truth.taxes_hidden


def test_a_line_without_a_net_amount_is_known_by_its_gross_amount(tmp_path: Path) -> None:
    """Some invoices print line amounts with VAT only."""
    line = {"description": "Pen", "quantity": "2", "unit_price": "1.20", "gross_amount": "2.40"}
    [truth] = read_truth(write(tmp_path, {"file": "a.pdf", "fields": {}, "lines": [line]}))
    assert truth.lines is not None
    assert (truth.lines[0].net_amount, truth.lines[0].includes_tax) == (Decimal("2.40"), True)


def test_both_spellings_of_a_vat_breakdown_are_read(tmp_path: Path) -> None:
    """`taxes` with base and amount, or `extra.tax_breakdown` with basis and tax."""
    same = VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(20))
    ours = {"file": "a.pdf", "fields": {}, "taxes": [{"rate": "20", "base": "100", "amount": "20"}]}
    breakdown = [{"category": "S", "rate": "20", "basis": "100", "tax": "20"}]
    theirs = {"file": "b.pdf", "fields": {}, "extra": {"tax_breakdown": breakdown}}
    assert [truth.taxes for truth in read_truth(write(tmp_path, ours, theirs))] == [(same,), (same,)]


@pytest.mark.parametrize(
    "broken", ["{", '{"file": "a.pdf"}', '{"file": "b", "fields": {}, "lines": [{"quantity": "x"}]}']
)
def test_a_mistake_in_a_truth_file_is_named_with_its_line(tmp_path: Path, broken: str) -> None:
    """The person who made the file can find the mistake."""
    path = tmp_path / "truth.jsonl"
    path.write_text('{"file": "a.pdf", "fields": {}}\n' + broken + "\n")
    with pytest.raises(InputError, match="line 2"):
        read_truth(path)


def test_an_outcome_becomes_a_prediction() -> None:
    """Values as text, confidences, evidence from XML, and the CPU seconds of all stages."""
    number = Field(
        name=FieldName.INVOICE_NUMBER,
        value="7",
        confidence=0.9,
        evidence=(Evidence(kind=EvidenceKind.XML),),
    )
    day = Field(name=FieldName.ISSUE_DATE, value=date(2026, 3, 1), confidence=0.5)
    outcome = Outcome(
        record=Record(fields={number.name: number, day.name: day}, lines=(InvoiceLine(description="Pen"),)),
        decision=Review(reasons=(Reason(code="low-confidence", message="The date is doubtful."),)),
        seconds={"read": 1.5, "extract": 0.5},
    )
    said = prediction_of(row("in/a.pdf", outcome))
    assert said.decision == "review"
    assert said.reasons == outcome.decision.reasons
    assert said.fields[FieldName.ISSUE_DATE].value == "2026-03-01"
    assert said.fields[FieldName.GROSS_TOTAL].value is None
    assert said.from_xml
    assert said.seconds == 2.0
    assert said.lines[0].description == "Pen"


def test_a_line_of_process_out_becomes_a_prediction(tmp_path: Path) -> None:
    """What `backoffice process --out` writes can be scored later."""
    field = {"value": "7", "confidence": 0.8, "page": 1, "box": None, "evidence": [{"kind": "xml"}]}
    written = {
        "file": "in/a.pdf",
        "decision": "review",
        "reasons": [{"code": "no-date", "message": "No date.", "field": "issue_date"}],
        "fields": {"invoice_number": field},
        "taxes": [{"rate": "20", "base": "1", "amount": "0.20"}],
        "lines": [{"description": "Pen", "net_amount": "1"}],
    }
    [said] = read_predictions(write(tmp_path, written))
    assert (said.file, said.decision, said.from_xml) == ("in/a.pdf", "review", True)
    assert said.reasons == (Reason(code="no-date", message="No date.", field=FieldName.ISSUE_DATE),)
    assert said.fields[FieldName.INVOICE_NUMBER].confidence == 0.8
    assert said.taxes[0].amount == Decimal("0.20")
    assert said.seconds is None


def said(document_risk: float | None = None, **confidences: float | None) -> Prediction:
    """All posting-critical fields read with certainty, but for those named: None is not found."""
    sure: dict[FieldName, float | None] = dict.fromkeys(POSTING_CRITICAL, 1.0)
    fields = {
        name: Guess() if confidence is None else Guess(value="x", confidence=confidence)
        for name, confidence in (sure | {FieldName(name): value for name, value in confidences.items()}).items()
    }
    return Prediction(file="a", document_risk=document_risk, fields=fields)


@pytest.mark.parametrize(
    ("prediction", "risk"),
    [
        (said(), 0.0),
        (said(gross_total=0.9, issue_date=0.5), 0.55),
        (said(iban=None, gross_total=0.9), 0.1),  # an IBAN need not be printed
        (said(gross_total=None), 1.0),
        (said(due_date=0.1), 0.0),  # no posting depends on it
        (said(document_risk=0.03, gross_total=None), 0.03),
        (Prediction(file="a"), 1.0),
    ],
)
def test_the_risk_of_a_document_is_that_of_its_critical_fields(prediction: Prediction, risk: float) -> None:
    """One minus the product of their confidences, unless the decision had a risk of its own."""
    assert prediction.risk == pytest.approx(risk)


def test_evidence_is_kept_in_words_and_says_what_speaks_against(tmp_path: Path) -> None:
    """It explains a mistake; pages and seconds by stage tell what it cost."""
    witnesses = [{"kind": "ocr", "detail": "0.93"}, {"kind": "arithmetic", "supports": False}, {"kind": "xml"}]
    field = {"value": "7", "confidence": 0.9, "evidence": witnesses}
    [prediction] = read_predictions(
        write(
            tmp_path, {"file": "a", "fields": {"iban": field}, "pages": [1, 2], "seconds": {"read": 1.0}, "risk": 0.2}
        )
    )
    assert prediction.fields[FieldName.IBAN].evidence == ("ocr: 0.93", "against: arithmetic", "xml")
    assert (prediction.pages, prediction.stages, prediction.risk) == (2, {"read": 1.0}, 0.2)


def test_a_truth_says_where_a_document_comes_from(tmp_path: Path) -> None:
    """Its supplier, layout and part of the data set; the original of a duplicate is no trap."""
    origin = {"supplier": "s1", "layout": "band", "split": "test", "fields": {}}
    first, second = read_truth(
        write(tmp_path, {"file": "a", "trap": "original", **origin}, {"file": "b", "trap": "duplicate", **origin})
    )
    assert (first.supplier, first.layout, first.split) == ("s1", "band", "test")
    assert (first.trap, second.trap) == ("", "duplicate")


def test_the_list_of_what_training_saw_has_one_name_a_line(tmp_path: Path) -> None:
    """Case, comments and empty lines do not matter."""
    path = tmp_path / "seen.txt"
    path.write_text("# March\nDupont SA\n\n  band  # a layout\n", encoding="utf-8")
    assert read_seen(path) == {"dupont sa", "band"}
