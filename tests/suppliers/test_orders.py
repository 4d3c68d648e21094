"""Invoices against purchase orders."""

from decimal import Decimal

import pytest

from pipeline.settings import Tolerance
from pipeline.suppliers.model import OrderLine, PurchaseOrder
from pipeline.suppliers.orders import check_order, with_order_evidence
from pipeline.validate.identifiers import plain
from schemas import EvidenceKind, FieldName, InvoiceLine, Severity

ORDER = PurchaseOrder(number="PO-9", supplier="Quincaillerie Martin", currency="EUR", total=Decimal("100.00"))


@pytest.fixture
def check(martin, make_record):
    """The findings on an invoice of 100.00 without VAT, against an order."""

    def run(order=ORDER, tolerance=None, supplier=martin, lines=(), **changes):
        record = make_record(**{"po_number": "PO 9", **changes}).model_copy(update={"lines": lines})
        find = {plain(order.number): order}.get
        return {
            one.rule: one
            for one in check_order(record, lambda number: find(plain(number)), supplier, tolerance or Tolerance())
        }

    return run


def test_an_invoice_that_is_as_ordered_is_fine(check):
    """Number without regard to punctuation, supplier by name, total to the cent."""
    assert check() == {}


def test_an_unknown_order_is_a_warning(check):
    """Somebody may have ordered by telephone."""
    assert check(po_number="PO-8")["order-unknown"].severity is Severity.WARNING


def test_an_invoice_without_an_order_is_not_compared(check):
    """Many invoices have none."""
    assert check(po_number=None) == {}


@pytest.mark.parametrize("given", ["Durand Transports", "FR40303265045"])
def test_an_order_of_another_supplier_is_an_error(check, given):
    """By name or by VAT id."""
    finding = check(ORDER.model_copy(update={"supplier": given}))["order-supplier-differs"]
    assert finding.severity is Severity.ERROR
    assert "Quincaillerie Martin SARL" in finding.message


@pytest.mark.parametrize("given", ["F001", "FR 44 732 829 320", "732829320", "MARTIN OUTILLAGE SARL", ""])
def test_a_supplier_may_be_given_in_many_ways(check, given):
    """Key, VAT id, SIREN, alias, or not at all."""
    assert check(ORDER.model_copy(update={"supplier": given})) == {}


@pytest.mark.parametrize(
    ("total", "tolerance", "is_error"),
    [
        ("99.00", Tolerance(), False),
        ("98.01", Tolerance(), True),
        ("98.01", Tolerance(percent=Decimal(3)), False),
        ("98.01", Tolerance(amount=Decimal(2)), False),
        ("99.99", Tolerance(amount=Decimal(0), percent=Decimal(0)), True),
    ],
)
def test_more_than_ordered_is_an_error_beyond_the_tolerance(check, total, tolerance, is_error):
    """The greater of amount and percentage counts."""
    findings = check(ORDER.model_copy(update={"total": Decimal(total)}), tolerance)
    assert ("order-amount-differs" in findings) is is_error


def test_what_was_invoiced_already_counts(check):
    """Two invoices may share an order, but not take more than its total together."""
    order = ORDER.model_copy(update={"total": Decimal(150), "invoiced": Decimal(100)})
    finding = check(order)["order-amount-differs"]
    assert finding.severity is Severity.ERROR
    assert "100.00 of it invoiced already" in finding.message


def test_a_part_of_an_order_is_only_a_remark(check):
    """What remains is named."""
    finding = check(ORDER.model_copy(update={"total": Decimal(250)}))["order-part"]
    assert finding.severity is Severity.INFO
    assert "150.00" in finding.message


def test_another_currency_than_ordered_is_an_error(check):
    """Amounts of two currencies are not compared."""
    assert check(currency="USD")["order-amount-differs"].severity is Severity.ERROR


def test_a_credit_note_takes_nothing_of_an_order(check):
    """It may name the order it gives back from, even one that is used up."""
    assert check(ORDER.model_copy(update={"invoiced": Decimal(100)}), doc_type="credit_note") == {}


def test_a_raised_price_is_a_warning(check):
    """An item that is known by its description and costs more than ordered."""
    order = ORDER.model_copy(update={"lines": (OrderLine(description="Vis à bois", unit_price=Decimal(9)),)})
    lines = (InvoiceLine(description="VIS A BOIS", unit_price=Decimal(10)),)
    assert check(order, lines=lines)["order-price-differs"].severity is Severity.WARNING


def evidence(record, name):
    return [one.detail for one in record.fields[name].evidence if one.kind is EvidenceKind.PURCHASE_ORDER]


def test_an_order_that_agrees_is_evidence(martin, make_record):
    """For the order's number and the totals."""
    record = with_order_evidence(make_record(po_number="PO-9"), lambda _: ORDER, martin, Tolerance())
    assert all(evidence(record, name) for name in (FieldName.PO_NUMBER, FieldName.NET_TOTAL, FieldName.GROSS_TOTAL))
    assert not evidence(record, FieldName.IBAN)


def test_a_total_that_differs_gets_no_evidence(martin, make_record):
    """The number is still a known order's."""
    order = ORDER.model_copy(update={"total": Decimal(500)})
    record = with_order_evidence(make_record(po_number="PO-9"), lambda _: order, martin, Tolerance())
    assert evidence(record, FieldName.PO_NUMBER)
    assert not evidence(record, FieldName.NET_TOTAL)


@pytest.mark.parametrize("order", [None, ORDER.model_copy(update={"supplier": "Durand"})])
def test_an_order_that_is_not_of_this_invoice_is_no_evidence(martin, make_record, order):
    """Unknown, or of another supplier."""
    record = make_record(po_number="PO-9")
    assert with_order_evidence(record, lambda _: order, martin, Tolerance()) == record
