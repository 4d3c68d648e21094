"""Against a Tryton server that runs: everything is installed where it is missing, so that nothing is skipped."""

from datetime import date
from decimal import Decimal
from itertools import islice

import httpx
import pytest

from pipeline.errors import TargetRefused
from pipeline.posting.tryton.reading import read_orders, read_suppliers
from pipeline.posting.tryton.rpc import Session
from pipeline.posting.tryton.target import TrytonTarget
from schemas import FieldName
from schemas.invoice import VatBreakdown
from schemas.posting import CodedTax
from tests.tryton import demo
from tests.tryton.books import booked, coded
from tests.tryton.orders import cases, coding_of, order_of, record_of
from tests.tryton.server import copy_for_tests

pytestmark = pytest.mark.real

INVOICES = 20


@pytest.fixture(scope="module")
def server():
    with copy_for_tests("api") as server:
        yield server


@pytest.fixture(scope="module")
def session(server):
    with Session(server.settings(), server.database) as session:
        yield session


@pytest.fixture
def real(session):
    return TrytonTarget(session, {})


@pytest.fixture(scope="module")
def invoices(tmp_path_factory):
    """Generated invoices and credit notes, more than are posted in one test."""
    return iter(cases(tmp_path_factory.mktemp("originals"), INVOICES + 3))


def test_twenty_invoices_stand_in_the_general_ledger(session, real, invoices):
    """Net, VAT and total of every one, and the sums of all by account, are those of the documents to the cent."""
    posted = [(case.order, real.post(case.order, case.original).voucher) for case in islice(invoices, INVOICES)]
    for order, voucher in posted:
        assert voucher.gross == order.coding.total == order.key.gross
        assert voucher.tax == sum(tax.amount for tax in order.coding.taxes)
        assert real.find(order.key) == voucher
    euros = [(order, voucher) for order, voucher in posted if voucher.currency == "EUR"]
    assert booked(session, [voucher.target_id for _, voucher in euros]) == coded([order for order, _ in euros])
    assert {voucher.reference for voucher in real.vouchers()} >= {order.key.reference for order, _ in posted}


def test_an_invoice_in_dollars_is_booked_at_the_rate_of_tryton(session, real, tmp_path):
    """The ledger holds the company's currency; each line keeps the amount that the document shows."""
    order, original = _made(tmp_path, "USD-1", {FieldName.CURRENCY: "USD", FieldName.SELLER_NAME: "Acme Fasteners"})
    voucher = real.post(order, original).voucher
    assert (voucher.currency, voucher.gross) == ("USD", Decimal("1200.00"))
    lines = _move_lines(session, voucher, ["amount_second_currency", "second_currency.code"])
    assert sum(line["debit"] - line["credit"] for line in lines) == 0
    rounding = [line for line in lines if line["second_currency."] is None]
    assert all(abs(line["debit"] - line["credit"]) <= Decimal("0.02") for line in rounding)
    for line in (line for line in lines if line not in rounding):
        assert line["second_currency."]["code"] == "USD"
        euros = line["amount_second_currency"] / Decimal(demo.RATES["USD"])
        assert abs(line["debit"] - line["credit"] - euros) <= Decimal("0.01")
    assert [line["amount_second_currency"] for line in lines if line["account."]["code"] == "4011"] == [-1200]


def test_a_reverse_charge_is_in_trytons_vat_return(session, real, tmp_path):
    """Both sides stand on a tax that Tryton's VAT return sums up: what is owed, and what is deducted."""
    order, original = _made(tmp_path, "DE-1", {FieldName.SELLER_VAT_ID: "DE136695976", FieldName.SELLER_NAME: "Nord"})
    lines = [line.model_copy(update={"tax_category": "K", "tax_rate": Decimal(0)}) for line in order.coding.lines]
    both = {"category": "K", "rate": Decimal(20), "base": Decimal(1000)}
    taxes = [CodedTax(account=code, amount=Decimal(sum_), **both) for code, sum_ in (("445660", 200), ("445200", -200))]
    coding = order.coding.model_copy(update={"lines": tuple(lines), "taxes": tuple(taxes)})
    voucher = real.post(order_of(order.record, coding, original.name, original.read_bytes()), original).voucher
    assert (voucher.net, voucher.tax, voucher.gross) == (1000, 0, 1000)
    move_lines = [line["id"] for line in _move_lines(session, voucher, [])]
    declared = session.rows(
        "account.tax.line", [["move_line", "in", move_lines], ["type", "=", "tax"]], ["amount", "tax"]
    )
    assert sorted(line["amount"] for line in declared) == [-200, 200]
    boxes = session.rows("account.tax.code.line", [["tax", "in", [line["tax"] for line in declared]]], ["code.name"])
    assert len({row["code."]["name"] for row in boxes}) >= 2


