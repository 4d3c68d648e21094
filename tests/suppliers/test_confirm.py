"""A person confirms: accounts become known, rules grow, and what would break a confirmed document stays out."""

import pytest

from pipeline.suppliers.confirm import confirm, edit, is_confirmed, switch
from pipeline.suppliers.known import Known
from pipeline.suppliers.model import Source
from pipeline.suppliers.replay import RuleRefused
from pipeline.suppliers.snapshot import write_snapshot
from schemas import FieldName, FieldStatus
from tests.suppliers.conftest import IBAN, NEW_IBAN, OTHER_IBAN, VAT_ID


@pytest.fixture
def taught(book, martin, make_record, letter):
    """A book with two confirmed invoices of Martin."""
    book.suppliers.put([martin], "me")
    for number in ("FA-2026-0012", "FA-2026-0013"):
        confirm(book, number.ljust(16, "x"), 1, make_record(invoice_number=number), letter(number), "anna")
    return book


def test_an_unknown_seller_becomes_a_supplier(book, make_record, letter):
    """Known by its VAT id from then on, with its account and its rules."""
    done = confirm(book, "d" * 16, 1, make_record(), letter(), "anna")
    assert done is not None
    (supplier,) = book.suppliers.all()
    assert (supplier.key, supplier.source, supplier.ibans) == (VAT_ID, Source.PERSON, (IBAN,))
    assert done.version == 1
    assert not done.refused
    assert VAT_ID in book.rules.live()


def test_a_confirmed_new_account_is_known(book, martin, make_record, letter):
    """To approve the invoice is to have asked the supplier."""
    book.suppliers.put([martin], "me")
    confirm(book, "d" * 16, 1, make_record(iban=NEW_IBAN), letter(), "anna")
    assert book.suppliers.all()[0].ibans == (IBAN, NEW_IBAN)


def test_a_contradictory_record_teaches_nothing(book, martin, durand, make_record, letter):
    """The VAT id of one and the account of another: whose habits would it be?"""
    book.suppliers.put([martin, durand], "me")
    assert confirm(book, "d" * 16, 1, make_record(iban=OTHER_IBAN), letter(), "anna") is None
    assert book.rules.live() == {}


def test_the_same_document_teaches_once(taught, make_record, letter):
    """Confirmed again, it is not seen twice."""
    number = "FA-2026-0013"
    confirm(taught, number.ljust(16, "x"), 1, make_record(invoice_number=number), letter(number), "anna")
    rule = taught.rules.newest("F001").rules.of(FieldName.INVOICE_NUMBER)
    assert rule.seen == 2
    assert len(taught.rules.history("F001")) == 2


def test_what_was_learned_reaches_the_readers(taught, tmp_path, letter):
    """The snapshot holds the rules: the number under its strange label is found."""
    from pipeline.suppliers.reread import reread

    known = Known.load(write_snapshot(taught, tmp_path))
    assert reread(letter("FA-2026-0777"), known.recall)[FieldName.INVOICE_NUMBER] == "FA-2026-0777"
    assert reread(letter("FA-2026-0777"), Known().recall)[FieldName.INVOICE_NUMBER] != "FA-2026-0777"


def with_mask(rules, mask):
    fields = tuple(
        one.model_copy(update={"masks": (mask,)}) if one.field is FieldName.INVOICE_NUMBER else one
        for one in rules.fields
    )
    return rules.model_copy(update={"fields": fields})


def test_an_edited_rule_that_breaks_a_document_is_refused(taught):
    """The error names the document and both values, and the rules before stay live."""
    version = taught.rules.newest("F001")
    with pytest.raises(RuleRefused, match="FA-2026-0012xxxx: invoice_number would be 'C00417'"):
        edit(taught, "F001", with_mask(version.rules, "@#####"), "ben", base=version.number)
    assert taught.rules.newest("F001") == version


def test_an_edited_rule_that_breaks_nothing_goes_live(taught):
    """As a new version that says who wrote it."""
    version = taught.rules.newest("F001")
    assert edit(taught, "F001", with_mask(version.rules, "@@-####-####"), "ben", version.number) == 3
    newest = taught.rules.newest("F001")
    assert (newest.edited_by, newest.is_on) == ("ben", True)


def test_a_learned_rule_that_breaks_an_earlier_document_is_left_out(taught, make_record, letter):
    """Somebody confirms the customer's number as the invoice's: that field's rule is off, the others live on."""
    wrong = make_record(invoice_number="C00417")
    done = confirm(taught, "e" * 16, 1, wrong, letter("FA-2026-0014"), "anna")
    assert done is not None
    assert {one.field for one in done.refused} == {FieldName.INVOICE_NUMBER}
    rules = taught.rules.newest("F001").rules
    assert rules.of(FieldName.INVOICE_NUMBER) is None
    assert rules.of(FieldName.ISSUE_DATE) is not None


def test_rules_are_switched_off_and_on(taught):
    """Each is a version of its own; switched on, they are replayed first."""
    assert switch(taught, "F001", False, "ben") == 3
    assert taught.rules.live() == {}
    assert switch(taught, "F001", True, "ben") == 4
    assert "F001" in taught.rules.live()


def test_only_a_person_s_record_may_teach(make_record):
    """A record as the machine read it is not confirmed, however sure it is."""
    record = make_record()
    assert not is_confirmed(record)
    number = record.fields[FieldName.INVOICE_NUMBER].model_copy(update={"status": FieldStatus.CORRECTED})
    touched = record.model_copy(update={"fields": {**record.fields, FieldName.INVOICE_NUMBER: number}})
    assert is_confirmed(touched)
