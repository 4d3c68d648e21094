"""Documents, drafts and decisions to put into the ledger."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from schemas import (
    Box,
    Document,
    Draft,
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    FieldStatus,
    Finding,
    MediaType,
    Outcome,
    Reason,
    Record,
    Review,
    Severity,
    StraightThrough,
)

LEASE = timedelta(minutes=10)


@pytest.fixture
def make_document():
    def make(content="one", file_name="invoice.pdf"):
        return Document(
            sha256=hashlib.sha256(content.encode()).hexdigest(),
            file_name=file_name,
            size=len(content),
            media_type=MediaType.PDF,
            received_at=datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC),
        )

    return make


@pytest.fixture
def make_draft():
    def make(number="F-1", part=1, **more):
        values = {
            FieldName.INVOICE_NUMBER: number,
            FieldName.ISSUE_DATE: date(2026, 2, 28),
            FieldName.SELLER_NAME: "Société Générale d'Électricité",
            FieldName.CURRENCY: "EUR",
            FieldName.NET_TOTAL: Decimal("100.00"),
            FieldName.TAX_TOTAL: Decimal("20.000"),
            FieldName.GROSS_TOTAL: Decimal("120.0"),
        }
        evidence = (Evidence(kind=EvidenceKind.LABEL, detail="Total TTC"),)
        box = Box(x0=1.1, y0=2.2, x1=3.3, y1=4.4)
        fields = {
            name: Field(
                name=name, value=value, page=1, box=box, confidence=0.97, evidence=evidence, status=FieldStatus.READ
            )
            for name, value in values.items()
        }
        finding = Finding(rule="sum", severity=Severity.INFO, message="adds up", fields=(FieldName.GROSS_TOTAL,))
        return Draft(part=part, record=Record(fields=fields), findings=(finding,), seconds={"ocr": 0.1}, **more)

    return make


@pytest.fixture
def begun(ledger, make_document):
    """A document that worker "me" has taken."""
    document = make_document()
    ledger.register(document, "arrival-1")
    ledger.begin(document.document_id, "me", LEASE)
    return document


def number_key(record):
    """A business key as simple as can be."""
    number = record.value(FieldName.INVOICE_NUMBER)
    return number and (number,)


def decide(draft, duplicates):
    """Straight through, unless it is a duplicate, failed, or has no record."""
    if duplicates:
        decision = Review(reasons=(Reason(code="duplicate", message=f"See {', '.join(duplicates)}."),))
    elif draft.failures or draft.record is None:
        decision = Review(reasons=(Reason(code="failed", message="Look at it."),))
    else:
        decision = StraightThrough()
    return Outcome(**dict(draft), decision=decision)


@pytest.fixture
def rules():
    """What `Ledger.settle` decides by."""
    return decide, number_key


@pytest.fixture
def settle(ledger):
    """Settle a document as worker "me"."""

    def settle(document, *drafts, owner="me", decide=decide):
        return ledger.settle(document.document_id, owner, drafts, decide, number_key)

    return settle