def test_a_cost_centre_is_an_analytic_line(session, real, tmp_path):
    """What was spent stands on the centre's analytic account."""
    order, original = _made(tmp_path, "CC-1", {FieldName.SELLER_NAME: "Atelier Fournitures"})
    lines = tuple(line.model_copy(update={"cost_centre": "ATEL"}) for line in order.coding.lines)
    order = order.model_copy(update={"coding": order.coding.model_copy(update={"lines": lines})})
    voucher = real.post(order, original).voucher
    move_lines = [line["id"] for line in _move_lines(session, voucher, [])]
    found = session.rows(
        "analytic_account.line", [["move_line", "in", move_lines]], ["debit", "credit", "account.code"]
    )
    assert {line["account."]["code"] for line in found} == {"ATEL"}
    assert sum(line["debit"] - line["credit"] for line in found) == 1000


def _made(folder, number, more):
    """An order over 1,200.00 with 20 % VAT, and its original."""
    values = {FieldName.INVOICE_NUMBER: number, FieldName.ISSUE_DATE: date(2026, 3, 3), FieldName.CURRENCY: "EUR"}
    row = VatBreakdown(rate=Decimal(20), base=Decimal(1000), amount=Decimal(200))
    record = record_of({**values, **more}).model_copy(update={"vat_breakdown": (row,)})
    original = folder / f"{number}.pdf"
    original.write_bytes(f"%PDF-1.7 {number}".encode())
    return order_of(record, coding_of(record), original.name, original.read_bytes()), original


def _move_lines(session, voucher, fields):
    """The lines of a voucher in the general ledger."""
    (invoice,) = session.rows("account.invoice", [["number", "=", voucher.target_id]], ["move"])
    domain = [["move", "=", invoice["move"]]]
    return session.rows("account.move.line", domain, ["debit", "credit", "account.code", *fields])


def test_a_kill_between_create_and_post_leaves_one_invoice(server, session, real, invoices):
    """The process dies after the draft is made; the next one finds it, finishes it and attaches the original once."""
    order, original = next(invoices)

    class Killed(BaseException):
        pass

    def cut(request: httpx.Request) -> httpx.Response:
        if b"account.invoice.post" in request.content:
            raise Killed
        return wire.handle_request(request)

    wire = httpx.HTTPTransport()
    with Session(server.settings(), server.database, httpx.MockTransport(cut)) as dying, pytest.raises(Killed):
        TrytonTarget(dying, {}).post(order, original)
    assert real.find(order.key) is None
    real.post(order, original)
    like = [["description", "like", f"%{order.key.reference}%"]]
    (invoice,) = session.rows("account.invoice", like, ["state"])
    attached = session.rows("ir.attachment", [["resource", "=", f"account.invoice,{invoice['id']}"]], ["data_size"])
    assert [row["data_size"] for row in attached] == [original.stat().st_size]


def test_a_year_without_a_period_is_refused_in_trytons_words(real, invoices):
    """Nothing stays posted, and a person reads why."""
    case = next(invoices)
    field = case.order.record.fields[FieldName.ISSUE_DATE].model_copy(
        update={"value": case.order.key.issue_date.replace(year=2019)}
    )
    record = case.order.record.model_copy(update={"fields": {**case.order.record.fields, FieldName.ISSUE_DATE: field}})
    order = order_of(record, case.order.coding, case.order.file_name, case.original.read_bytes())
    with pytest.raises(TargetRefused, match="2019"):
        real.post(order, case.original)
    assert real.find(order.key) is None


def test_suppliers_and_orders_are_read_live(session):
    """The demo company's master and its orders with their lines, through the user that posts."""
    suppliers = {one.key: one.name for one in read_suppliers(session)}
    assert suppliers.items() >= {(vat_id, name) for name, vat_id, _ in demo.SUPPLIERS}
    assert demo.VAT_ID not in suppliers
    orders = {order.supplier: order for order in read_orders(session)}
    for (_, lines), (_, vat_id, _) in zip(demo.ORDERS, demo.SUPPLIERS, strict=True):
        assert len(orders[vat_id].lines) == len(lines)
        assert orders[vat_id].total == sum(Decimal(str(quantity)) * Decimal(price) for _, quantity, price in lines)
