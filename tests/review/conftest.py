"""A desk with invoices in its queue, and people."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pipeline.review.desk import Desk
from pipeline.review.enqueue import slot_of
from pipeline.store.database import Database
from pipeline.store.tables import ClientRow, RecordRow, ReviewItemRow
from pipeline.validate.duplicates import business_key
from schemas import (
    Document,
    Draft,
    Field,
    FieldName,
    InvoiceLine,
    MediaType,
    Outcome,
    Reason,
    Record,
    Review,
    StraightThrough,
    VatBreakdown,
)
from schemas.people import Actor, Role
from schemas.policy import ClientPolicy

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def person(name: str, *roles: Role, client: str = "main") -> Actor:
    """Somebody with these roles at one client."""
    return Actor(user=name, roles={client: frozenset(roles or (Role.OPERATOR,))})


ANNE, BEN = person("anne"), person("ben")
SUE, SAM = person("sue", Role.SUPERVISOR), person("sam", Role.SUPERVISOR)
AUDITOR, STRANGER = person("audrey", Role.AUDITOR), person("zoe", client="other")


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """An invoice over 120.00 that adds up; a field given as None is missing."""

    def make(**changes: object) -> Record:
        values = {
            FieldName.INVOICE_NUMBER: "FA-2026-0012",
            FieldName.DOC_TYPE: "invoice",
            FieldName.ISSUE_DATE: date(2026, 3, 2),
            FieldName.SELLER_NAME: "Quincaillerie Martin",
            FieldName.SELLER_VAT_ID: "FR44732829320",
            FieldName.BUYER_NAME: "Boulangerie Petit",
            FieldName.CURRENCY: "EUR",
            FieldName.NET_TOTAL: Decimal("100.00"),
            FieldName.TAX_TOTAL: Decimal("20.00"),
            FieldName.GROSS_TOTAL: Decimal("120.00"),
        } | {FieldName(name): value for name, value in changes.items()}
        fields = {name: Field(name=name, value=value, confidence=0.9) for name, value in values.items() if value}
        line = InvoiceLine(description="Vis", quantity=Decimal(2), unit_price=Decimal(50), net_amount=Decimal(100))
        taxes = (VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(20)),)
        return Record(fields=fields, vat_breakdown=taxes, lines=(line,), pages=(1,))

    return make


@pytest.fixture
def desk(database_url, ledger, clock):
    """The desk on both databases; its tables are there because a ledger is open."""
    database = Database(database_url)
    yield Desk(database, clock)
    database.close()


@pytest.fixture
def settle_on(ledger):
    """Give the main client a policy."""

    def settle_on(**policy: object) -> None:
        with ledger._database.writing() as session:
            session.get_one(ClientRow, "main").policy = ClientPolicy(**policy).model_dump(mode="json")

    return settle_on


@pytest.fixture
def put(ledger, make_record):
    """Settle an invoice and give the id of its place in the queue, if it has one."""

    def put(number: str = "FA-1", needs_person: bool = True, **changes: object) -> int | None:
        document = make_document(number)
        ledger.register(document, f"arrival-{number}")
        ledger.begin(document.document_id, "me", timedelta(minutes=5))
        draft = Draft(record=make_record(invoice_number=number, **changes))
        reason = Reason(code="low-confidence", message="The number is doubtful.", field=FieldName.INVOICE_NUMBER)
        decision = Review(reasons=(reason,)) if needs_person else StraightThrough()

        ledger.settle(
            document.document_id,
            "me",
            [draft],
            lambda draft, _: Outcome(**dict(draft), decision=decision),
            business_key,
            slot_of,
        )
        return item_of(ledger, document.document_id)

    return put


def make_document(content: str) -> Document:
    """A document that came in in March."""
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Document(sha256=digest, file_name=f"{content}.pdf", size=1, media_type=MediaType.PDF, received_at=AT)


def item_of(ledger, document_id: str) -> int | None:
    """The review item of a document."""
    query = select(ReviewItemRow.id).join(RecordRow, RecordRow.id == ReviewItemRow.record_id)
    with ledger._database.reading() as session:
        return session.scalar(query.where(RecordRow.document_id == document_id))
