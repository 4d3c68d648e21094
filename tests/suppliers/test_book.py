"""What is kept of suppliers in the database, on SQLite and PostgreSQL."""

import pytest

from pipeline.suppliers.learn import learn
from pipeline.suppliers.model import PurchaseOrder, Source, Supplier, UnknownSupplier
from pipeline.suppliers.rule_shelf import KEPT_DOCUMENTS, Confirmed, Outdated
from tests.suppliers.conftest import IBAN, NEW_IBAN, OTHER_IBAN, VAT_ID


@pytest.fixture
def confirmed(make_record, letter):
    return Confirmed("d" * 16, 1, make_record(), letter())


@pytest.fixture
def rules(confirmed):
    return learn(confirmed.record, confirmed.pages, "F001")


def test_suppliers_come_back_as_they_were_put(book, martin, durand):
    """By name, with their accounts; the second time nothing changes."""
    assert book.suppliers.put([martin, durand], "me") == (2, 0, 0)
    assert book.suppliers.all() == (durand, martin)
    assert book.suppliers.put([martin, durand], "me") == (0, 0, 2)


def test_a_new_master_replaces_its_own_accounts(book, martin):
    """An account that the master no longer names is no longer known; one that a person confirmed stays."""
    book.suppliers.put([martin], "me")
    changed = martin.model_copy(update={"ibans": (NEW_IBAN,), "name": "Martin SAS"})
    assert book.suppliers.put([changed], "me") == (0, 1, 0)
    (after,) = book.suppliers.all()
    assert (after.name, after.ibans) == ("Martin SAS", (NEW_IBAN,))


def test_a_confirmed_account_survives_the_next_master(book, martin, confirmed, rules):
    """What a person confirmed is not the master's to forget."""
    book.suppliers.put([martin], "me")
    book.rules.add_confirmed(martin, confirmed, rules, [NEW_IBAN], "anna", 0)
    book.suppliers.put([martin.model_copy(update={"ibans": (OTHER_IBAN,)})], "me")
    (after,) = book.suppliers.all()
    assert set(after.ibans) == {NEW_IBAN, OTHER_IBAN}


def test_a_supplier_made_by_a_confirmation_becomes_the_master_s(book, martin, confirmed, rules):
    """The same VAT id under a new key: its rules and accounts go along."""
    made = Supplier(key=VAT_ID, name="Martin", vat_id=VAT_ID, source=Source.PERSON)
    book.rules.add_confirmed(made, confirmed, rules, [IBAN], "anna", 0)
    book.suppliers.put([martin.model_copy(update={"ibans": ()})], "me")
    (after,) = book.suppliers.all()
    assert (after.key, after.source, after.ibans) == ("F001", Source.MASTER, (IBAN,))
    assert book.rules.newest("F001") is not None


def test_a_supplier_can_be_switched_off(book, martin):
    """Only one that exists."""
    book.suppliers.put([martin], "me")
    book.suppliers.set_active("F001", False)
    assert not book.suppliers.all()[0].active
    with pytest.raises(UnknownSupplier):
        book.suppliers.set_active("F009", False)


def test_rules_are_kept_by_version(book, martin, confirmed, rules):
    """Nothing is overwritten: who, when, from which document; the newest one that is on is live."""
    book.suppliers.put([martin], "me")
    assert book.rules.newest("F001") is None
    assert book.rules.add_confirmed(martin, confirmed, rules, [], "anna", 0) == 1
    assert book.rules.live() == {"F001": rules.model_dump_json()}
    assert book.rules.add("F001", rules, "ben", is_on=False, base=1) == 2
    assert book.rules.live() == {}
    first, second = book.rules.versions("F001")
    assert (first.edited_by, first.origin_document, first.is_on) == ("anna", "d" * 16, True)
    assert (second.edited_by, second.origin_document, second.is_on, second.rules) == ("ben", None, False, rules)


def test_rules_that_are_off_stay_off_when_more_is_learned(book, martin, confirmed, rules):
    """An operator's switch outlives the next confirmed document."""
    book.suppliers.put([martin], "me")
    book.rules.add("F001", rules, "ben", is_on=False)
    book.rules.add_confirmed(martin, confirmed, rules, [], "anna", 1)
    assert book.rules.live() == {}


def test_two_who_edit_the_same_version_do_not_overwrite_each_other(book, martin, rules):
    """The second one is told to look again."""
    book.suppliers.put([martin], "me")
    book.rules.add("F001", rules, "ben", base=0)
    with pytest.raises(Outdated, match="version 1"):
        book.rules.add("F001", rules, "anna", base=0)


def test_confirmed_documents_come_back_with_their_pages(book, martin, confirmed, rules):
    """Record and words to the last digit; confirmed again it is still one."""
    book.suppliers.put([martin], "me")
    book.rules.add_confirmed(martin, confirmed, rules, [], "anna", 0)
    book.rules.add_confirmed(martin, confirmed, rules, [], "anna", 1)
    assert book.rules.history("F001") == (confirmed,)


def test_only_the_newest_documents_are_kept(book, martin, confirmed, rules):
    """The history does not grow without end."""
    book.suppliers.put([martin], "me")
    for number in range(KEPT_DOCUMENTS + 2):
        document = confirmed._replace(document_id=f"{number:016d}")
        book.rules.add_confirmed(martin, document, rules, [], "anna", number)
    kept = [one.document_id for one in book.rules.history("F001")]
    assert kept == [f"{number:016d}" for number in range(2, KEPT_DOCUMENTS + 2)]


def test_an_order_knows_what_was_invoiced_on_it(book, make_record):
    """Once for each invoice, however often it is noted; a credit note gives back."""
    order = PurchaseOrder(number="PO-9", supplier="Martin", currency="EUR", total=1000)
    assert book.orders.put([order]) == (1, 0, 0)
    record = make_record(po_number="PO 9")
    assert book.orders.note_invoice(record, "a" * 16, 1)
    assert book.orders.note_invoice(record, "a" * 16, 1)
    assert book.orders.note_invoice(record, "b" * 16, 1)
    assert book.orders.note_invoice(make_record(po_number="PO9", doc_type="credit_note"), "c" * 16, 1)
    found = book.orders.find("po-9")
    assert (found.total, found.invoiced, found.remaining) == (1000, 100, 900)
    assert book.orders.put([order]) == (0, 0, 1)
    assert book.orders.all() == (found,)


def test_an_invoice_without_a_known_order_is_not_noted(book, make_record):
    """Neither one that names none, nor one that names another."""
    assert not book.orders.note_invoice(make_record(), "a" * 16, 1)
    assert not book.orders.note_invoice(make_record(po_number="PO-1"), "a" * 16, 1)
    assert book.orders.find("PO-1") is None


def test_every_change_counts(book, martin):
    """The revision grows with a change and not by looking."""
    before = book.revision()
    book.suppliers.put([martin], "me")
    after = book.revision()
    book.suppliers.all()
    assert before < after == book.revision()
