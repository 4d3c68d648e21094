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
    assert data["slices"]["kind"]["ubl"]["header"]["f1"] == 1.0
    assert data["cpu"]["read"]["page"] > 0
    page = (measured.base / "e.html").read_text(encoding="utf-8")
    assert "How well the invoices were read" in page
    assert page.count("<svg") > 3


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


def test_a_run_is_compared_with_an_earlier_one(run: Run, measured: SimpleNamespace, tmp_path: Path) -> None:
    """What changed is printed, written to the JSON, and an equal run is no failure."""
    out = tmp_path / "again.json"
    result = run(
        *("evaluate", measured.base / "truth.jsonl", "--predictions", measured.base / "out.jsonl"),
        *("--compare", measured.base / "e.json", "--json", out, "--html", tmp_path / "again.html"),
    )
    assert result.exit_code == 0, result.output  # one file is missing in out.jsonl: worse, but one file is noise
    compared = json.loads(out.read_text(encoding="utf-8"))["comparison"]
    assert compared["files"] == 2
    assert {moved["file"] for moved in compared["moved"]} == {"native-fr-1.pdf"}
    assert "Against the earlier run" in (tmp_path / "again.html").read_text(encoding="utf-8")


def test_a_run_that_is_worse_beyond_noise_ends_with_a_code_of_its_own(run: Run, tmp_path: Path) -> None:
    """So that a build can stop; the files are written all the same."""
    files = [f"{index}.pdf" for index in range(12)]
    truth, good, bad = tmp_path / "truth.jsonl", tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    truth.write_text("\n".join(json.dumps({"file": file, "fields": {"gross_total": "5.00"}}) for file in files))
    for path, value in ((good, "5.00"), (bad, "6.00")):
        rows = ({"file": file, "fields": {"gross_total": {"value": value, "confidence": 0.9}}} for file in files)
        path.write_text("\n".join(map(json.dumps, rows)))
    first = run("evaluate", truth, "--predictions", good, "--json", tmp_path / "first.json")
    assert first.exit_code == 0, first.output
    compare = ("--compare", tmp_path / "first.json", "--json", tmp_path / "second.json")
    second = run("evaluate", truth, "--predictions", bad, *compare)
    assert second.exit_code == 6, second.output
    assert "WORSE" in second.output
    assert (tmp_path / "second.json").exists()


def test_figures_are_given_for_suppliers_that_training_saw_and_for_others(run: Run, tmp_path: Path) -> None:
    """The list holds supplier or layout names; comments and case do not matter."""
    rows = [{"file": f"{name}.pdf", "supplier": name, "fields": {"gross_total": "5.00"}} for name in ("A", "B", "C")]
    truth, nothing, seen = tmp_path / "truth.jsonl", tmp_path / "nothing.jsonl", tmp_path / "seen.txt"
    truth.write_text("\n".join(map(json.dumps, rows)))
    nothing.write_text("")
    seen.write_text("# training set of March\na\n\nb  # twice\n")
    result = run("evaluate", truth, "--predictions", nothing, "--seen", seen, "--json", tmp_path / "e.json")
    assert result.exit_code == 0, result.output
    slices = json.loads((tmp_path / "e.json").read_text(encoding="utf-8"))["slices"]["supplier"]
    assert {name: group["documents"] for name, group in slices.items()} == {"seen": 2, "unseen": 1}


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
