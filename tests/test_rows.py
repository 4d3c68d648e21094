"""One invoice as one JSON object."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rows import PUBLISHED, plain, row, row_writer
from schemas import (
    Box,
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    InvoiceLine,
    Outcome,
    Reason,
    Record,
    Rejected,
    Review,
    VatBreakdown,
)

REVIEW = Review(reasons=(Reason(code="low-confidence", message="Unsure.", field=FieldName.IBAN),))


def outcome() -> Outcome:
    gross = Field(
        name=FieldName.GROSS_TOTAL,
        value=Decimal("1.2E+3"),
        page=2,
        box=Box(x0=1, y0=2, x1=3, y1=4),
        confidence=0.98765,
        evidence=(Evidence(kind=EvidenceKind.OCR, detail="1 200,00"),),
    )
    issued = Field(name=FieldName.ISSUE_DATE, value=date(2026, 3, 1), confidence=1.0)
    record = Record(
        fields={FieldName.GROSS_TOTAL: gross, FieldName.ISSUE_DATE: issued},
        vat_breakdown=(VatBreakdown(rate=Decimal(20), base=Decimal("1E+3"), amount=Decimal("200.00")),),
        lines=(InvoiceLine(description="Vis", quantity=Decimal(10), net_amount=Decimal("1000.00")),),
    )
    return Outcome(record=record, decision=REVIEW, seconds={"read": 1.23456})


def test_an_amount_is_plain_a_date_is_iso_and_evidence_comes_along() -> None:
    """No exponent, no float: another program reads what was meant."""
    fields = row("a.pdf", outcome())["fields"]
    assert fields["gross_total"] == {
        "value": "1200",
        "confidence": 0.9877,
        "page": 2,
        "box": {"x0": 1.0, "y0": 2.0, "x1": 3.0, "y1": 4.0},
        "evidence": [{"kind": "ocr", "supports": True, "detail": "1 200,00"}],
    }
    assert fields["issue_date"]["value"] == "2026-03-01"


def test_every_published_field_is_there_and_null_when_absent() -> None:
    """A reader needs no test for missing keys, even where nothing was read."""
    rejected = Outcome(decision=Rejected(reasons=(Reason(code="empty", message="The file is empty."),)))
    fields = row("a.pdf", rejected)["fields"]
    assert list(fields) == [name.value for name in PUBLISHED]
    assert {field["value"] for field in fields.values()} == {None}


def test_taxes_lines_and_reasons_are_text_and_null() -> None:
    """The same notation below the header."""
    found = row("a.pdf", outcome())
    assert found["decision"] == "review"
    assert found["reasons"] == [{"code": "low-confidence", "message": "Unsure.", "field": "iban"}]
    assert found["taxes"] == [{"rate": "20", "base": "1000", "amount": "200.00"}]
    assert found["lines"] == [
        {
            "description": "Vis",
            "quantity": "10",
            "unit_price": None,
            "net_amount": "1000.00",
            "tax_rate": None,
        }
    ]
    assert json.loads(json.dumps(found)) == found


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.decimals(-1e12, 1e12))
def test_a_plain_amount_keeps_its_value(amount: Decimal) -> None:
    """Whatever the exponent was."""
    text = plain(amount)
    assert text is not None
    assert "E" not in text.upper()
    assert Decimal(text) == amount


def test_a_file_of_rows_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    """A run that breaks leaves the earlier file as it was, and no part of a new one."""
    out = tmp_path / "deep" / "out.jsonl"
    with row_writer(out) as write:
        write("a.pdf", [outcome(), outcome()])
        assert not out.exists()
    before = out.read_text()
    assert [json.loads(line)["file"] for line in before.splitlines()] == ["a.pdf", "a.pdf"]
    with pytest.raises(AttributeError), row_writer(out) as write:
        write("b.pdf", [outcome(), None])
    assert out.read_text() == before
    assert list(out.parent.iterdir()) == [out]


def test_a_name_that_is_no_text_can_be_written(tmp_path: Path) -> None:
    """Bytes of a file name that are not UTF-8 must not stop the batch."""
    with row_writer(tmp_path / "out.jsonl") as write:
        write("caf\udce9.pdf", [outcome()])
    assert "caf" in (tmp_path / "out.jsonl").read_text()
