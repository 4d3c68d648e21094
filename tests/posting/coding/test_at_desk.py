"""What a person sees of a coding, may type, and settles; pure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline.posting.coding.accounts import Accounts
from pipeline.posting.coding.at_desk import AtDesk
from pipeline.posting.coding.code import Coder
from pipeline.posting.coding.history import History
from pipeline.posting.coding.plan import Plan, Rule
from pipeline.review.correct import NotReadable
from pipeline.review.errors import AccountsMissing
from pipeline.review.keyed import Unreadable
from pipeline.suppliers.master import Master
from schemas import Entry
from schemas.edits import CodeText
from tests.posting.made import line, record_of

SELLER = "FR44732829320"
TWO = record_of([line("Ramette papier", "60"), line("Zorblatt", "40")])


def at_desk(plan: Plan | None = None, *entries: Entry) -> AtDesk:
    return AtDesk(Coder(plan or Plan(), History(entries), Master(())))


def code(account: str, text: str = "", centre: str = "") -> CodeText:
    return CodeText(text=text, account=account, cost_centre=centre)


def test_each_line_is_shown_with_its_account_its_name_and_why():
    """Doubtful as long as only words and the default speak for it."""
    shown = at_desk().show(TWO, "d", 1)
    assert [(one.label, one.net, one.account, one.is_known) for one in shown.lines] == [
        ("Ramette papier", Decimal("60.00"), "606400", True),
        ("Zorblatt", Decimal("40.00"), "606300", True),
    ]
    assert shown.lines[0].name == "Fournitures administratives"
    assert "usual for" in shown.lines[0].because
    assert (shown.is_doubtful, shown.mistakes, shown.coding.total) == (True, (), Decimal("120.00"))


def test_an_invoice_without_lines_is_one_entry():
    """Of the whole net total."""
    (only,) = at_desk().show(record_of(), "d", 1).lines
    assert (only.text, only.net) == ("", Decimal("100.00"))


def test_lines_that_do_not_add_up_are_one_entry_a_rate_and_teach_of_no_description():
    """What the operator leaves is what is posted, and it says nothing of the single lines."""
    desk, record = at_desk(), record_of([line("Ramette papier", "60"), line("Serrure", "10")])
    (only,) = desk.show(record, "d", 1).lines
    settled = desk.settle(record, "d", 1, [code("606300", only.text)])
    assert [(one.account, one.net) for one in settled.coding.lines] == [("606300", Decimal("100.00"))]
    assert settled.entries == (Entry(SELLER, "", "606300", None, "d/1"),)


def test_the_same_description_at_two_prices_stays_two_lines():
    """A rule of assets by price is not lost when somebody approves what he sees."""
    plan = Plan(rules=(Rule(words=("ecran",), unit_price_from=500, account="218300"),))
    record = record_of(
        [line("Ecran 27 pouces", "80"), line("Ecran 27 pouces", "920")], taxes=(("20", "1000.00", "200.00"),)
    )
    desk = at_desk(plan)
    shown = desk.show(record, "d", 1)
    assert [one.account for one in shown.lines] == ["606300", "218300"]
    settled = desk.settle(record, "d", 1, shown.chosen())
    assert [(one.account, one.net) for one in settled.coding.lines] == [
        ("606300", Decimal("80.00")),
        ("218300", Decimal("920.00")),
    ]
    assert {tax.account for tax in settled.coding.taxes} == {"445660", "445620"}


def test_what_is_settled_is_posted_to_the_cent_and_teaches_line_by_line():
    """With cost centres, sure to the last; what was proposed stays known."""
    desk = at_desk()
    chosen = [code("606400", "Ramette papier", " ADM "), code("6063", "Zorblatt")]
    settled = desk.settle(TWO, "d", 1, chosen)
    assert [(one.account, one.cost_centre) for one in settled.coding.lines] == [("606400", "ADM"), ("606300", None)]
    assert (settled.coding.confidence, settled.coding.total) == (1.0, Decimal("120.00"))
    assert settled.entries == (
        Entry(SELLER, "Ramette papier", "606400", "ADM", "d/1"),
        Entry(SELLER, "Zorblatt", "606300", None, "d/1"),
    )
    assert settled.proposed[0] == code("606400", "Ramette papier")


def test_an_account_without_a_description_is_for_all_of_it():
    """As the command line gives it."""
    settled = at_desk().settle(TWO, "d", 1, [code("622600")])
    assert [one.account for one in settled.coding.lines] == ["622600"]
    assert [one.text for one in settled.chosen] == ["Ramette papier", "Zorblatt"]


def test_a_line_without_an_account_and_an_account_that_is_none_are_refused():
    """All of it, with the place."""
    desk = at_desk()
    with pytest.raises(AccountsMissing, match="Zorblatt"):
        desk.settle(TWO, "d", 1, [code("606400", "Ramette papier")])
    wrong = [code("606400", "Ramette papier"), code("6O", "Zorblatt")]
    with pytest.raises(NotReadable, match="6O"):
        desk.settle(TWO, "d", 1, wrong)
    shown = desk.show(TWO, "d", 1, wrong)
    assert [one.where for one in shown.mistakes] == ["coding.1.account"]
    assert (shown.lines[1].account, shown.lines[1].booked, shown.coding) == ("6O", "", None)


def test_a_record_that_cannot_be_booked_has_no_accounts_and_says_why():
    """It is a finding, and nothing is settled."""
    desk, record = at_desk(), record_of(gross_total=None)
    shown = desk.show(record, "d", 1)
    assert (shown.lines, shown.trouble) == ((), "The total with VAT is unknown.")
    assert desk.settle(record, "d", 1, [code("606300")]) is None
    assert [one.rule for one in desk.findings(record, "d", 1)] == ["not-bookable"]


def test_that_a_prepayment_went_where_prepayments_go_teaches_nothing():
    """Else the supplier's next invoice would be taken for a prepayment."""
    desk, record = at_desk(), record_of([line("Acompte", "100")], doc_type="prepayment_invoice")
    shown = desk.show(record, "d", 1)
    assert [one.account for one in shown.lines] == ["409100"]
    assert desk.settle(record, "d", 1, shown.chosen()).entries == ()


