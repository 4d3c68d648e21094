from decimal import Decimal

import httpx
import pytest

from pipeline.errors import EnvironmentFault, OutcomeUnknown, TargetDown, TargetRefused
from pipeline.posting.tryton.target import tryton_target
from pipeline.settings import Settings, TrytonSettings
from schemas import DocumentType
from schemas.posting import CodedTax
from tests.posting.tryton.conftest import ACCOUNTS, CENTRE, Late

CREATE, POST, ATTACH = (
    "model.account.invoice.create",
    "model.account.invoice.post",
    "model.ir.attachment.create",
)


def test_an_invoice_is_made_attached_posted_and_read_back(target, tryton, make_order, original):
    """The voucher is what Tryton holds, and our reference finds it."""
    order = make_order()
    posted = target.post(order, original)
    assert posted.voucher.reference == order.key.reference
    assert (posted.voucher.net, posted.voucher.tax, posted.voucher.gross) == (100, 20, 120)
    assert posted.voucher.is_posted
    assert posted.voucher == target.find(order.key)
    assert tryton.rows["ir.attachment"][0]["data"] == original.read_bytes()
    assert set(posted.steps) == {"supplier", "create", "attach", "post", "read-back"}


def test_a_credit_note_is_an_invoice_of_negative_amounts(target, tryton, make_order, original):
    """As in credit notes that Tryton makes itself, the quantity carries the sign."""
    voucher = target.post(make_order(doc_type=DocumentType.CREDIT_NOTE), original).voucher
    assert (voucher.net, voucher.tax, voucher.gross) == (-100, -20, -120)
    lines = tryton.posted()[0]["lines"][0][1]
    assert {line["quantity"] for line in lines} == {-1.0}
    assert all(line["unit_price"] > 0 for line in lines)


def test_vat_that_differs_by_a_cent_is_booked_as_printed(target, tryton, make_order, original):
    """33.33 at 5.5 % is 1.83; the invoice says 1.84, and that is what is owed."""
    voucher = target.post(make_order(rows=[("5.5", "33.33", "1.84")]), original).voucher
    assert (voucher.tax, voucher.gross) == (Decimal("1.84"), Decimal("35.17"))
    (tax,) = tryton.posted()[0]["taxes"][0][1]
    assert (tax["manual"], tax["tax"], tax["account"]) == (False, 42, ACCOUNTS["44566"])


def test_lines_carry_the_tax_that_stands_for_it_at_all_dates(target, tryton, make_order, original):
    """Tryton wants the tax without parent on a line, and computes with the one of the day."""
    target.post(make_order(), original)
    invoice = tryton.posted()[0]
    assert all(line["taxes"] == [["add", [40]]] for line in invoice["lines"][0][1])
    assert invoice["taxes"][0][1][0]["tax"] == 41


def test_a_rate_that_tryton_does_not_know_is_entered_by_hand(target, tryton, make_order, original):
    """The amount and the account count; the lines then carry no tax that Tryton would compute."""
    voucher = target.post(make_order(rows=[("13", "100.00", "13.00")]), original).voucher
    assert voucher.tax == 13
    invoice = tryton.posted()[0]
    assert invoice["taxes"][0][1][0]["manual"]
    assert all(line["taxes"] == [] for line in invoice["lines"][0][1])


@pytest.mark.parametrize(("seller", "taxes"), [("DE136695976", [52, 53]), ("FR44732829320", [None, None])])
def test_a_reverse_charge_is_declared_where_the_chart_has_it(target, tryton, make_order, original, seller, taxes):
    """Purchases in the Union are given both of Tryton's taxes; those at home have none, and are entered by hand."""
    order = _reversed(make_order(seller_siren=None, seller_vat_id=seller))
    voucher = target.post(order, original).voucher
    assert (voucher.net, voucher.tax, voucher.gross) == (100, 0, 100)
    invoice = tryton.posted()[0]
    rows = invoice["taxes"][0][1]
    assert [row.get("tax") for row in rows] == taxes
    assert [(row["account"], row["amount"]) for row in rows] == [(ACCOUNTS["44566"], 20), (ACCOUNTS["4452"], -20)]
    wanted = [["add", [50]]] if taxes[0] else []
    assert all(line["taxes"] == wanted for line in invoice["lines"][0][1])


def _reversed(order):
    """The same under a reverse charge, as it is coded: no VAT on the invoice, both sides at the home rate."""
    lines = tuple(line.model_copy(update={"tax_category": "K", "tax_rate": Decimal(0)}) for line in order.coding.lines)
    both = {"category": "K", "rate": Decimal(20), "base": Decimal(100)}
    taxes = (
        CodedTax(account="445660", amount=Decimal(20), **both),
        CodedTax(account="445200", amount=Decimal(-20), **both),
    )
    return order.model_copy(update={"coding": order.coding.model_copy(update={"lines": lines, "taxes": taxes})})


