"""Key figures and the quality watch on the command line."""

import csv
import json

import pytest

from pipeline.bootstrap import SystemClock, load_settings
from pipeline.store.ledger import open_ledger
from pipeline.suppliers.limits import Limits
from tests.conftest import StillClock
from tests.measure.kpi.history import History
from tests.posting.conftest import Shop


@pytest.fixture(scope="module")
def home(tmp_path_factory, made_sqlite):
    """A home with a history that ended a day ago."""
    settings = load_settings(tmp_path_factory.mktemp("kpis") / "home")
    clock = StillClock()
    clock.advance(-7 * 86_400)
    with open_ledger(settings.url, clock) as ledger:
        History(Shop(ledger, clock, settings.home)).fill()
    return settings.home


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def test_the_figures_are_shown_and_written(run, home, tmp_path):
    """In the terminal, as CSV and as JSON; the same numbers."""
    shown = run("kpis", "--home", home).output
    assert "Straight through" in shown
    assert "6 of 13" in shown
    files = tmp_path / "k.csv", tmp_path / "k.json"
    assert run("kpis", "--home", home, "--csv", files[0], "--json", files[1]).exit_code == 0
    with files[0].open(encoding="utf-8") as file:
        (row,) = [row for row in csv.DictReader(file) if row["kpi"] == "straight-through"]
    told = json.loads(files[1].read_text(encoding="utf-8"))["kpis"]
    (kpi,) = [one for one in told if one["name"] == "straight-through"]
    assert (row["count"], row["n"]) == ("6", "13")
    assert float(row["value"]) == kpi["figures"][0]["value"] == pytest.approx(6 / 13)


def test_a_client_and_a_period_narrow_them(run, home):
    """One client's; and nothing of the time before."""
    assert "3 of 3" in run("kpis", "--home", home, "--client", "north").output
    assert "6 of 13" not in run("kpis", "--home", home, "--until", "2020-01-31").output


def test_the_sums_are_checked_and_mended(run, home):
    """Against the events; a tally that somebody changed is named, and made anew."""
    assert run("kpis", "--check", "--home", home).exit_code == 0
    settings = load_settings(home)
    with open_ledger(settings.url, SystemClock()) as ledger, ledger.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE tallies SET n = 99 WHERE measure = 'seen_again'")
    checked = run("kpis", "--check", "--home", home)
    assert checked.exit_code == 1
    assert "seen_again" in checked.output
    assert run("kpis", "--rebuild", "--home", home).exit_code == 0
    assert run("kpis", "--check", "--home", home).exit_code == 0


def test_the_report_is_written_in_french(run, home, tmp_path):
    """The figures alone, and with the list of invoices; another language is refused."""
    page = tmp_path / "r.html"
    assert run("report", "--html", page, "--language", "fr", "--figures-only", "--home", home).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "Passées sans intervention" in text
    assert "Ce que sont devenues les factures" not in text
    assert "<script" not in text
    assert run("report", "--html", page, "--language", "fr", "--home", home).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "Ce que sont devenues les factures" in text
    assert "What became of the invoices" not in text
    assert run("report", "--html", page, "--language", "de", "--home", home).exit_code == 2


def test_a_supplier_that_is_held_back_is_shown_and_let_go(run, home):
    """What samples say of clients, and the limit with its reason; a release that is none is an error."""
    settings = load_settings(home)
    with open_ledger(settings.url, SystemClock()) as ledger:
        Limits(ledger.database, SystemClock()).tighten("42", "Martin", 0.003, "too many wrong", (0, 0), "test")
    shown = run("quality", "--home", home).output
    assert "1 of 2 wrong" in shown
    assert "42 (Martin): target 0.030%. too many wrong" in shown
    assert run("quality", "--release", "42", "--why", "mended", "--by", "sue", "--home", home).exit_code == 0
    assert "held" not in run("quality", "--home", home).output
    assert run("quality", "--release", "42", "--by", "sue", "--home", home).exit_code != 0
