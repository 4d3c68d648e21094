"""A home with clients, people and invoices, made through the ledger without reading a page."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from pipeline.posting.enqueue import put_job
from pipeline.review.enqueue import slot_of
from pipeline.review.facts import facts_of
from pipeline.validate.duplicates import business_key
from pipeline.web.services import Services
from schemas import (
    Document,
    Draft,
    Evidence,
    EvidenceKind,
    Field,
    FieldName,
    Finding,
    InvoiceLine,
    MediaType,
    Outcome,
    Reason,
    Record,
    Review,
    Severity,
    StraightThrough,
    VatBreakdown,
)
from schemas.people import HOUSE, Role

PASSWORD = "correct horse battery"
SCRIPT = "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
"""What a hostile invoice prints as its seller."""

PEOPLE: Sequence[tuple[str, str, Role]] = (
    ("olga", "main", Role.OPERATOR),
    ("sven", "main", Role.SUPERVISOR),
    ("aude", "main", Role.AUDITOR),
    ("root", HOUSE, Role.ADMIN),
    ("nora", "north", Role.OPERATOR),
    ("carl", "north", Role.ADMIN),
)


def fill_people(services: Services) -> None:
    """A second client, and somebody of each role, all with the same password."""
    services.house.clients.add("north", "Nord & fils", "test")
    for name, client, role in PEOPLE:
        services.house.users.add(name, "test", "first password 1")
        services.house.users.give_role(name, client, role, "test")
        services.house.users.change_password(name, "first password 1", PASSWORD)


def add_invoice(
    services: Services,
    number: str,
    seller: str = "Quincaillerie Martin",
    client: str = "main",
    *,
    needs_person: bool = True,
    content: bytes | None = None,
    gross: str = "120.00",
    due_in_days: int = 30,
    vat_id: str | None = "FR44732829320",
    reason: str = "low-confidence",
) -> str:
    """Let an invoice come in and be settled; returns the document's id."""
    content = content or f"%PDF-1.4 {number}".encode()
    digest = hashlib.sha256(content).hexdigest()
    source = Path(services.settings.home) / "incoming.pdf"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(content)
    services.archive.put(source)
    document = Document(
        sha256=digest,
        file_name=f"{number}.pdf",
        size=len(content),
        media_type=MediaType.PDF,
        received_at=services.clock.now(),
        client_id=client,
    )
    ledger = services.ledger
    assert ledger.register(document, f"arrival-{number}-{client}"), f"{number} came in before: give it another number"
    ledger.begin(document.document_id, "test", timedelta(minutes=5))
    record = _record(number, seller, Decimal(gross), services.clock.now().date() + timedelta(days=due_in_days), vat_id)
    why = Reason(code=reason, message="The number is doubtful.", field=FieldName.INVOICE_NUMBER)
    finding = Finding(rule="sum-of-lines", severity=Severity.WARNING, message="The lines add up to 90.00.")
    decision = Review(reasons=(why,)) if needs_person else StraightThrough()
    findings = (finding,) if needs_person else ()
    ledger.settle(
        document.document_id,
        "test",
        [Draft(record=record, findings=findings)],
        lambda draft, _: Outcome(**dict(draft), decision=decision),
        business_key,
        slot_of,
        to_post=put_job,
        tell=facts_of,
    )
    return document.document_id


def _record(number: str, seller: str, gross: Decimal, due: date, vat_id: str | None) -> Record:
    net = (gross / Decimal("1.2")).quantize(Decimal("0.01"))
    values = {
        FieldName.INVOICE_NUMBER: number,
        FieldName.DOC_TYPE: "invoice",
        FieldName.ISSUE_DATE: due - timedelta(days=30),
        FieldName.DUE_DATE: due,
        FieldName.SELLER_NAME: seller,
        FieldName.SELLER_VAT_ID: vat_id,
        FieldName.BUYER_NAME: "Boulangerie Petit",
        FieldName.CURRENCY: "EUR",
        FieldName.NET_TOTAL: net,
        FieldName.TAX_TOTAL: gross - net,
        FieldName.GROSS_TOTAL: gross,
    }
    seen = (Evidence(kind=EvidenceKind.TEXT_LAYER), Evidence(kind=EvidenceKind.LABEL, detail="beside 'Facture'"))
    fields = {
        name: Field(name=name, value=value, confidence=0.93, evidence=seen) for name, value in values.items() if value
    }
    line = InvoiceLine(description="Vis 4 x 40", quantity=Decimal(2), unit_price=net / 2, net_amount=net)
    taxes = (VatBreakdown(rate=Decimal(20), base=net, amount=gross - net),)
    return Record(fields=fields, vat_breakdown=taxes, lines=(line,), pages=(1,))
