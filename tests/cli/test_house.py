"""Clients, users and the audit trail on the command line."""

import json
import re

import pytest

from pipeline.bootstrap import load_settings, open_the_house
from pipeline.house.errors import NotAllowed, UnknownClient


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_a_client_is_added_and_settles_its_rules(run, home):
    """Lists are given by commas; what it has not said is marked as a default."""
    assert run("clients", "add", "ACME", "Acme SARL", "--home", home).exit_code == 0
    settings = ("--set", "four_eyes_amount=5000", "--set", "double_keyed=iban, gross_total", "--why", "contract")
    shown = run("clients", "policy", "ACME", *settings, "--home", home).output
    assert "5000" in shown
    assert re.search(r"sla_hours.*48.*default", shown)
    with open_the_house(load_settings(home)) as house:
        assert [name.value for name in house.clients.policy("ACME").double_keyed] == ["iban", "gross_total"]
    assert isinstance(run("clients", "policy", "ACME", "--set", "nonsense=1", "--home", home).exception, NotAllowed)


def test_a_client_is_closed_and_opened_again(run, home):
    """And stays in the list."""
    run("clients", "add", "ACME", "Acme SARL", "--home", home)
    for words, active in ((("--why", "left"), False), (("--reopen",), True)):
        run("clients", "close", "ACME", *words, "--home", home)
        listed = json.loads(run("clients", "list", "--json", "--home", home).output)
        assert {one["id"]: one["active"] for one in listed} == {"ACME": active, "main": True}


def test_a_user_gets_a_one_time_password_and_roles(run, home):
    """The password is printed once and opens the door."""
    said = run("users", "add", "anna", "--home", home).output
    run("users", "role", "anna", "operator", "--home", home)
    run("users", "role", "anna", "auditor", "--everywhere", "--home", home)
    with open_the_house(load_settings(home)) as house:
        assert house.door.sign_in("anna", said.split()[-1], "127.0.0.1")
    listed = json.loads(run("users", "list", "--json", "--home", home).output)
    assert listed[0]["roles"] == {"main": ["operator"], "*": ["auditor"]}
    run("users", "role", "anna", "auditor", "--everywhere", "--take", "--home", home)
    run("users", "disable", "anna", "--home", home)
    listed = json.loads(run("users", "list", "--json", "--home", home).output)
    assert (listed[0]["roles"], listed[0]["active"]) == ({"main": ["operator"]}, False)


def test_what_is_of_one_client_is_asked_for_by_name(run, home):
    """A client that is not there is an error, not an empty answer."""
    run("clients", "add", "ACME", "Acme SARL", "--home", home)
    assert json.loads(run("status", "--client", "ACME", "--json", "--home", home).output)["documents"] == {}
    assert isinstance(run("status", "--client", "NONE", "--json", "--home", home).exception, UnknownClient)
    assert isinstance(run("suppliers", "list", "--client", "NONE", "--home", home).exception, UnknownClient)


def test_the_trail_is_verified_against_its_anchors(run, home, tmp_path):
    """Also against a copy that was kept elsewhere; a chain that is shorter than its anchor ends with exit code 1."""
    run("users", "add", "anna", "--home", home)
    assert "1 chains anchored" in run("audit", "anchor", "--home", home).output
    good = run("audit", "verify", "--home", home)
    assert (good.exit_code, good.output) == (0, "1 events in 1 chains, 1 of them anchored; 0 faults.\n")
    copy = tmp_path / "copy.jsonl"
    copy.write_text((home / "anchors.jsonl").read_text().replace('"number":1', '"number":2'))
    bad = run("audit", "verify", "--anchors", copy, "--home", home)
    assert (bad.exit_code, bad.output.splitlines()[0]) == (1, "* event 2: truncated")


def test_an_export_is_verified_by_the_program_of_the_guide(run, home, tmp_path, python):
    """A third party needs Python and nothing of ours; a line that was edited is found."""
    from tests.test_docs import ROOT

    run("clients", "add", "ACME", "Acme é", "--home", home)
    run("users", "add", "anna", "--home", home)
    file = tmp_path / "events.jsonl"
    run("audit", "export", file, "--home", home)
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(# verify_export.*?)```", guide, re.DOTALL)
    assert len(program.splitlines()) <= 20
    script = f"import sys; sys.argv = ['', {str(file)!r}]\n{program}"
    last = json.loads(file.read_text().splitlines()[-1])
    assert f"{last['client_id']} {last['number']} {last['hash']}" in python(script)
    file.write_text(file.read_text().replace('"anna"', '"mallory"'))
    with pytest.raises(AssertionError, match="was changed"):
        python(script)