def test_a_credit_note_is_settled_the_other_way_round():
    """Negative, on the same accounts."""
    record = record_of([line("Ramette papier", "100")], doc_type="credit_note")
    settled = at_desk().settle(record, "d", 1, [code("606800")])
    assert [(one.account, one.net) for one in settled.coding.lines] == [("606800", Decimal("-100.00"))]


def test_what_a_person_before_left_is_shown_in_place_of_what_is_proposed():
    """Line by line; what has no word of his stays proposed."""
    shown = at_desk().show(TWO, "d", 1, [code("607000", "Zorblatt", "LYON")])
    assert [(one.account, one.cost_centre) for one in shown.lines] == [("606400", ""), ("607000", "LYON")]


PLAN = Plan(
    rules=(Rule(words=("x",), account="611200"), Rule(cost_centre="LYON")),
    names={"512000": "Banque", "6226A": "Avocat"},
)


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("606400", "606400"),
        (" 606 400 ", "606400"),
        ("6064", "606400"),
        ("606400 Fournitures administratives", "606400"),
        ("6226a", "6226A"),
        ("611200", "611200"),
        ("623999", "623999"),
        ("471000", "471000"),
    ],
)
def test_an_account_may_be_typed_as_it_comes(typed, account):
    """Spaces, small letters, its name and the zeros at its end do not matter; a new one needs the form of the chart."""
    assert Accounts(Coder(PLAN, History(), Master(()))).read(typed) == account


@pytest.mark.parametrize("typed", ["", "6O64", "606", "Fournitures", "401000", "445660", "512000", "707000", "9" * 6])
def test_what_no_purchase_is_booked_on_is_refused(typed):
    """No account at all, suppliers, VAT, banks, sales."""
    with pytest.raises(Unreadable):
        Accounts(Coder(PLAN, History(), Master(()))).read(typed)


def test_the_accounts_of_the_client_come_before_those_of_the_chart():
    """From the plan and the history, with names; banks and suppliers of the plan are none to buy on."""
    known = Accounts(replace(at_desk(PLAN).coder, history=History((Entry("S", "t", "615511", "PARIS", "d/1"),))))
    names = list(known.names)
    assert {"611200", "615511"} <= set(names[: names.index("205000")])
    assert (known.names["6226A"], "512000" in known.names) == ("Avocat", False)
    assert known.centres == ("LYON", "PARIS")
