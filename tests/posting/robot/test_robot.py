"""The robot in the real portal with a real browser: the happy way, and what goes wrong on it."""

import json
from decimal import Decimal

import pytest
from PIL import Image

from pipeline.errors import OutcomeUnknown, TargetDown, TargetRefused
from tests.posting.orders import make_order, write_original
from tests.posting.robot.conftest import PASSWORD

real = pytest.mark.real


def post(target, order, folder):
    return target.post(order, write_original(order, folder))


def amounts(voucher) -> tuple[Decimal, Decimal, Decimal]:
    return voucher.net, voucher.tax, voucher.gross


def wanted(order) -> tuple[Decimal, Decimal, Decimal]:
    net = sum((line.net for line in order.coding.lines), Decimal(0))
    return net, order.coding.total - net, order.coding.total


def test_invoices_and_credit_notes_are_posted_and_read_back(portal, robot, tmp_path):
    """Several lines, rates and signs; the voucher is what was cleared, with its original and pictures of the way."""
    target = robot()
    orders = [make_order(1, lines=4, rates=3), make_order(2, lines=2, rates=2, credit=True)]
    for order in orders:
        assert target.find(order.key) is None
        posted = post(target, order, tmp_path)
        assert amounts(posted.voucher) == wanted(order)
        assert target.find(order.key) == posted.voucher
        assert {"supplier", "header", "lines", "attachment", "summary", "submit"} <= set(posted.steps)
        assert all((tmp_path / "home" / file).stat().st_size for file in posted.evidence)
    assert {one.reference for one in target.vouchers()} == {order.key.reference for order in orders}
    assert [one["name"] for key in (1, 2) for one in portal.site.books.parts("files", key)] == [
        order.file_name for order in orders
    ]


@real
def test_pop_ups_and_late_data_do_not_change_what_is_posted(portal, robot, tmp_path):
    """A pop-up on every page takes the focus, and each refresh erases what was typed."""
    portal.switch(popups=1.0, refresh=0.3)
    order = make_order(3, lines=3, rates=2)
    posted = post(robot(), order, tmp_path)
    assert amounts(posted.voucher) == wanted(order)
    assert (posted.voucher.number, posted.voucher.issue_date) == ("FA-2026-00003", order.key.issue_date)


def test_a_reply_that_is_lost_is_unknown_and_then_found(portal, robot, tmp_path):
    """Posting again finds the voucher and makes no second one."""
    portal.switch(drops=1.0)
    target, order = robot(), make_order(4)
    with pytest.raises(OutcomeUnknown, match="does not answer"):
        post(target, order, tmp_path)
    voucher = target.find(order.key)
    assert voucher is not None
    assert amounts(voucher) == wanted(order)
    assert post(target, order, tmp_path).voucher == voucher
    assert len(portal.vouchers()) == 1


@real
def test_another_layout_stops_the_robot_with_a_picture_and_nothing_is_left(portal, robot, tmp_path):
    """The error says which step, and where the picture is."""
    portal.switch(layout=2)
    with pytest.raises(TargetRefused) as caught:
        post(robot(patience=60), make_order(5), tmp_path)
    assert caught.value.specific_code == "screen-changed"
    assert "#fournisseur" in caught.value.message
    picture = tmp_path / "home" / caught.value.message.split("picture: ")[1].rstrip(")")
    with Image.open(picture) as image:
        assert image.width == 1280
    assert portal.vouchers() == portal.vouchers(posted=False) == []


@real
def test_a_session_that_ended_is_opened_again_and_the_work_begun_anew(portal, robot, tmp_path):
    """Also when a kept session is no longer worth anything."""
    target = robot()
    assert target.find(make_order(6).key) is None
    portal.site.visits.end_all()
    assert amounts(post(target, make_order(6), tmp_path).voucher) == wanted(make_order(6))
    target.close()
    session = tmp_path / "home" / "sessions" / "portal-main.json"
    assert session.stat().st_mode & 0o077 == 0
    assert robot().find(make_order(6).key) is not None


@real
def test_a_draft_that_was_left_behind_is_removed_before_posting(portal, robot, tmp_path):
    """It is known by our reference; the drafts of others stay."""
    order = make_order(7)
    books = portal.site.books
    supplier = {"name": "Autre", "siren": "", "vat_id": "", "iban": "", "account": "401AUTRE"}
    books.add_supplier(supplier)
    header = {
        "supplier": 1,
        "kind": "FA",
        "invoice": "X",
        "issued": "2026-01-01",
        "due": "2026-01-01",
        "currency": "EUR",
    }
    books.open_draft({**header, "reference": order.key.reference})
    books.open_draft({**header, "reference": "somebody-else"})
    post(robot(), order, tmp_path)
    assert [one["reference"] for one in portal.vouchers(posted=False)] == ["somebody-else"]
    assert [one["reference"] for one in portal.vouchers()] == [order.key.reference]


@real
def test_a_refusal_after_the_submit_is_told_and_the_draft_removed(portal, robot, tmp_path):
    """In the target's own words."""
    portal.switch(refusals=1.0)
    with pytest.raises(TargetRefused, match="clôture") as caught:
        post(robot(), make_order(8), tmp_path)
    assert caught.value.specific_code == "target-refused"
    assert portal.vouchers() == portal.vouchers(posted=False) == []


@real
def test_a_target_that_is_broken_is_down(portal, robot, tmp_path):
    """An error page is no new screen."""
    portal.switch(errors=1.0)
    with pytest.raises(TargetDown):
        robot().find(make_order(9).key)


@real
def test_a_wrong_password_is_tried_once_and_never_shown(portal, robot, tmp_path):
    """Not in the error, not in the files of the evidence."""
    with pytest.raises(TargetRefused) as caught:
        robot(password="wrong-but-secret").find(make_order(10).key)
    assert caught.value.specific_code == "log-in-refused"
    assert portal.site.books.rows("SELECT count FROM wrong") == [{"count": 1}]
    written = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert written
    assert not any(b"wrong-but-secret" in content for content in written)
    assert "wrong-but-secret" not in str(caught.value)


@real
def test_steps_are_noted_without_values(portal, robot, tmp_path):
    """What was done and how long it took, as the script says it."""
    posted = post(robot(), make_order(12), tmp_path)
    notes = (tmp_path / "home" / posted.evidence[-1]).read_text("utf-8")
    steps = [json.loads(line) for line in notes.splitlines()]
    assert all(step["done"] for step in steps)
    assert "submit #confirmer" in [step["step"] for step in steps]
    assert PASSWORD not in notes
    assert "FA-2026-00012" not in notes
