"""Our ledger and the target's are compared both ways."""

from decimal import Decimal

import pytest

from pipeline.errors import TargetDown
from pipeline.house.clients import Clients
from pipeline.posting.reconcile import Kind, reconcile


@pytest.fixture
def compare(shop):
    return lambda: reconcile(shop.database, shop.target, "books", "main")


def kinds(found):
    return [fault.kind for fault in found.faults]


def test_ledgers_that_agree_have_no_fault(shop, compare):
    """Posted and found ones alike."""
    shop.pen.clear("FA-1")
    shop.pen.clear("G-1", "Garnier")
    shop.post("reply-dropped")
    shop.clock.advance(31)
    shop.post()
    found = compare()
    assert (found.posted, found.vouchers, found.faults, found.agrees) == (2, 2, (), True)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda vouchers: vouchers.clear(), Kind.MISSING),
        (lambda vouchers: vouchers.append(vouchers[0].model_copy(update={"target_id": "V9"})), Kind.DOUBLE),
        (lambda vouchers: vouchers.append(vouchers[0].model_copy(update={"reference": "f" * 20})), Kind.UNKNOWN),
        (lambda vouchers: edit(vouchers, gross=Decimal("120.01")), Kind.DIFFERS),
        (lambda vouchers: edit(vouchers, tax=Decimal("19.00")), Kind.DIFFERS),
        (lambda vouchers: vouchers.append(vouchers[0].model_copy(update={"is_posted": False})), Kind.DRAFT),
    ],
)
def test_each_kind_of_difference_is_named(shop, compare, change, kind):
    """One fault, with the voucher or the job."""
    shop.pen.clear("FA-1")
    shop.post()
    change(shop.books.vouchers)
    found = compare()
    assert kinds(found) == [kind]
    assert not found.agrees
    assert found.faults[0].job_id or found.faults[0].voucher


def edit(vouchers, **changes):
    vouchers[0] = vouchers[0].model_copy(update=changes)


def test_what_is_there_and_still_in_doubt_here_is_named_so(shop, compare):
    """The next attempt finds it."""
    shop.pen.clear("FA-1")
    shop.post("reply-dropped")
    assert kinds(compare()) == [Kind.UNCONFIRMED]


def test_clients_that_share_a_target_do_not_see_each_other(shop, compare):
    """What is another client's is no fault of this one."""
    Clients(shop.database, shop.clock).add("north", "Nord", "root")
    shop.pen.clear("FA-1")
    shop.pen.clear("FA-1", client="north")
    shop.post()
    assert len(shop.books.vouchers) == 2
    found = compare()
    assert (found.posted, found.vouchers, found.faults) == (1, 1, ())


def test_what_was_keyed_without_us_is_no_fault(shop, compare):
    """An accounting system has other work too."""
    shop.pen.clear("FA-1")
    shop.post()
    shop.books.vouchers.append(shop.books.vouchers[0].model_copy(update={"reference": None, "target_id": "H1"}))
    found = compare()
    assert (kinds(found), found.agrees) == ([Kind.ELSEWHERE], True)


def test_a_target_that_is_down_is_no_agreement(shop, compare):
    """Nothing was compared."""
    shop.target.failures = ["list-down"]
    with pytest.raises(TargetDown):
        compare()