@pytest.mark.parametrize("has_analytic", [True, False])
def test_a_cost_centre_is_an_analytic_account_where_tryton_keeps_them(
    target, tryton, make_order, original, has_analytic
):
    """Without that module it is a note; a centre that Tryton does not know is refused before anything is made."""
    tryton.rows["ir.model"] = [{"id": 1, "name": CENTRE}] if has_analytic else []
    target.post(_on_centre(make_order("F-1"), "ATEL"), original)
    line = tryton.posted()[0]["lines"][0][1][0]
    if not has_analytic:
        assert line["note"] == "Centre: ATEL"
        return
    assert line["analytic_accounts"] == [["create", [{"root": 61, "account": 60}]]]
    with pytest.raises(TargetRefused, match="no analytic account NORD"):
        target.post(_on_centre(make_order("F-2"), "NORD"), original)
    assert len(tryton.rows["account.invoice"]) == 1


def _on_centre(order, centre):
    lines = tuple(line.model_copy(update={"cost_centre": centre}) for line in order.coding.lines)
    return order.model_copy(update={"coding": order.coding.model_copy(update={"lines": lines})})


def test_without_vat_there_is_no_tax_line(target, tryton, make_order, original):
    """Exempt purchases are booked net."""
    target.post(make_order(rows=[("0", "100.00", "0.00")]), original)
    assert tryton.posted()[0]["taxes"] == [["create", []]]


def test_tryton_is_told_the_totals_so_that_it_refuses_others(target, tryton, make_order, original):
    """`source_…_amount` are the totals of the document; Tryton holds its own against them when it posts."""
    target.post(make_order(), original)
    held = tryton.posted()[0]
    assert [held[f"source_{name}_amount"] for name in ("untaxed", "tax", "total")] == [100, 20, 120]


def test_a_killed_attempt_is_finished_not_repeated(target, tryton, make_order, original):
    """Between create and post a process may die; the next attempt finds the draft by our reference."""
    order = make_order()
    tryton.fail[ATTACH] = [httpx.ConnectError("gone")]
    with pytest.raises(TargetDown):
        target.post(order, original)
    assert target.find(order.key) is None
    target.post(order, original)
    assert (tryton.calls.count(CREATE), len(tryton.rows["account.invoice"])) == (1, 1)


def test_a_draft_with_other_values_is_removed(target, tryton, make_order, original):
    """A half-keyed draft of the screens is worth nothing."""
    order = make_order()
    tryton.fail[POST] = [httpx.ConnectError("gone")]
    with pytest.raises(TargetDown):
        target.post(order, original)
    tryton.rows["account.invoice"][0]["untaxed_amount"] = Decimal("1.00")
    target.post(order, original)
    assert len(tryton.rows["account.invoice"]) == 1
    assert tryton.calls.count(CREATE) == 2


def test_a_numbered_draft_with_other_values_is_left_to_a_person(target, tryton, make_order, original):
    """Its number would be missing in the sequence."""
    order = make_order()
    tryton.fail[POST] = [httpx.ConnectError("gone")]
    with pytest.raises(TargetDown):
        target.post(order, original)
    tryton.rows["account.invoice"][0] |= {"state": "validated", "number": "FA7", "tax_amount": Decimal(1)}
    with pytest.raises(TargetRefused, match="FA7 was begun"):
        target.post(order, original)


def test_an_invoice_that_was_cancelled_in_tryton_is_not_posted_again(target, tryton, make_order, original):
    """A person took it back on purpose."""
    order = make_order()
    target.post(order, original)
    tryton.rows["account.invoice"][0]["state"] = "cancelled"
    assert target.find(order.key) is None
    with pytest.raises(TargetRefused, match="cancelled"):
        target.post(order, original)


def test_a_lost_answer_to_posting_is_unknown_and_found_afterwards(target, tryton, make_order, original):
    """Whoever posts asks `find`, and finds it."""
    order = make_order()
    tryton.fail[POST] = [Late()]
    with pytest.raises(OutcomeUnknown):
        target.post(order, original)
    assert target.find(order.key).target_id == tryton.posted()[0]["number"]
    assert len(tryton.rows["account.invoice"]) == 1


