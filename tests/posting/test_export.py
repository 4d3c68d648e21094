"""The way from the ledger into files, by the command line."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from pipeline.bootstrap import SystemClock
from pipeline.cli.main import app
from pipeline.house.clients import Clients
from pipeline.intake.archive import Archive
from pipeline.posting.coding.shelf import PlanOutdated
from pipeline.posting.files.check_fec import check_fec
from pipeline.process import _coded
from pipeline.settings import Settings
from pipeline.store.ledger import open_ledger
from pipeline.validate.duplicates import business_key
from pipeline.world import World
from schemas import Document, Draft, MediaType, Outcome, Reason, Review, StraightThrough
from tests.posting.made import line, record_of


@pytest.fixture
def home(tmp_path):
    """Three invoices of the main client: two straight through, one of them without a buyer, and one that waits."""
    settings = Settings(home=tmp_path / "home")
    archive = Archive(settings.archive)
    records = {
        "a.pdf": record_of([line("Ramette papier", "100")], invoice_number="F-1"),
        "b.pdf": record_of([line("Gasoil", "100")], invoice_number="F-2", buyer_name=None, currency="USD"),
        "c.pdf": record_of([line("Papier", "100")], invoice_number="F-3"),
    }
    waits = Review(reasons=(Reason(code="low-confidence", message="look"),))
    with open_ledger(settings.url, SystemClock()) as ledger:
        for name, record in records.items():
            content = b"%PDF-1.4 " + name.encode()
            archive.put_bytes(content)
            document = Document(
                sha256=hashlib.sha256(content).hexdigest(),
                file_name=name,
                size=len(content),
                media_type=MediaType.PDF,
                received_at=SystemClock().now(),
            )
            ledger.register(document, name)
            ledger.begin(document.document_id, "me", timedelta(hours=1))

            def decide(draft: Draft, _: tuple[str, ...], name: str = name) -> Outcome:
                decision = waits if name == "c.pdf" else StraightThrough()
                return Outcome(**dict(draft), decision=decision)

            ledger.settle(document.document_id, "me", [Draft(record=record)], decide, business_key)
    return settings.home


def run(home, *words):
    return CliRunner().invoke(app, [*map(str, words), "--home", str(home)])


def test_a_fec_holds_what_was_cleared_and_names_what_it_cannot_hold(home, tmp_path):
    """The dollar invoice without a rate is told with the remedy; with one the file has both, and not what waits."""
    assert run(home, "export", "--format", "fec", "--out", tmp_path).exit_code == 1  # no SIREN yet
    words = ("export", "--format", "fec", "--out", tmp_path, "--siren", "732829320", "--to", "2026-12-31")
    done = run(home, *words)
    assert done.exit_code == 1
    assert "1 invoices written" in done.output
    assert "b.pdf" in done.output
    assert "--rates" in done.output
    rates = tmp_path / "rates.csv"
    rates.write_text("Date,USD\n2026-03-02,1.25\n")
    assert run(home, *words, "--rates", rates).exit_code == 0
    content = (tmp_path / "732829320FEC20261231.txt").read_bytes()
    assert check_fec(content, "732829320FEC20261231.txt") == ()
    assert (b"F-1" in content, b"F-2" in content, b"F-3" in content) == (True, True, False)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_table_holds_what_was_cleared_in_a_period(home, tmp_path, kind):
    """And nothing of another one."""
    out = tmp_path / f"out.{kind}"
    assert "2 invoices written" in run(home, "export", "--format", kind, "--out", out, "--from", "2026-03-02").output
    assert out.stat().st_size > 100
    later = run(home, "export", "--format", kind, "--out", out, "--from", "2026-03-03")
    assert (later.exit_code, "0 invoices written" in later.output) == (0, True)


def test_e_invoices_name_the_client_where_the_paper_names_no_buyer(home, tmp_path):
    """UBL of both; the client is called Main."""
    done = run(home, "export", "--format", "ubl", "--out", tmp_path / "ubl")
    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "ubl").glob("Quincaillerie-Martin_F-*.xml"))) == 2


def test_a_plan_is_settled_by_the_command_line_and_decides_where_a_document_is_booked(home, tmp_path):
    """Shown in doubt, confirmed, ruled, exported and imported again."""
    shown = json.loads(run(home, "coding", "show", "a.pdf", "--json").output)
    assert (shown["lines"][0]["account"], shown["confidence"]) == ("606400", 0.6)
    assert run(home, "coding", "confirm", "a.pdf", "--account", "607000", "--centre", "SHOP").exit_code == 0
    shown = json.loads(run(home, "coding", "show", "a.pdf", "--json").output)
    assert (shown["lines"][0]["account"], shown["lines"][0]["cost_centre"], shown["confidence"]) == (
        "607000",
        "SHOP",
        1,
    )
    assert run(home, "coding", "confirm", "a.pdf", "--account", "607000", "--text", "nothing").exit_code == 2
    plan = tmp_path / "plan.yaml"
    assert run(home, "coding", "export", plan).exit_code == 0
    plan.write_text(plan.read_text().replace("rules: []", "rules:\n- {words: [gasoil], account: '606150'}"))
    assert "1 rules" in run(home, "coding", "import", plan, "--by", "anna").output
    again = run(home, "coding", "import", plan)  # it was made from version 0, and there is a version 1
    assert isinstance(again.exception, PlanOutdated)
    assert "606150" in run(home, "coding", "show", "b.pdf").output
    assert "version 1" in run(home, "coding", "show").output
    assert run(home, "coding", "export", tmp_path / "rules.csv").exit_code == 0
    assert run(home, "coding", "import", tmp_path / "rules.csv").exit_code == 0
    assert run(home, "coding", "show", "nobody.pdf").exit_code == 1


def test_past_books_are_learned_by_the_command_line(home, tmp_path):
    """Once."""
    words = ("export", "--format", "fec", "--out", tmp_path, "--siren", "732829320", "--to", "2026-03-31")
    run(home, *words)
    file = tmp_path / "732829320FEC20260331.txt"
    assert "1 entries learned" in run(home, "coding", "learn", file).output
    assert "0 entries learned" in run(home, "coding", "learn", file).output


def test_coding_keeps_only_those_in_review_who_post_somewhere(home):
    """Without an accounting system a doubtful account is no reason to look; with one it is."""
    settings = Settings(home=home)
    with open_ledger(settings.url, SystemClock()) as ledger:
        world = World(settings, ledger, Archive(settings.archive), None, SystemClock())
        (document,) = ledger.named("a.pdf")
        draft = Draft(record=record_of([line("Ramette papier", "100")]))
        assert _coded(draft, document, world) is draft
        Clients(ledger.database, SystemClock()).set_policy("main", {"posting_target": "file"}, "root")
        assert [finding.rule for finding in _coded(draft, document, world).findings] == ["coding-doubtful"]
        off = Draft(record=record_of([line("Papier", "100")], gross_total=Decimal(999)))
        assert [finding.rule for finding in _coded(off, document, world).findings] == ["not-bookable"]
        assert _coded(Draft(), document, world).findings == ()
