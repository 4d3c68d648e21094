"""Posting on the command line."""

import json

import pytest

from pipeline.bootstrap import SystemClock, load_settings
from pipeline.intake.archive import Archive
from pipeline.posting.errors import WrongJobState
from pipeline.store.ledger import open_ledger
from tests.posting.fakes import Pen

TARGET = "tests.posting.on_disk:make"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with two cleared invoices, posted into a folder that never loses a reply."""
    monkeypatch.setenv("BACKOFFICE_POSTING__TARGET", TARGET)
    monkeypatch.setenv("BACKOFFICE_POSTING__LEAST_CONFIDENCE", "0")  # nobody taught the accounts of these sellers
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.setattr("tests.posting.on_disk.LOST", 0.0)
    settings = load_settings(tmp_path / "home")
    with open_ledger(settings.url, SystemClock()) as ledger:
        pen = Pen(ledger, Archive(settings.archive))
        pen.clear("FA-1")
        pen.clear("G-1", "Garnier")
    return settings.home


def test_what_is_due_is_posted_and_listed(run, home):
    """Once; the second run finds nothing to do."""
    first = json.loads(run("post", "--once", "--json", "--home", home).output)
    assert (first["posted"], first["jobs"]["posted"]) == (2, 2)
    assert json.loads(run("post", "--json", "--home", home).output)["posted"] == 0
    listed = json.loads(run("postings", "list", "--json", "--home", home).output)
    assert [(one["number"], one["state"]) for one in listed["jobs"]] == [("G-1", "posted"), ("FA-1", "posted")]
    assert "2 posted" in run("postings", "list", "--home", home).output
    shown = run("postings", "show", listed["jobs"][0]["job_id"], "--home", home).output
    assert "posting_sent" in shown
    assert listed["jobs"][0]["reference"] in shown


def test_a_dry_run_shows_and_sends_nothing(run, home):
    """Target, accounts, and what each waits for."""
    planned = json.loads(run("post", "--dry-run", "--json", "--home", home).output)
    assert [(one["job"]["number"], one["target"], one["waits_for"]) for one in planned] == [
        ("FA-1", TARGET, "It is next."),
        ("G-1", TARGET, "It is next."),
    ]
    assert planned[0]["coding"]["lines"][0]["net"] == "100.00"
    assert planned[0]["coding"]["lines"][0]["account"] in run("post", "--dry-run", "--home", home).output
    assert not (home / "books").exists()


def test_only_one_way_to_run_is_chosen(run, home):
    """Wrong usage is told."""
    assert run("post", "--once", "--dry-run", "--home", home).exit_code == 2


def test_a_target_that_is_not_there_is_this_machines_lack(run, home, monkeypatch):
    """Exit code 3; the jobs wait and say why."""
    monkeypatch.setenv("BACKOFFICE_POSTING__TARGET", "no.such:target")
    assert run("post", "--home", home).exit_code == 3
    listed = json.loads(run("postings", "list", "--json", "--home", home).output)["jobs"]
    assert {one["failure"]["code"] for one in listed} == {"posting-target-missing"}


def test_ledgers_are_compared(run, home):
    """Exit code 0 while they agree, 1 when a voucher is gone."""
    run("post", "--home", home)
    good = run("postings", "reconcile", "--home", home)
    assert (good.exit_code, "They agree." in good.output) == (0, True)
    next((home / "books" / "main").glob("*.json")).unlink()
    bad = run("postings", "reconcile", "--json", "--home", home)
    (found,) = json.loads(bad.output)
    assert (bad.exit_code, [fault["kind"] for fault in found["faults"]]) == (1, ["missing"])


def test_a_job_is_retried_and_closed(run, home):
    """With a note; a closed one is not tried again."""
    (_, first) = json.loads(run("postings", "list", "--json", "--home", home).output)["jobs"]
    assert "is waiting" in run("postings", "retry", first["job_id"], "--home", home).output
    words = ("--ending", "never", "--note", "a sample", "--home", home)
    assert "is closed" in run("postings", "close", first["job_id"], *words).output
    assert isinstance(run("postings", "retry", first["job_id"], "--home", home).exception, WrongJobState)
    assert run("postings", "close", first["job_id"], "--ending", "nonsense", "--home", home).exit_code == 2
    assert json.loads(run("post", "--json", "--home", home).output)["posted"] == 1
