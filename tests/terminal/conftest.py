"""A desk with prepared invoices in its queue, pages drawn by hand, and the session of an operator."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from pipeline.errors import ReaderError
from pipeline.house.clients import Clients
from pipeline.posting.coding.at_desk import Bookkeepers
from pipeline.posting.coding.coders import Coders
from pipeline.posting.enqueue import put_job
from pipeline.reading.kept import Sheet
from pipeline.review.bookkeeping import nobody
from pipeline.review.desk import Desk
from pipeline.review.enqueue import slot_of
from pipeline.store.database import Database
from pipeline.store.tables import ClientRow
from pipeline.terminal.app import Work
from pipeline.terminal.crop import Shots
from pipeline.terminal.session import Session
from pipeline.validate.duplicates import business_key
from schemas import (
    Candidate,
    Document,
    Draft,
    Field,
    FieldName,
    InvoiceLine,
    MediaType,
    Outcome,
    Page,
    Reason,
    Record,
    Review,
    VatBreakdown,
)
from schemas.page import Box
from schemas.people import Actor, Role
from schemas.policy import ClientPolicy

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLACE = Box(x0=100, y0=100, x1=180, y1=112)
RIVAL = "FA-2026-0072"


def person(name: str, role: Role = Role.OPERATOR) -> Actor:
    """Somebody with a role at the main client."""
    return Actor(user=name, roles={"main": frozenset({role})})


ANNE, BEN = person("anne"), person("ben")


class PaintedPages:
    """White pages with a black bar where the number stands; `broken` ones cannot be drawn."""

    def __init__(self) -> None:
        self.broken = False

    def sheet(self, _document: Document, number: int) -> Sheet:
        if self.broken:
            raise ReaderError("The page cannot be drawn.")
        return Sheet(page=Page(number=number, width=595, height=842), page_count=2)

    def picture(self, _document: Document, _number: int, dpi: int) -> bytes:
        image = Image.new("RGB", (round(595 * dpi / 72), round(842 * dpi / 72)), "white")
        edges = PLACE.scaled(dpi / 72)
        ImageDraw.Draw(image).rectangle((edges.x0, edges.y0, edges.x1, edges.y1), fill="black")
        out = BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    def make_ahead(self, _document: Document, _dpi: int) -> None:
        """It is white anyway."""


def record(number: str, **changes: object) -> Record:
    """An invoice over 120.00 that adds up, its number doubtful with one other reading."""
    values = {
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
    fields = {name: Field(name=name, value=value, confidence=0.99) for name, value in values.items() if value}
    rival = Candidate(name=FieldName.INVOICE_NUMBER, value=RIVAL, page=1, box=PLACE, score=5)
    where = {"page": 1, "box": PLACE, "raw": number}
    fields[FieldName.INVOICE_NUMBER] = Field(
        name=FieldName.INVOICE_NUMBER, value=number, confidence=0.4, rivals=(rival,), **where
    )
    line = InvoiceLine(description="Vis", quantity=Decimal(2), unit_price=Decimal(50), net_amount=Decimal(100))
    taxes = (VatBreakdown(rate=Decimal(20), base=Decimal(100), amount=Decimal(20)),)
    return Record(fields=fields, vat_breakdown=taxes, lines=(line,), pages=(1,))


@pytest.fixture
def desk(settings, sqlite_ledger, clock, request):
    """A desk; its tables are there because a ledger is open. It knows accounts where the test has bookkeepers."""
    database = Database(settings.url)
    known = request.getfixturevalue("books") if "books" in request.fixturenames else nobody
    yield Desk(database, clock, to_post=put_job, bookkeeper_of=known)
    database.close()


@pytest.fixture
def books(settings, sqlite_ledger, clock, tmp_path):
    """Bookkeepers of clients that all post somewhere."""
    database = Database(settings.url)
    yield Bookkeepers(Coders(database, clock, tmp_path), Clients(database, clock), "books").of
    database.close()


@pytest.fixture
def put(sqlite_ledger):
    """Queue an invoice and give the number that it has."""

    def put(number: str = "FA-1", **changes: object) -> str:
        digest = hashlib.sha256(number.encode()).hexdigest()
        document = Document(sha256=digest, file_name=f"{number}.pdf", size=1, media_type=MediaType.PDF, received_at=AT)
        sqlite_ledger.register(document, f"arrival-{number}")
        sqlite_ledger.begin(document.document_id, "me", timedelta(minutes=5))
        reason = Reason(code="low-confidence", message="The number is doubtful.", field=FieldName.INVOICE_NUMBER)
        sqlite_ledger.settle(
            document.document_id,
            "me",
            [Draft(record=record(number, **changes))],
            lambda draft, _: Outcome(**dict(draft), decision=Review(reasons=(reason,))),
            business_key,
            slot_of,
        )
        return number

    return put


@pytest.fixture
def settle_on(sqlite_ledger):
    """Give the main client a policy."""

    def settle_on(**policy: object) -> None:
        with sqlite_ledger._database.writing() as session:
            session.get_one(ClientRow, "main").policy = ClientPolicy(**policy).model_dump(mode="json")

    return settle_on


@pytest.fixture
def pages():
    return PaintedPages()


@pytest.fixture
def work(desk, clock, pages):
    """Run a script of keys in the real session, headless: `work(script)`, where script is async and takes a pilot."""

    def work(script, actor: Actor = ANNE, language: str = "fr", size: tuple[int, int] = (80, 24), books=nobody) -> Work:
        app = Work(Session(desk, actor, clock, language, books_of=books), Shots(pages), clock.now)

        async def run() -> None:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await script(pilot)

        ThreadPoolExecutor(1).submit(asyncio.run, run()).result()
        return app

    return work
