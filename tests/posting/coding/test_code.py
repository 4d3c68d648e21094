"""Codings of whole records."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.posting.amounts import NotBookable
from pipeline.posting.coding.code import code
from pipeline.posting.coding.history import History
from pipeline.posting.coding.plan import Plan, Rule, VatAccounts
from pipeline.suppliers.master import Master
from pipeline.suppliers.model import Supplier
from schemas import Entry, InvoiceLine, VatBreakdown
from tests.posting.made import line, record_of

PLAN = Plan()


def booked(coding):
    """Account and amount of each line and tax."""
    return [(one.account, one.net) for one in coding.lines], [(one.account, one.amount) for one in coding.taxes]


def test_lines_are_booked_by_the_words_of_their_description():
    """Each on its own account, with the VAT of the rate on one account, and in doubt while nobody confirmed it."""
    record = record_of([line("Ramette papier A4", "60"), line("Frais de port", "40")])
    coding = code(record, PLAN)
    assert booked(coding) == ([("606400", Decimal(60)), ("624100", Decimal(40))], [("445660", Decimal(20))])
    assert coding.total == 120
    assert coding.confidence < PLAN.sure_from


def test_the_first_rule_that_says_something_counts_for_each_question():
    """One rule gives the account, another the cost centre, and the coding is sure."""
    plan = Plan(
        rules=(
            Rule(words=("port",), cost_centre="LOG"),
            Rule(supplier="732829320", account="606800", supplier_account="401MARTIN"),
            Rule(account="601000", cost_centre="ALL"),
        )
    )
    coding = code(record_of([line("Ramette", "60"), line("Frais de port", "40")]), plan)
    assert [(one.account, one.cost_centre, one.net) for one in coding.lines] == [
        ("606800", "ALL", Decimal(60)),
        ("606800", "LOG", Decimal(40)),
    ]
    assert coding.supplier_account == "401MARTIN"
    assert coding.confidence > 0.9


def test_a_rule_may_ask_for_a_price_a_rate_and_a_category():
    """A dear computer is an asset with its own VAT account; a cheap one is not."""
    plan = Plan(
        rules=(Rule(words=("ordinateur",), unit_price_from=500, rate=20, account="218300"), Rule(account="606300"))
    )
    dear = code(record_of([line("Ordinateur", "900")], [("20", "900.00", "180.00")]), plan)
    assert booked(dear) == ([("218300", Decimal(900))], [("445620", Decimal(180))])
    cheap = code(record_of([line("Ordinateur", "100")]), plan)
    assert booked(cheap) == ([("606300", Decimal(100))], [("445660", Decimal(20))])


def test_vat_that_is_not_deducted_is_a_cost():
    """80 % of the VAT on fuel for cars is deducted, the rest goes to the fuel; together it is still the total."""
    plan = Plan(rules=(Rule(words=("gasoil",), account="606140", deductible=80),))
    coding = code(record_of([line("Gasoil", "100")]), plan)
    assert booked(coding) == ([("606140", Decimal(104))], [("445660", Decimal(16))])
    assert coding.total == 120


def test_each_rate_may_have_its_own_vat_account():
    """As the plan says; other rates keep the general one."""
    plan = Plan(vat=VatAccounts(rates={Decimal("5.5"): "445663"}))
    record = record_of(
        [line("Livre", "100", "5.5"), line("Stylo", "10", "20")], [("5.5", "100.00", "5.50"), ("20", "10.00", "2.00")]
    )
    assert booked(code(record, plan))[1] == [("445663", Decimal("5.50")), ("445660", Decimal("2.00"))]


@pytest.mark.parametrize("category", ["AE", "K"])
def test_a_reverse_charge_is_booked_on_both_sides(category):
    """Owed and deducted at the home rate; the supplier gets the net."""
    record = record_of([line("Beratung", "100", "0")], [("0", "100.00", "0.00", category)], seller_vat_id="DE136695976")
    coding = code(record, PLAN)
    assert booked(coding)[1] == [("445660", Decimal(20)), ("445200", Decimal(-20))]
    assert coding.total == 100


def test_foreign_vat_is_a_cost_unless_the_plan_has_an_account_for_it():
    """German VAT is not deducted in France; with an account it waits there for its refund."""
    record = record_of([line("Hotel", "100", "19")], [("19", "100.00", "19.00")], seller_vat_id="DE136695976")
    coding = code(record, PLAN)
    assert booked(coding) == ([("625100", Decimal(119))], [])
    assert coding.confidence <= 0.5
    refunded = code(record, Plan(vat=VatAccounts(foreign="445830")))
    assert booked(refunded) == ([("625100", Decimal(100))], [("445830", Decimal(19))])


def test_prices_with_vat_are_netted():
    """120.00 printed with 20 % of VAT is booked as 100.00."""
    record = record_of([line("Ramette papier", "120", includes_tax=True)])
    assert booked(code(record, PLAN))[0] == [("606400", Decimal(100))]


@pytest.mark.parametrize("lines", [[], [line("Papier", "33")], [InvoiceLine(description="Papier")]])
def test_without_lines_that_add_up_each_rate_is_one_line(lines):
    """Missing lines, a wrong sum, an unknown amount: the VAT breakdown is booked."""
    record = record_of(lines, [("20", "100.00", "20.00"), ("5.5", "200.00", "11.00")])
    coding = code(record, PLAN)
    assert sorted(one.net for one in coding.lines) == [100, 200]
    assert coding.total == 331


def test_a_discount_on_the_invoice_is_spread_over_its_lines():
    """To the cent, in proportion."""
    record = record_of(
        [line("Ramette papier", "80"), line("Frais de port", "40")],
        lines_total=Decimal(120),
        allowance_total=Decimal(20),
    )
    assert booked(code(record, PLAN))[0] == [("606400", Decimal("66.67")), ("624100", Decimal("33.33"))]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_credit_note_is_negative_whatever_its_paper_prints(sign):
    """With printed minus signs or without."""
    rows = [("20", Decimal(100) * sign, Decimal(20) * sign)]
    coding = code(record_of([line("Ramette papier", "100")], rows, doc_type="credit_note"), PLAN)
    assert booked(coding) == ([("606400", Decimal(-100))], [("445660", Decimal(-20))])


def test_a_prepayment_is_no_cost_yet():
    """It stands on the account of prepayments."""
    assert booked(code(record_of([line("Acompte 30 %", "100")], doc_type="prepayment_invoice"), PLAN))[0] == [
        ("409100", Decimal(100))
    ]


def test_what_a_till_rounds_has_its_own_line():
    """Net and VAT are 120.00, the total says 120.02."""
    coding = code(record_of([line("Papier", "100")], gross_total=Decimal("120.02")), PLAN)
    assert ("658000", Decimal("0.02")) in booked(coding)[0]
    assert coding.total == Decimal("120.02")


@pytest.mark.parametrize(
    "changes",
    [
        {"gross_total": Decimal(130)},
        {"gross_total": None},
        {"tax_total": None, "net_total": None, "gross_total": Decimal(7)},
    ],
)
def test_amounts_that_do_not_add_up_are_refused(changes):
    """Nothing is booked that is not the total to the cent."""
    with pytest.raises(NotBookable):
        code(record_of([line("Papier", "100")], **changes), PLAN)


def test_three_confirmed_invoices_make_nothing_sure_and_six_do():
    """Confidence is the lower end of what the counts allow, and grows with them."""
    record = record_of([line("Abonnement énergie verte", "100")])

    def confidence(count: int) -> float:
        entries = tuple(
            Entry("FR44732829320", "Abonnement énergie verte", "606100", None, f"d{number}/1")
            for number in range(count)
        )
        coding = code(record, PLAN, History(entries))
        assert coding.lines[0].account == ("606100" if count else "606300")
        return coding.confidence

    found = [confidence(count) for count in range(8)]
    assert found == sorted(found)
    assert found[3] < PLAN.sure_from <= found[6]


def test_a_new_supplier_learns_from_like_descriptions_of_others():
    """And a known one from its own alone."""
    others = tuple(Entry("other", "Vitrerie double vitrage", "615200", "BAT", f"d{n}/1") for n in range(9))
    record = record_of([line("Double vitrage isolant", "100")])
    (found,) = code(record, PLAN, History(others)).lines
    assert (found.account, found.cost_centre) == ("615200", "BAT")
    own = (Entry("FR44732829320", "Serrure", "606300", None, "d10/1"),)
    assert code(record, PLAN, History((*others, *own))).lines[0].account == "606300"


def test_what_a_person_settled_for_the_invoice_itself_is_sure():
    """Before any rule."""
    plan = Plan(rules=(Rule(account="601000"),))
    settled = History((Entry("FR44732829320", "Papier", "606400", "ADM", "doc/1"),))
    coding = code(record_of([line("Papier", "100")]), plan, settled, document="doc/1")
    assert (coding.lines[0].account, coding.confidence) == ("606400", 1.0)
    assert code(record_of([line("Papier", "100")]), plan, settled, document="doc/2").lines[0].account == "601000"


def test_the_supplier_master_names_an_account():
    """A cost account for the lines, a 401 account for the supplier."""

    def master(account: str) -> Master:
        return Master((Supplier(key="F1", name="Quincaillerie Martin", vat_id="FR44732829320", account=account),))

    record = record_of([line("Divers", "100")])
    assert code(record, PLAN, master=master("606800")).lines[0].account == "606800"
    assert code(record, PLAN, master=master("401MART")).supplier_account == "401MART"


AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(90_000), places=2)
RATES = st.sampled_from([Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"), Decimal(0)])


ITEMS = st.tuples(AMOUNTS, RATES, st.sampled_from(["Papier", "Gasoil", "Ordinateur", "?"]))


@given(
    st.lists(ITEMS, min_size=1, max_size=9),
    st.booleans(),
    st.sampled_from(["invoice", "credit_note"]),
    st.integers(0, 100),
)
def test_lines_and_taxes_are_always_the_total_to_the_cent(items, gross_prices, kind, deductible):
    """Whatever the lines, rates and deductible shares."""
    bases: dict[Decimal, Decimal] = {}
    for amount, rate, _ in items:
        net = round(amount / (1 + rate / 100), 2) if gross_prices else amount
        bases[rate] = bases.get(rate, Decimal(0)) + net
    taxes = [(rate, base, round(base * rate / 100, 2)) for rate, base in bases.items()]
    lines = [line(text, str(amount), str(rate), includes_tax=gross_prices) for amount, rate, text in items]
    record = record_of(lines, taxes, doc_type=kind)
    plan = Plan(rules=(Rule(words=("gasoil",), deductible=deductible),))
    gross = record.value("gross_total")
    assert code(record, plan).total == (-gross if kind == "credit_note" else gross)


WILD = (
    st.none()
    | st.decimals(min_value=-(10**9), max_value=10**9, places=2)
    | st.sampled_from([Decimal(0), Decimal(-100)])
)
WILD_RATES = st.none() | st.decimals(min_value=-100, max_value=100, places=2) | RATES


@given(
    st.lists(st.tuples(WILD_RATES, WILD, WILD), max_size=3),
    st.lists(st.tuples(st.text(max_size=9), WILD, WILD, WILD_RATES, st.booleans()), max_size=4),
    st.tuples(WILD, WILD, WILD),
    st.sampled_from(["invoice", "credit_note", "prepayment_invoice", None]),
)
def test_any_record_is_booked_to_the_cent_or_refused(rows, items, totals, kind):
    """Whatever was misread, nothing else comes of it."""
    lines = [
        InvoiceLine(description=text, quantity=quantity, net_amount=net, tax_rate=rate, includes_tax=gross)
        for text, quantity, net, rate, gross in items
    ]
    names = ("net_total", "tax_total", "gross_total")
    record = record_of(lines, doc_type=kind, **dict(zip(names, totals, strict=True))).model_copy(
        update={
            "vat_breakdown": tuple(VatBreakdown(rate=rate, base=base, amount=amount) for rate, base, amount in rows)
        }
    )
    try:
        coding = code(record, PLAN)
    except NotBookable:
        return
    assert abs(coding.total) == abs(record.value("gross_total"))
