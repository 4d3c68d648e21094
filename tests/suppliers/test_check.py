"""Findings on supplier, account and habits."""

from decimal import Decimal

import pytest

from pipeline.suppliers.check import check_known, vouch
from pipeline.suppliers.known import Known
from pipeline.suppliers.master import Master
from pipeline.suppliers.model import PurchaseOrder, Rules, Spread
from schemas import EvidenceKind, FieldName, Severity
from tests.suppliers.conftest import NEW_IBAN, OTHER_IBAN


@pytest.fixture
def known(martin, durand):
    return Known(Master((martin, durand)))


def found(record, known):
    return {one.rule: one for one in check_known(record, known)}


def test_a_known_supplier_with_its_account_is_fine(known, make_record):
    """Nothing stands out, so nothing is said."""
    assert check_known(make_record(), known) == ()


@pytest.mark.parametrize("changes", [{}, {"seller_vat_id": None}, {"seller_vat_id": "FR44732829321"}])
def test_a_new_account_of_a_known_supplier_is_an_error(known, make_record, changes):
    """Known by VAT id or by name alone: the alert names both accounts, neither of them whole."""
    finding = found(make_record(iban=NEW_IBAN, **changes), known)["changed-iban"]
    assert finding.severity is Severity.ERROR
    assert "BE68 5390 … 7034" in finding.message
    assert "FR76 3000 … 0189" in finding.message
    assert NEW_IBAN not in finding.message


def test_the_first_account_of_a_supplier_is_a_warning(martin, make_record):
    """A master without accounts does not stop every invoice."""
    known = Known(Master((martin.model_copy(update={"ibans": ()}),)))
    assert found(make_record(), known)["first-iban"].severity is Severity.WARNING


def test_a_contradiction_is_an_error(known, make_record):
    """The VAT id of one and the account of another."""
    finding = found(make_record(iban=OTHER_IBAN), known)["supplier-contradiction"]
    assert finding.severity is Severity.ERROR
    assert "Durand Transports" in finding.message


def test_an_inactive_supplier_is_an_error(martin, make_record):
    """A supplier that was switched off in the master is not paid straight through."""
    known = Known(Master((martin.model_copy(update={"active": False}),)))
    assert found(make_record(), known)["supplier-inactive"].severity is Severity.ERROR


def test_unusual_habits_are_pointed_out(martin, make_record):
    """Another currency, another VAT rate, a total far above all confirmed ones."""
    rules = Rules(
        supplier="F001",
        currencies=("EUR",),
        vat_rates=(Decimal("5.5"),),
        gross=Spread(least=Decimal(1), most=Decimal(10), seen=3),
    )
    known = Known(Master((martin.model_copy(update={"vat_rates": ()}),)), {"F001": rules.model_dump_json()})
    findings = found(make_record(currency="USD"), known)
    assert set(findings) == {"unusual-currency", "unusual-vat-rate", "unusual-amount"}
    assert all(one.severity is not Severity.ERROR for one in findings.values())


def test_nothing_known_means_nothing_found(make_record):
    """A first run without master, rules and orders."""
    assert check_known(make_record(po_number="PO-1"), Known()) == ()


def test_an_order_vouches_for_a_record(known, make_record):
    """What agrees with a known order carries its witness."""
    order = PurchaseOrder(number="PO9", supplier="F001", total=Decimal(100))
    with_orders = Known(known.master, {}, {"PO9": order})
    vouched = vouch(make_record(po_number="PO-9"), with_orders)
    kinds = {one.kind for one in vouched.fields[FieldName.NET_TOTAL].evidence}
    assert kinds == {EvidenceKind.PURCHASE_ORDER}
    assert check_known(vouched, with_orders) == ()
