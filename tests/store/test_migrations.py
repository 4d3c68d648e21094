"""A home of an earlier version, with work in it, is brought up to date."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from pipeline.house.audit import verify
from pipeline.house.clients import Clients
from pipeline.store import database as database_module
from pipeline.store.ledger import open_ledger
from pipeline.suppliers.book import book_in

SHA = "ab" * 32
START = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
OUTCOME = '{"part": 1, "decision": {"kind": "review", "reasons": [{"code": "low-confidence", "message": "look"}]}}'


@pytest.fixture
def old_home(empty_database_url):
    """A database of version 0002: a document with its record, review item and events, a supplier with its account."""
    engine = create_engine(empty_database_url.replace("postgresql:", "postgresql+psycopg:"))
    config = Config()
    config.set_main_option("script_location", str(database_module.Path(database_module.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for statement in _WORK:
            connection.execute(text(statement), _VALUES | {"at": _at(engine, 0)})
        for number, kind in enumerate(("received", "begun", "decided", "review_opened")):
            row = {"at": _at(engine, number), "kind": kind, "arrival": "a" if number == 0 else None}
            connection.execute(text(_EVENT), _VALUES | row | {"data": '{"part": 1, "share": 0.1, "name": "é"}'})
    engine.dispose()


_VALUES = {"id": SHA[:16], "sha": SHA, "outcome": OUTCOME, "yes": True}
_WORK = (
    "INSERT INTO documents (id, sha256, file_name, media_type, size, received_at, state, attempt)"
    " VALUES (:id, :sha, 'f.pdf', 'application/pdf', 9, :at, 'done', 1)",
    "INSERT INTO records"
    " (id, document_id, part, settled_at, decision, business_key, outcome, seller_name, number, gross)"
    " VALUES (1, :id, 1, :at, 'review', 'key', :outcome, 'Électricité Nord', 'F-7', '-120.50')",
    "INSERT INTO reasons (id, record_id, code, message) VALUES (1, 1, 'low-confidence', 'look')",
    "INSERT INTO review_items (id, record_id, state, priority, created_at) VALUES (1, 1, 'waiting', 0, :at)",
    "INSERT INTO supplier (id, key, name, aliases, vat_rates, active, source, updated_at)"
    " VALUES (1, 'F1', 'Martin', '[]', '[]', :yes, 'master', :at)",
    "INSERT INTO supplier_account (id, supplier_id, iban, source, added_at, added_by)"
    " VALUES (1, 1, 'DE89370400440532013000', 'master', :at, 'anna')",
    "INSERT INTO purchase_order (id, number, supplier, total, lines, updated_at)"
    " VALUES (1, 'PO1', 'Martin', 100, '[]', :at)",
    "INSERT INTO purchase_order_invoice (id, number, document_id, part, net, noted_at)"
    " VALUES (1, 'PO1', :id, 1, 30, :at)",
)
_EVENT = (
    "INSERT INTO events (at, kind, document_id, arrival, data) VALUES (:at, :kind, '" + SHA[:16] + "', :arrival, :data)"
)


def _at(engine, minutes):
    at = START + timedelta(minutes=minutes)
    return at if engine.dialect.name == "postgresql" else at.strftime("%Y-%m-%d %H:%M:%S.%f")


def test_all_work_becomes_the_main_clients(old_home, empty_database_url, clock):
    """Documents, outcomes and what waits are where they were, and an arrival is still known."""
    with open_ledger(empty_database_url, clock) as ledger:
        main = ledger.of("main")
        (document,) = main.named("f.pdf")
        assert (document.document_id, document.received_at) == (SHA[:16], START)
        assert len(main.outcomes(document.document_id)) == 1
        assert main.status().waiting == 1
        assert main.register(document, "a")
        assert [one.id for one in Clients(ledger.database, clock).all()] == ["main"]


def test_suppliers_and_orders_become_the_main_clients(old_home, empty_database_url, clock):
    """With their accounts and what was invoiced, and more can be written."""
    with open_ledger(empty_database_url, clock) as ledger:
        book = book_in(ledger.database, empty_database_url, clock)
        (supplier,) = book.suppliers.all()
        assert supplier.ibans == ("DE89370400440532013000",)
        assert book.orders.find("PO 1").invoiced == 30
        before = book.revision()
        book.suppliers.set_active("F1", False)
        assert book.revision() == before + 1
        assert book.of("other").suppliers.all() == ()


def test_what_is_there_is_found_by_its_words(old_home, empty_database_url, clock):
    """Documents by file, seller and number, items by their amount."""
    with open_ledger(empty_database_url, clock) as ledger, ledger.database.reading() as session:
        assert session.execute(text("SELECT search FROM documents")).scalar() == "f.pdf electricite nord f-7"
        assert session.execute(text("SELECT amount FROM review_items")).scalar() == 120.5


def test_events_that_happened_are_chained(old_home, empty_database_url, clock):
    """They keep their order and say what they said; the guards stand again, and the chain goes on."""
    with open_ledger(empty_database_url, clock) as ledger:
        assert [event.kind for event in ledger.events()] == ["received", "begun", "decided", "review_opened"]
        assert ledger.events()[0].data == {"part": 1, "share": 0.1, "name": "é"}
        Clients(ledger.database, clock).set_policy("main", {"sla_hours": 4}, "root")
        found = verify(ledger.database, ())
        assert (found.events, found.faults) == (5, ())


def test_references_are_checked_again_afterwards(old_home, empty_database_url, clock):
    """The migration looks away only for itself."""
    with open_ledger(empty_database_url, clock) as ledger, ledger.database.reading() as session:
        if session.get_bind().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        refused = text("INSERT INTO reasons (id, record_id, code, message) VALUES (99, 99, 'x', 'x')")
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            session.execute(refused)
