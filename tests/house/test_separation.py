"""Two clients with the same supplier, the same invoice, the same bytes: to each, the other is not there."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pipeline.errors import LeaseLost, StoreError
from pipeline.store.ledger import Ledger
from pipeline.suppliers.book import book_in
from pipeline.suppliers.known import Known
from pipeline.suppliers.model import PurchaseOrder, Rules, Supplier, UnknownSupplier
from pipeline.suppliers.snapshot import snapshot_path, write_snapshots
from pipeline.validate.duplicates import business_key
from schemas import Document, Draft, Failure, Field, FieldName, MediaType, Outcome, Reason, Record, Review

LEASE = timedelta(minutes=5)
CLIENTS = ("ACME", "BETA")
REFUSED = Failure(code="broken-file", message="cut off")


@pytest.fixture
def whole(house, clock):
    for client in CLIENTS:
        house.clients.add(client, client.title(), "root")
    return Ledger(house.database, clock)


def invoice(client, content=b"the same bytes"):
    sha256 = hashlib.sha256(content).hexdigest()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Document(
        client_id=client, sha256=sha256, file_name="f.pdf", size=9, media_type=MediaType.PDF, received_at=at
    )


def draft():
    values = {
        FieldName.INVOICE_NUMBER: "F-1",
        FieldName.ISSUE_DATE: date(2026, 2, 28),
        FieldName.SELLER_NAME: "Martin",
        FieldName.SELLER_VAT_ID: "FR44732829320",
        FieldName.CURRENCY: "EUR",
        FieldName.GROSS_TOTAL: Decimal(120),
    }
    return Draft(record=Record(fields={name: Field(name=name, value=value) for name, value in values.items()}))


def review(draft, duplicates):
    reason = Reason(code="duplicate" if duplicates else "doubtful", message=f"{duplicates}")
    return Outcome(**dict(draft), decision=Review(reasons=(reason,)))


@pytest.fixture
def worked(whole):
    """The same invoice of both, read and decided, and a file refused of each."""
    said = {}
    for client in CLIENTS:
        document = invoice(client)
        assert whole.register(document, f"arrival of {client}")
        whole.reject("bad.pdf", None, REFUSED, f"refusal of {client}", client)
        assert whole.begin(document.document_id, "me", LEASE)
        (outcome,) = whole.settle(document.document_id, "me", [draft()], review, business_key)
        said[client] = [reason.code for reason in outcome.decision.reasons]
    return said


def test_the_same_invoice_of_two_clients_is_no_duplicate(whole, worked):
    """The second of one client is."""
    assert worked == {"ACME": ["doubtful"], "BETA": ["doubtful"]}
    second = invoice("ACME", b"a copy with other bytes")
    whole.register(second, "another arrival")
    whole.begin(second.document_id, "me", LEASE)
    (outcome,) = whole.settle(second.document_id, "me", [draft()], review, business_key)
    assert [reason.code for reason in outcome.decision.reasons] == ["duplicate"]
    assert outcome.decision.reasons[0].message == f"('{invoice('ACME').document_id}',)"


def test_the_same_bytes_of_two_clients_are_two_documents(whole, worked):
    """Each client's second arrival of them is seen as such."""
    ids = {invoice(client).document_id for client in (*CLIENTS, "main")}
    assert len(ids) == 3
    assert not whole.register(invoice("ACME"), "again")
    assert whole.of("ACME").status().seen_again == 1
    assert whole.of("BETA").status().seen_again == 0


def test_no_call_of_a_ledger_shows_another_client(whole, worked):
    """Every one of them, with the other's ids in hand."""
    mine, other, theirs = whole.of("ACME"), invoice("BETA"), whole.of("BETA")
    assert theirs.outcomes(other.document_id)
    assert mine.outcomes(other.document_id) == ()
    assert mine.find(other.document_id) is None
    assert mine.find(other.sha256) == invoice("ACME")
    assert mine.named("f.pdf") == (invoice("ACME"),)
    assert [one.document for one in mine.history()] == [invoice("ACME")]
    assert mine.events(other.document_id) == ()
    assert {event.client_id for event in mine.events()} == {"ACME"}
    assert [event.data["file_name"] for event in mine.events(kind="rejected")] == ["bad.pdf"]
    counts = mine.status()
    assert (counts.documents, counts.decisions, counts.reasons) == ({"done": 1}, {"review": 1}, {"doubtful": 1})
    assert (counts.waiting, counts.refused) == (1, 1)
    with pytest.raises(LookupError):
        whole.find(other.sha256)


