"""Through the screens of Tryton's web client, as a clerk works: everything is installed where it is missing."""

import pytest

from pipeline.posting.robot.target import tryton_screens
from pipeline.posting.states import JobState
from pipeline.posting.tryton.rpc import Session
from pipeline.settings import Settings
from tests.tryton.books import booked, coded, due, payable
from tests.tryton.orders import cases
from tests.tryton.posting import SCREENS, keyed_by_screens, post_all
from tests.tryton.server import copy_for_tests

pytestmark = pytest.mark.real


def test_two_invoices_by_screens_stand_in_the_general_ledger(tmp_path):
    """A poster keys them; sums by account and day of payment are the documents', each original is attached once.

    What is there is found by the robot again, and by whoever asks for all vouchers.
    """
    found = keyed_by_screens(cases(tmp_path, 16, seed=53))
    work = [case for case in found if any(tax.amount for tax in case.order.coding.taxes)][:2]
    assert min(case.order.coding.total for case in work) < 0, "one of them has to be a credit note"
    with copy_for_tests("screens") as server, Session(server.settings(), server.database) as session:
        done = post_all(tmp_path / "home", server, SCREENS, work)
        assert [(one.state, one.failure) for one in done] == [(JobState.POSTED, None)] * 2
        vouchers = [one.receipt.voucher for one in done]
        for case, voucher in zip(work, vouchers, strict=True):
            assert booked(session, [voucher.target_id]) == coded([case.order])
            assert due(session, voucher.target_id) == {payable(case.order)}
            assert _attached(session, voucher.target_id) == [case.original.stat().st_size]
        settings = Settings(home=tmp_path / "other", tryton=server.settings())
        with tryton_screens(settings, "main") as robot:
            for one, voucher in zip(done, vouchers, strict=True):
                assert robot.find(one.job.key) == voucher
            assert {one.reference for one in robot.vouchers()} == {one.reference for one in vouchers}


def _attached(session: Session, number: str) -> list[int]:
    """The sizes of what is attached to an invoice."""
    (invoice,) = session.rows("account.invoice", [["number", "=", number]], ["id"])
    resource = [["resource", "=", f"account.invoice,{invoice['id']}"]]
    return [row["data_size"] for row in session.rows("ir.attachment", resource, ["data_size"])]