def test_a_lost_answer_to_creating_leaves_one_invoice(target, tryton, make_order, original):
    """The draft that Tryton made meanwhile is the one that is posted."""
    order = make_order()
    tryton.fail[CREATE] = [Late()]
    with pytest.raises(OutcomeUnknown):
        target.post(order, original)
    target.post(order, original)
    assert (len(tryton.posted()), len(tryton.rows["account.invoice"])) == (1, 1)


def test_a_warning_goes_to_a_person_with_its_text(target, tryton, make_order, original):
    """Such as: somebody keyed this invoice already. The draft is removed: nothing half-done stays."""
    tryton.fail[POST] = [["UserWarning", ["similar", "There is an invoice with the same reference.", ""]]]
    with pytest.raises(TargetRefused, match="same reference"):
        target.post(make_order(), original)
    assert tryton.rows["account.invoice"] == []


def test_the_supplier_is_found_again_by_its_number(target, tryton, make_order, original):
    """A second invoice makes no second party, whatever name it prints."""
    target.post(make_order("F-1"), original)
    target.post(make_order("F-2", seller_name="QUINCAILLERIE MARTIN SARL"), original)
    assert [party["name"] for party in tryton.rows["party.party"]] == ["Quincaillerie Martin"]


def test_a_namesake_with_another_number_is_another_supplier(target, tryton, make_order, original):
    """Two companies may bear one name."""
    target.post(make_order("F-1"), original)
    target.post(make_order("F-2", seller_siren="404833048"), original)
    assert len(tryton.rows["party.party"]) == 2


@pytest.mark.parametrize(
    ("printed", "kind", "code"),
    [
        ("DE 136 695 976", "eu_vat", "DE136695976"),
        ("GB 980 7806 84", "gb_vat", "980780684"),
        ("CHE-107.787.577 IVA", "ch_vat", "CHE107787577IVA"),
        ("NO 995 525 828 MVA", "no_mva", "995525828MVA"),
    ],
)
def test_a_supplier_from_abroad_is_entered_with_its_number(target, tryton, make_order, original, printed, kind, code):
    """Each country's number has a kind of its own in Tryton, which checks it."""
    target.post(make_order(seller_siren=None, seller_vat_id=printed), original)
    (party,) = tryton.rows["party.party"]
    assert party["identifiers"] == [{"type": kind, "code": code}]


def test_identifiers_of_two_parties_are_left_to_a_person(target, tryton, make_order, original):
    """Nobody is paid on a guess."""
    target.post(make_order("F-1", seller_siren="732829320"), original)
    target.post(make_order("F-2", seller_siren="404833048", seller_vat_id="FR83404833048"), original)
    with pytest.raises(TargetRefused, match="Several parties"):
        target.post(make_order("F-3", seller_siren="732829320", seller_vat_id="FR83404833048"), original)


@pytest.mark.parametrize(("what", "more"), [("606300 is not in", {}), ("currency XAU", {"currency": "XAU"})])
def test_what_tryton_lacks_is_named(target, tryton, make_order, original, what, more):
    """A missing account or currency is refused before anything is made."""
    if not more:
        tryton.rows["account.account"] = [row for row in tryton.rows["account.account"] if row["code"] != "6063"]
    with pytest.raises(TargetRefused, match=what):
        target.post(make_order(**more), original)
    assert tryton.rows["account.invoice"] == []


def test_vouchers_tell_drafts_and_those_of_others(target, tryton, make_order, original):
    """For the comparison of ledgers: what we did not post has no reference, what is not posted says so."""
    ours, left = make_order("F-1"), make_order("F-2")
    target.post(ours, original)
    tryton.fail[POST] = [httpx.ConnectError("gone")]
    with pytest.raises(TargetDown):
        target.post(left, original)
    tryton.rows["account.invoice"][1]["description"] = "Keyed by Jeanne"
    tryton.rows["account.invoice"][1]["invoice_date"] = None
    found = {voucher.number: voucher for voucher in target.vouchers()}
    assert (found["F-1"].reference, found["F-1"].is_posted) == (ours.key.reference, True)
    assert (found["F-2"].reference, found["F-2"].is_posted) == (None, False)


def test_settings_without_a_database_say_what_to_set(tmp_path):
    """A target that was never configured is no network failure."""
    with pytest.raises(EnvironmentFault) as caught:
        tryton_target(Settings(home=tmp_path), "main")
    assert "tryton.database" in caught.value.specific_remedy


def test_each_client_may_have_a_database_of_its_own(tmp_path):
    """A bookkeeping office keeps its clients apart."""
    settings = Settings(home=tmp_path, tryton=TrytonSettings(database="books_{client}"))
    target = tryton_target(settings, "north")
    assert str(target._session._client.base_url).endswith("/books_north/")
    target.close()
