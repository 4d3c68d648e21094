"""Against a Tryton server that runs: everything is installed where it is missing, so that nothing is skipped."""

from collections import Counter
from decimal import Decimal
from itertools import islice

import httpx
import pytest

from pipeline.errors import TargetRefused
from pipeline.posting.tryton.reading import read_orders, read_suppliers
from pipeline.posting.tryton.rpc import Session
from pipeline.posting.tryton.target import TrytonTarget
from schemas import FieldName
from tests.tryton import demo
from tests.tryton.orders import cases, order_of
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
    assert _booked(session, [voucher.target_id for _, voucher in euros]) == _coded([order for order, _ in euros])
    assert {voucher.reference for voucher in real.vouchers()} >= {order.key.reference for order, _ in posted}


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


def _booked(session, numbers):
    """Debit less credit by account, in Tryton's general ledger."""
    moves = [row["move"] for row in session.rows("account.invoice", [["number", "in", numbers]], ["move"])]
    sums = Counter()
    for row in session.all_rows("account.move.line", [["move", "in", moves]], ["account.code", "debit", "credit"]):
        sums[row["account."]["code"]] += row["debit"] - row["credit"]
    return {code: amount for code, amount in sums.items() if amount}


def _coded(orders):
    """The same as it was coded."""
    sums = Counter()
    for order in orders:
        sums["4011"] -= order.coding.total
        for line in order.coding.lines:
            sums[line.account.rstrip("0")] += line.net
        for tax in order.coding.taxes:
            sums[tax.account.rstrip("0")] += tax.amount
    return {code: amount for code, amount in sums.items() if amount}
