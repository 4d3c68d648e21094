"""One server with a filled home for all browser tests, and Debian's chromium, watched for what must not happen."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from pipeline.bootstrap import SystemClock
from pipeline.review.flow import State
from pipeline.review.items import Filters
from pipeline.review.reasons import PostponeReason
from pipeline.settings import Settings
from pipeline.suppliers.model import FieldRule, Place, Relation, Rules, Spread, Supplier
from pipeline.web.access import SESSION
from pipeline.web.app import create_app
from pipeline.web.services import Services, open_services
from schemas import FieldName
from tests.web.filled import add_invoice, fill_people

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE_MS = 60_000
"""For whatever a page is waited for; a loaded machine is no failure."""
expect.set_options(timeout=PATIENCE_MS)
SELLERS = ("Quincaillerie Martin", "Électricité Générale du Centre", "Boulonnerie du Nord", "Papeterie Lafayette")

SUPPLIER = Supplier(
    key="FR44732829320",
    name="Quincaillerie Martin",
    vat_id="FR44732829320",
    siren="732829320",
    ibans=("FR7630006000011234567890189",),
    currency="EUR",
    vat_rates=(Decimal(20),),
)
RULES = Rules(
    supplier=SUPPLIER.key,
    fields=(
        FieldRule(
            field=FieldName.INVOICE_NUMBER,
            seen=3,
            places=(Place(label="facture no", relation=Relation.BESIDE, zone="top right"),),
            masks=("@@-####-###",),
        ),
        FieldRule(
            field=FieldName.GROSS_TOTAL,
            seen=3,
            places=(Place(label="total ttc", relation=Relation.BESIDE, page="last", zone="bottom right"),),
        ),
        FieldRule(field=FieldName.SELLER_NAME, seen=3, values=("Quincaillerie Martin",)),
    ),
    currencies=("EUR",),
    gross=Spread(least=Decimal("120.00"), most=Decimal("1440.00"), seen=3),
)


class Served:
    """A running application: its address, its services, and the password that its first start printed."""

    def __init__(self, url: str, services: Services, first_password: str) -> None:
        self.url = url
        self.services = services
        self.first_password = first_password


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    settings = Settings(home=tmp_path_factory.mktemp("browser"), workers=1)
    with open_services(settings, SystemClock()) as services:
        first_password = services.house.users.ensure_first_admin()
        fill_people(services)
        for number in range(12):
            gross, due = f"{120 * (number + 1)}.00", (1, 30, 4, 14)[number % 4]
            add_invoice(services, f"FA-2026-{number:03}", SELLERS[number % 4], gross=gross, due_in_days=due)
        with services.book("main") as book:
            book.suppliers.put([SUPPLIER], "test")
            book.rules.add(SUPPLIER.key, RULES, "sven")
        add_invoice(services, "FA-2026-900", "Imprimerie Durand", needs_person=False)
        add_invoice(services, "NO-2026-001", "Nordlys AS", client="north")
        with _running(create_app(services)) as url:
            yield Served(url, services, first_password)


@pytest.fixture(scope="session")
def working(served) -> None:
    """Others have begun: something is held, put off, decided and left to a supervisor."""
    desk, users, now = served.services.desk, served.services.house.users, served.services.clock.now()
    olga, sven = users.actor("olga"), users.actor("sven")
    held = [desk.claim_next(olga) for _ in range(4)]
    desk.approve(olga, held[0], "Checked by telephone.")
    desk.postpone(olga, held[1], PostponeReason.ASKED_SUPPLIER, now + timedelta(days=2), "Asked for the order.")
    desk.escalate(olga, held[2], "May this account be right?")
    desk.claim_next(sven, Filters(states=(State.WAITING,)))


@contextmanager
def _running(app) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium, served) -> Iterator[BrowserContext]:
    """A browser of its own; at its end nothing may have gone wrong in it, and nothing may have left the machine."""
    wrong: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, base_url=served.url, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)

    def heard(message: ConsoleMessage) -> None:
        is_status = "the server responded with a status of 4" in message.text  # a refusal is a page of ours
        if message.type in ("error", "warning") and not is_status:
            wrong.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(served.url).netloc and not request.url.startswith("data:"):
            wrong.append(f"left the machine: {request.url}")

    def opened(page: Page) -> None:
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    context.on("console", heard)
    context.on("request", asked)
    context.on("page", opened)
    yield context
    context.close()
    assert wrong == []


@pytest.fixture
def page(context) -> Page:
    return context.new_page()


@pytest.fixture
def enter(served):
    """Open the queue as somebody who is signed in already; the form has tests of its own."""

    def enter(page: Page, name: str) -> None:
        token = served.services.house.sessions.open(name)
        page.context.add_cookies([{"name": SESSION, "value": token, "url": served.url, "sameSite": "Strict"}])
        page.goto("/queue")

    return enter
