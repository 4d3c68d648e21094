"""`backoffice check` and `reconcile`, as a person and as a program meet them."""

import json

import pytest

from pipeline.bootstrap import SystemClock, load_settings
from pipeline.durable import PART
from pipeline.intake.archive import Archive
from pipeline.store.ledger import open_ledger
from tests.posting.fakes import Pen


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with a cleared invoice, whose archive a dead process has left a file in."""
    monkeypatch.setenv("COLUMNS", "200")
    settings = load_settings(tmp_path / "home")
    with open_ledger(settings.url, SystemClock()) as ledger:
        Pen(ledger, Archive(settings.archive)).clear("FA-1")
    (settings.archive / f"{PART}left").write_bytes(b"half")
    return settings.home


def test_a_violation_is_shown_with_its_meaning_and_remedy(run, home):
    """And the exit code says that there is one; what may be in somebody's hands is none."""
    assert run("check", "--home", home).exit_code == 0
    found = run("check", "--at-rest", "--home", home)
    assert found.exit_code == 1
    assert "leaked-temporary" in found.output
    assert "backoffice reconcile" in found.output


def test_what_is_mended_is_said_and_gone(run, home):
    """The repair is an event with who asked for it."""
    done = run("reconcile", "--at-rest", "--by", "anna", "--home", home)
    assert done.exit_code == 0
    assert "removed" in done.output
    assert run("check", "--at-rest", "--home", home).exit_code == 0
    with open_ledger(load_settings(home).url, SystemClock()) as ledger:
        (event,) = ledger.events(kind="reconciled")
    assert (event.actor, event.data["code"], event.data["did"]) == ("anna", "leaked-temporary", "removed")


def test_a_program_reads_sums_and_violations(run, home):
    """With all that a person is told; of what cannot be mended it is told that nothing was done."""
    checked = json.loads(run("check", "--at-rest", "--json", "--home", home).output)
    assert checked["balances"] == [
        {"client_id": "main", "came_in": 1, "posted": 0, "rejected": 0, "pending": 1, "lost": 0}
    ]
    (violation,) = checked["violations"]
    assert (violation["code"], violation["mended"]) == ("leaked-temporary", True)
    (original,) = load_settings(home).archive.glob("??/*")
    original.unlink()
    done = run("reconcile", "--at-rest", "--json", "--home", home)
    assert done.exit_code == 1
    said = json.loads(done.output)
    assert {one["code"]: one["did"] for one in said["repairs"]} == {
        "leaked-temporary": "removed", "original-missing": None
    }  # fmt: skip
    assert [one["code"] for one in said["after"]["violations"]] == ["original-missing"]
