"""Plans and confirmed entries in the database, and as text."""

from datetime import UTC, datetime

import pytest

from pipeline.errors import InputError
from pipeline.house.audit import verify
from pipeline.posting.coding.books import entries_in
from pipeline.posting.coding.check import check_coding
from pipeline.posting.coding.coders import Coders
from pipeline.posting.coding.plan import Plan, Rule
from pipeline.posting.coding.shelf import CodingShelf, PlanOutdated
from pipeline.posting.coding.text import read_plan, to_csv, to_yaml
from pipeline.posting.coding.words import holds, words_of
from pipeline.posting.files.fec import Validated, write_fec
from pipeline.suppliers.master import Master
from schemas import Entry
from tests.posting.made import line, order_of, record_of

PLAN = Plan(
    siren="732829320",
    rules=(
        Rule(supplier="EDF", words=("énergie", "gaz"), rate=20, account="606100", cost_centre="ADM", deductible=80),
    ),
    names={"606100": "Énergie"},
)


@pytest.fixture
def shelf(ledger, clock):
    return CodingShelf(ledger.database, clock)


def test_each_plan_is_a_version_and_an_old_one_cannot_be_put_back_unseen(shelf):
    """Versions stay; an edit of one that is no longer the newest is refused."""
    assert (shelf.newest(), shelf.plan()) == (None, Plan())
    assert shelf.put(PLAN, "anna", base=0) == 1
    assert shelf.put(Plan(), "ben", base=1) == 2
    with pytest.raises(PlanOutdated):
        shelf.put(PLAN, "anna", base=1)
    assert [(one.number, one.plan, one.edited_by) for one in shelf.versions()] == [
        (1, PLAN, "anna"),
        (2, Plan(), "ben"),
    ]


def test_what_is_settled_for_a_document_replaces_what_was_settled_before(shelf, ledger, clock):
    """By description; books are learned once; the trail proves all of it; nothing of it is another client's."""
    one, other = Entry("S", "Papier", "606400", None, "d/1"), Entry("S", "Port", "624100", "LOG", "d/1")
    shelf.confirm([one, other], "anna")
    before = shelf.revision()
    shelf.confirm([one._replace(account="607000")], "anna")
    assert shelf.revision() != before
    assert {(entry.text, entry.account) for entry in shelf.history().entries} == {
        ("Papier", "607000"),
        ("Port", "624100"),
    }
    assert shelf.learn([other._replace(document="fec:1")], "anna") == 1
    assert shelf.learn([other._replace(document="fec:1")], "anna") == 0
    assert verify(ledger.database, ()).faults == ()
    assert CodingShelf(ledger.database, clock, "other").history().entries == ()


def test_a_coder_is_made_anew_when_something_changed(shelf, ledger, clock, tmp_path):
    """A doubtful coding is none any more once a person has settled it."""
    coders, record = Coders(ledger.database, clock, tmp_path), record_of([line("Papier", "100")])
    (doubt,) = check_coding(record, coders.of("main"), "d", 1)
    assert (doubt.rule, doubt.severity) == ("coding-doubtful", "error")
    assert "606400" in doubt.message
    assert coders.of("main") is coders.of("main")
    shelf.confirm(coders.of("main").entries(record, "d/1"), "anna")
    assert check_coding(record, coders.of("main"), "d", 1) == ()
    assert check_coding(record, coders.of("main"), "e", 1) != ()
    shelf.put(Plan(rules=(Rule(account="601000"),)), "anna")
    assert check_coding(record, coders.of("main"), "e", 1) == ()


def test_a_record_that_does_not_add_up_is_not_bookable(ledger, clock, tmp_path):
    """The finding says so, with what helps."""
    record = record_of([line("Papier", "100")], gross_total=None)
    (found,) = check_coding(record, Coders(ledger.database, clock, tmp_path).of("main"))
    assert found.rule == "not-bookable"


def test_a_plan_survives_its_text(tmp_path, shelf):
    """YAML keeps all of it and the version, CSV the rules."""
    shelf.put(PLAN, "anna")
    yaml, table = tmp_path / "plan.yaml", tmp_path / "rules.csv"
    yaml.write_text(to_yaml(PLAN, 1, "main"))
    assert read_plan(yaml, None) == (PLAN, 1)
    table.write_text(to_csv(PLAN), encoding="utf-8-sig")
    assert read_plan(table, shelf.newest()) == (PLAN, None)


def test_accounts_may_be_written_as_numbers_and_columns_in_french(tmp_path):
    """As an accountant writes them, in a spreadsheet on Windows."""
    yaml, table = tmp_path / "plan.yaml", tmp_path / "rules.csv"
    yaml.write_text("rules:\n- {words: [2024], account: 606300, rate: 5.5}\nnames: {606300: Petit équipement}\n")
    plan, base = read_plan(yaml, None)
    assert (plan.rules[0].account, plan.rules[0].words, plan.names, base) == (
        "606300", ("2024",), {"606300": "Petit équipement"}, None,
    )  # fmt: skip
    table.write_bytes(
        "Fournisseur;Mots clés;Taux TVA;Compte;Centre de coût\r\n;été|hiver;5,5 %;606300;A\r\n".encode("cp1252")
    )
    (rule,) = read_plan(table, None)[0].rules
    assert (rule.words, str(rule.rate), rule.account, rule.cost_centre) == (("été", "hiver"), "5.5", "606300", "A")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.yaml", "rules: [{account: 6}]"),
        ("p.yaml", "unknown: 1"),
        ("p.yaml", "- 1"),
        ("p.yaml", "a: &x [1]\nb: *x"),
        ("p.yaml", "{"),
        ("p.csv", "words;account\npapier;6O"),
        ("p.csv", "words;account;rate\npapier;606300;many"),
        ("p.csv", "words\npapier"),
    ],
)
def test_a_wrong_plan_is_refused_as_a_whole(tmp_path, name, text):
    """With the place that is wrong."""
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError):
        read_plan(tmp_path / name, None)


def test_past_books_teach(tmp_path):
    """The accounts of a FEC, supplier by supplier; the VAT and the supplier's own account are none."""
    plan = Plan(own_accounts=True)
    order = order_of(record_of([line("Ramette papier", "100")]), plan)
    path = tmp_path / "732829320FEC20261231.txt"
    path.write_bytes(write_fec([Validated(order, datetime(2026, 3, 3, tzinfo=UTC))], plan))
    (entry,) = entries_in(path, Master(()))
    assert (entry.supplier, entry.text, entry.account) == ("quincaillerie martin", "Ramette papier", "606400")
    path.write_text("nothing")
    with pytest.raises(InputError):
        list(entries_in(path, Master(())))


def test_short_words_of_a_rule_stand_whole():
    """A flight is no volume; a longer word may go on; accents and case do not matter."""
    assert holds("Volume 2", ("vol",)) is None
    assert holds("2 VOLS Paris", ("vol",)) == "vol"
    assert holds("Énergies vertes", ("energie",)) == "energie"
    assert words_of("Ramette A4 de papier, mars") == {"ramette", "papier"}
