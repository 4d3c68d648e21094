"""The commands on suppliers and orders, as an operator uses them."""

import json

import pytest
import yaml

from pipeline.bootstrap import load_settings, open_the_book
from pipeline.errors import InputError
from pipeline.suppliers.known import Known
from pipeline.suppliers.model import Rules

MASTER = "key,name,vat_id,ibans\nF001,Quincaillerie Martin,FR44732829320,FR7630006000011234567890189\n"


@pytest.fixture
def home(tmp_path, run):
    file = tmp_path / "master.csv"
    file.write_text(MASTER)
    done = run("suppliers", "import", file, "--home", tmp_path / "home")
    assert done.output == "1 suppliers added, 0 changed, 0 as before.\n"
    return tmp_path / "home"


@pytest.fixture
def learned(home):
    with open_the_book(load_settings(home)) as book:
        book.rules.add("F001", Rules(supplier="F001", currencies=("EUR",)), "anna")
    return home


def test_an_import_reaches_the_snapshot(home):
    """The next document is read with the new master."""
    assert [one.key for one in Known.load(home / "known" / "main.json").master.suppliers] == ["F001"]


def test_suppliers_are_listed(run, learned):
    """As a table with masked accounts, and as JSON."""
    table = run("suppliers", "list", "--home", learned).output
    assert "0189" in table
    assert "6000" not in table
    (row,) = json.loads(run("suppliers", "list", "--json", "--home", learned).output)
    assert (row["key"], row["has_rules"]) == ("F001", True)


def test_a_supplier_is_shown(run, learned):
    """What is known, and every version of its rules."""
    shown = run("suppliers", "show", "quincaillerie martin", "--home", learned).output
    assert "vat_id: FR44732829320" in shown
    assert "anna" in shown


def test_rules_are_printed_edited_and_put_back(run, learned, tmp_path):
    """The text that `rules` prints is the text that `edit` takes."""
    file = tmp_path / "rules.yaml"
    file.write_text(run("suppliers", "rules", "F001", "--home", learned).output.replace("- EUR", "- CHF"))
    assert yaml.safe_load(file.read_text())["version"] == 1
    done = run("suppliers", "edit", "F001", file, "--home", learned, "--by", "ben")
    assert done.output == "Version 2 of the rules is live.\n"
    assert Known.load(learned / "known" / "main.json").rules("F001").currencies == ("CHF",)
    again = run("suppliers", "edit", "F001", file, "--home", learned)
    assert again.exception.specific_code == "rules-outdated"


@pytest.mark.parametrize("text", ["[1, 2]", "fields: [{field: nonsense}]", "a: [", "version: x"])
def test_text_that_holds_no_rules_is_refused(run, learned, tmp_path, text):
    """The message names the file."""
    file = tmp_path / "rules.yaml"
    file.write_text(text)
    done = run("suppliers", "edit", "F001", file, "--home", learned)
    assert isinstance(done.exception, InputError)
    assert "rules.yaml" in done.exception.message


def test_rules_are_switched_off_and_on(run, learned):
    """The snapshot follows."""
    assert run("suppliers", "disable", "F001", "--home", learned).output == "The rules are off (version 2).\n"
    assert Known.load(learned / "known" / "main.json").rules("F001") is None
    assert run("suppliers", "enable", "F001", "--home", learned).output == "The rules are on (version 3).\n"
    assert Known.load(learned / "known" / "main.json").rules("F001") is not None


def test_a_supplier_without_rules_says_so(run, home):
    """Nothing was learned yet."""
    assert "Nothing was learned yet" in run("suppliers", "rules", "F001", "--home", home).output


def test_the_master_is_exported(run, home, tmp_path):
    """Into a file that can be imported."""
    file = tmp_path / "out.csv"
    assert run("suppliers", "export", file, "--home", home).exit_code == 0
    assert "1 as before" in run("suppliers", "import", file, "--home", home).output


def test_orders_are_imported_and_listed(run, home, tmp_path):
    """With what may still be invoiced."""
    file = tmp_path / "orders.csv"
    file.write_text("number,supplier,total\nPO-9,Quincaillerie Martin,100.50\n")
    assert run("orders", "import", file, "--home", home).output == "1 orders added, 0 changed, 0 as before.\n"
    (row,) = json.loads(run("orders", "list", "--json", "--home", home).output)
    assert (row["number"], row["total"], row["invoiced"]) == ("PO9", "100.50", "0")
    assert "100.50" in run("orders", "list", "--home", home).output