def test_no_call_of_a_ledger_changes_another_client(whole):
    """Work of another client is neither seen nor taken nor given back."""
    mine, other = whole.of("ACME"), invoice("BETA")
    with pytest.raises(ValueError, match="BETA"):
        mine.register(other, "arrival")
    whole.register(other, "arrival")
    assert mine.pending() == ()
    assert not mine.begin(other.document_id, "me", LEASE)
    assert whole.begin(other.document_id, "me", LEASE)
    assert mine.take_back(lambda _: True) == 0
    with pytest.raises(LeaseLost):
        mine.release(other.document_id, "me", REFUSED)
    with pytest.raises(LeaseLost):
        mine.settle(other.document_id, "me", [draft()], review, business_key)


def test_a_document_of_nobody_is_refused(whole):
    """The database knows who is a client."""
    with pytest.raises(StoreError):
        whole.register(invoice("GAMMA"), "arrival")


@pytest.fixture
def books(whole, database_url, clock):
    books = {client: book_in(whole.database, database_url, clock, client) for client in (*CLIENTS, "main")}
    for client, iban in zip(CLIENTS, ("FR7630006000011234567890189", "DE89370400440532013000"), strict=True):
        book = books[client]
        book.suppliers.put([Supplier(key="F1", name="Martin", vat_id="FR44732829320", ibans=(iban,))], "root")
        book.orders.put([PurchaseOrder(number="PO 1", supplier="Martin", total=Decimal(len(client + iban)))])
    books["ACME"].rules.add("F1", Rules(supplier="F1", currencies=("EUR",)), "root")
    return books


def test_each_client_knows_its_own_suppliers(books, tmp_path):
    """The same key is another supplier with other accounts, rules and orders; so it is for the child processes."""
    acme, beta, main = (books[client] for client in ("ACME", "BETA", "main"))
    assert acme.suppliers.all()[0].ibans != beta.suppliers.all()[0].ibans
    assert (len(acme.rules.live()), len(beta.rules.live())) == (1, 0)
    assert beta.rules.newest("F1") is None
    assert beta.rules.history("F1") == ()
    assert acme.orders.find("PO1").total != beta.orders.find("PO1").total
    assert (main.suppliers.all(), main.orders.all(), main.clients()) == ((), (), (*CLIENTS, "main"))
    with pytest.raises(UnknownSupplier):
        main.suppliers.set_active("F1", False)
    write_snapshots(main, tmp_path)
    known = {client: Known.load(snapshot_path(tmp_path, client)) for client in (*CLIENTS, "main")}
    assert known["ACME"].master.suppliers == acme.suppliers.all()
    assert known["BETA"].rules("F1") is None
    assert known["main"].master.suppliers == ()


def test_an_order_is_used_up_by_its_own_invoices(books):
    """An invoice of another client that names the same order takes nothing of it."""
    values = {FieldName.PO_NUMBER: "PO-1", FieldName.NET_TOTAL: Decimal(3)}
    record = Record(fields={name: Field(name=name, value=value) for name, value in values.items()})
    assert books["ACME"].orders.note_invoice(record, "d1", 1)
    assert not books["main"].orders.note_invoice(record, "d2", 1)
    assert books["ACME"].orders.find("PO1").invoiced == 3
    assert books["BETA"].orders.find("PO1").invoiced == 0


def test_a_change_of_one_client_makes_no_other_snapshot_anew(books, tmp_path):
    """With many clients, each pays for its own changes."""
    write_snapshots(books["main"], tmp_path)
    paths = [snapshot_path(tmp_path, client) for client in CLIENTS]
    before = [path.stat().st_mtime_ns for path in paths]
    books["BETA"].suppliers.set_active("F1", False)
    write_snapshots(books["main"], tmp_path)
    after = [path.stat().st_mtime_ns for path in paths]
    assert [one != other for one, other in zip(before, after, strict=True)] == [False, True]
