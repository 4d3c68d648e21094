"""`backoffice evaluate` and `backoffice report` as a user meets them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import Result

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def measured(run: Run, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Two samples read for real and compared with their truth, and the ledger's report on one of them."""
    base = tmp_path_factory.mktemp("measure")
    kept = [
        line
        for line in (SAMPLES / "truth.jsonl").read_text(encoding="utf-8").splitlines()
        if json.loads(line)["file"] in {"ubl-fr.xml", "native-fr-1.pdf"}
    ]
    for line in kept:
        shutil.copy(SAMPLES / json.loads(line)["file"], base)
    (base / "truth.jsonl").write_text("\n".join(kept), encoding="utf-8")
    evaluated = run(
        *("evaluate", base / "truth.jsonl", "--json", base / "e.json", "--html", base / "e.html", "--workers", 1)
    )
    processed = run("process", base / "ubl-fr.xml", "--home", base / "home", "--out", base / "out.jsonl")
    reported = run("report", "--home", base / "home", "--html", base / "new" / "report.html")
    return SimpleNamespace(base=base, evaluated=evaluated, processed=processed, reported=reported)


def test_an_evaluation_prints_its_figures_and_writes_them_down(measured: SimpleNamespace) -> None:
    """For people in the terminal and as a page, for programs as JSON."""
    assert measured.evaluated.exit_code == 0, measured.evaluated.output
    assert "header precision, recall, F1" in measured.evaluated.output
    data = json.loads((measured.base / "e.json").read_text(encoding="utf-8"))
    assert {document["file"] for document in data["documents"]} == {"ubl-fr.xml", "native-fr-1.pdf"}
    assert data["kinds"]["ubl"]["header"]["f1"] == 1.0
    assert "How well the invoices were read" in (measured.base / "e.html").read_text(encoding="utf-8")


def test_only_one_kind_can_be_evaluated_from_stored_predictions(run: Run, measured: SimpleNamespace) -> None:
    """What `process --out` wrote is scored without reading anything again."""
    stored, out = measured.base / "stored.json", measured.base / "out.jsonl"
    result = run(
        *("evaluate", measured.base / "truth.jsonl", "--predictions", out, "--only-kind", "ubl", "--json", stored)
    )
    assert result.exit_code == 0, result.output
    data = json.loads(stored.read_text(encoding="utf-8"))
    assert [document["file"] for document in data["documents"]] == ["ubl-fr.xml"]
    assert data["overall"]["header"]["f1"] == 1.0


def test_a_truth_without_its_files_is_told_before_anything_is_read(run: Run, tmp_path: Path) -> None:
    """The first thing that can go wrong is named at once."""
    truth = tmp_path / "truth.jsonl"
    truth.write_text('{"file": "gone.pdf", "fields": {}}')
    result = run("evaluate", truth)
    assert "gone.pdf" in str(result.exception)


def test_a_report_is_written_where_it_was_asked_for(measured: SimpleNamespace) -> None:
    """The folder is made when it is not there, and the place is said."""
    assert measured.reported.exit_code == 0, measured.reported.output
    page = measured.base / "new" / "report.html"
    assert "report.html" in measured.reported.output
    assert "ubl-fr.xml" in page.read_text(encoding="utf-8")


def test_an_evaluation_leaves_the_configured_database_alone(
    run: Run, measured: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Measuring must not put other people's documents into the books."""
    monkeypatch.setenv("BACKOFFICE_DATABASE_URL", f"sqlite:///{tmp_path / 'books.db'}")
    result = run("evaluate", measured.base / "truth.jsonl", "--only-kind", "ubl", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "books.db").exists()
