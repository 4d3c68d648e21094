"""The FEC and its checker, which know nothing of each other."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.posting.coding.plan import Plan, Rule
from pipeline.posting.files.booking import RateMissing
from pipeline.posting.files.check_fec import check_fec
from pipeline.posting.files.fec import Validated, file_name, write_fec
from pipeline.posting.files.rates import read_rates
from tests.posting.made import line, order_of, record_of

AT = datetime(2026, 4, 1, 12, tzinfo=UTC)
NAME = "732829320FEC20261231.txt"
PLAN = Plan()


def entries(*records, plan=PLAN):
    """The orders of some records, validated one after the other."""
    return [Validated(order_of(one, plan), AT + timedelta(days=n)) for n, one in enumerate(records)]


@pytest.fixture
def good():
    """Two entries, the second a credit note."""
    record = record_of([line("Ramette papier", "60"), line("Frais de port, été", "40")])
    credit = record_of([line("Ramette papier", "100")], doc_type="credit_note", invoice_number="AV-1")
    return write_fec(entries(record, credit), PLAN)


def table(content):
    """The lines as dictionaries."""
    head, *rows = [row.split("\t") for row in content.decode("iso8859-15").splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_an_invoice_is_one_entry_that_balances(good):
    """Costs and VAT are debited, the supplier is credited; a credit note is the other way round."""
    assert check_fec(good, NAME) == ()
    rows = table(good)
    assert [(row["EcritureNum"], row["CompteNum"], row["Debit"], row["Credit"]) for row in rows] == [
        ("ACH000001", "606400", "60,00", "0,00"),
        ("ACH000001", "624100", "40,00", "0,00"),
        ("ACH000001", "445660", "20,00", "0,00"),
        ("ACH000001", "401000", "0,00", "120,00"),
        ("ACH000002", "606400", "0,00", "100,00"),
        ("ACH000002", "445660", "0,00", "20,00"),
        ("ACH000002", "401000", "120,00", "0,00"),
    ]
    assert (rows[0]["EcritureDate"], rows[0]["PieceRef"], rows[0]["ValidDate"]) == ("20260302", "FA-12", "20260401")
    assert "été" in rows[1]["EcritureLib"]
    assert rows[0]["CompteLib"] == "Fournitures administratives"
    assert file_name("732829320", date(2026, 12, 31)) == NAME


def test_a_supplier_of_its_own_is_an_auxiliary_account():
    """The collective account stands before it, for a number must begin with three digits."""
    plan = Plan(own_accounts=True)
    row = table(write_fec(entries(record_of([line("Papier", "100")]), plan=plan), plan))[-1]
    assert (row["CompteNum"], row["CompAuxNum"], row["CompAuxLib"]) == ("401000", "401QUINCAIL", "Quincaillerie Martin")


def test_a_foreign_invoice_has_its_own_amounts_beside_the_euros(tmp_path):
    """Converted by the last rate before the day; without a rate it is refused."""
    rates = tmp_path / "eurofxref-hist.csv"
    rates.write_text("Date,USD,CHF,\n2026-02-27,1.1,0.9,\n2026-03-03,1.3,N/A,\n")
    record = record_of([line("Papier", "100")], currency="USD")
    content = write_fec(entries(record), PLAN, read_rates(rates))
    assert check_fec(content, NAME) == ()
    row = table(content)[0]
    assert (row["Debit"], row["Montantdevise"], row["Idevise"]) == ("90,91", "100,00", "USD")
    with pytest.raises(RateMissing):
        write_fec(entries(record), PLAN)
    rates.write_text("nothing")
    with pytest.raises(InputError):
        read_rates(rates)


def test_text_of_an_invoice_cannot_break_the_file():
    """Tabs, line ends and characters that ISO 8859-15 lacks."""
    record = record_of([line("a\tb\r\nc|d\x00 Łódź 漢", "100")], seller_name="Œuvre\tNoire €")
    content = write_fec(entries(record), PLAN)
    assert check_fec(content, NAME) == ()
    assert "Œuvre Noire € FA-12 a b c d" in table(content)[0]["EcritureLib"]


def broken(content, change):
    """The codes of the faults after a change of the text."""
    return {fault.code for fault in check_fec(change(content.decode("iso8859-15")).encode("iso8859-15"), NAME)}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("balance", lambda text: text.replace("60,00", "60,01")),
        ("columns", lambda text: text.replace("CompteNum\tCompteLib", "CompteLib\tCompteNum")),
        ("columns", lambda text: text.replace("60,00\t", "60,00\t\t", 1)),
        ("columns", lambda _: ""),
        ("date", lambda text: text.replace("20260302", "20260230", 1)),
        ("date", lambda text: text.replace("20260302", "2026-03-02", 1)),
        ("gap", lambda text: text.replace("ACH000002", "ACH000003")),
        ("number", lambda text: text.replace("ACH000001", "ACH-A")),
        ("amount", lambda text: text.replace("60,00", "60.00")),
        ("amount", lambda text: text.replace("120,00", "1 120,00")),
        ("account", lambda text: text.replace("606400", "6O6400")),
        ("account", lambda text: text.replace("401000", "F00123")),
        ("empty", lambda text: text.replace("FA-12\t20260302", "\t20260302", 1)),
        ("side", lambda text: text.replace("60,00\t0,00", "0,00\t0,00")),
        ("split", lambda text: "\r\n".join([*text.split("\r\n")[:-1], text.split("\r\n")[1]])),
        ("order", lambda text: text.replace("20260401", "20260501")),
        ("period", lambda text: text.replace("20260302", "20270302")),
        ("mixed", lambda text: text.replace("Achats\tACH000001\t20260302", "Achats\tACH000001\t20260303", 1)),
        ("pair", lambda text: text.replace("\t20260401\t\t", "\t20260401\t100,00\t", 1)),
        ("characters", lambda text: text.replace("Ramette", "Ram\x01ette", 1)),
    ],
)
def test_a_broken_file_is_refused(good, code, change):
    """Each breach of the norm by its name."""
    assert code in broken(good, change)


@pytest.mark.parametrize("name", ["FEC.txt", "732829321FEC20261231.txt", "732829320FEC20261331.txt"])
def test_a_wrong_file_name_is_refused(good, name):
    """SirenFECAAAAMMJJ.txt."""
    assert {fault.code for fault in check_fec(good, name)} == {"name"}


def test_the_checker_takes_what_other_programs_write():
    """UTF-8, pipes, line feeds, numbers by journal, more columns after the eighteen."""
    head = (
        "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
        "EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise|CodeEtablissement"
    )
    rows = [
        f"{journal}|x|{number}|20260101|{account}|é|||P|20260101|L|{debit}|{credit}|||20260101|||1"
        for journal, number in (("A", 1), ("V", 1), ("A", 2))
        for account, debit, credit in (("606", "1,5", "0"), ("401000", "0", "1,50"))
    ]
    assert check_fec("\n".join([head, *rows]).encode()) == ()


AMOUNT = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(99_999), places=2)
LINE = st.tuples(AMOUNT, st.sampled_from(["20", "10", "5.5", "0"]), st.text(max_size=20))


@given(
    st.lists(
        st.tuples(
            st.lists(LINE, min_size=1, max_size=5), st.sampled_from(["invoice", "credit_note"]), st.text(max_size=9)
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([None, 0, 33, 80]),
    st.sampled_from(["EUR", "USD"]),
)
def test_a_fec_always_balances_and_keeps_the_norm(invoices, deductible, currency):
    """Whatever is bought, at whatever rates, share of deduction, currency and text."""
    plan = Plan(rules=(Rule(deductible=deductible),))
    records = []
    for lines, kind, number in invoices:
        bases: dict[str, Decimal] = {}
        for amount, rate, _ in lines:
            bases[rate] = bases.get(rate, Decimal(0)) + amount
        taxes = [(rate, base, round(base * Decimal(rate) / 100, 2)) for rate, base in bases.items()]
        made = [line(text, str(amount), rate) for amount, rate, text in lines]
        records.append(record_of(made, taxes, doc_type=kind, invoice_number=f"n{number}", currency=currency))
    content = write_fec(entries(*records, plan=plan), plan, lambda *_: Decimal("1.0837"))
    assert check_fec(content, NAME) == ()
    total = sum(
        Decimal(row["Debit"].replace(",", ".")) - Decimal(row["Credit"].replace(",", ".")) for row in table(content)
    )
    assert total == 0
