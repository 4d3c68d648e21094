"""`backoffice process`, `status` and `show` on a small folder, for real."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import Result

from pipeline.bootstrap import load_settings, open_the_ledger

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
Run = Callable[..., Result]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def without_seconds(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "seconds"}


@pytest.fixture(scope="module")
def done(run: Run, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """An e-invoice, a quote, which is never posted, a copy of it and a broken file, processed once."""
    base = tmp_path_factory.mktemp("process")
    folder, home, out = base / "in", base / "home", base / "out.jsonl"
    (folder / "sub").mkdir(parents=True)
    shutil.copy(SAMPLES / "ubl-fr.xml", folder / "a.xml")
    shutil.copy(SAMPLES / "quote-fr.pdf", folder / "b.pdf")
    shutil.copy(SAMPLES / "quote-fr.pdf", folder / "sub" / "c.pdf")
    shutil.copy(SAMPLES / "truncated-fr.pdf", folder / "d.pdf")
    result = run("process", folder, "--out", out, "--home", home, "--workers", 1)
    return SimpleNamespace(folder=folder, home=home, out=out, result=result, rows=rows(out))


def test_every_file_has_its_row_under_its_path_in_the_folder(done: SimpleNamespace) -> None:
    """In the order of the names; a copy and a broken file included."""
    assert [row["file"] for row in done.rows] == ["a.xml", "b.pdf", "d.pdf", "sub/c.pdf"]
    assert [reason["code"] for row in done.rows[2:] for reason in row["reasons"]] == [
        "incomplete",
        "already-received",
    ]
    assert "b.pdf" in done.rows[3]["reasons"][0]["message"]


def test_the_fields_of_an_e_invoice_are_the_truth(done: SimpleNamespace) -> None:
    """From the file through child process and database to the row nothing is lost or changed."""
    truth = next(case for case in rows(SAMPLES / "truth.jsonl") if case["file"] == "ubl-fr.xml")
    fields = {name: field["value"] for name, field in done.rows[0]["fields"].items()}
    wanted = ("invoice_number", "issue_date", "currency", "net_total", "tax_total", "gross_total", "iban")
    assert {name: fields[name] for name in wanted} == {name: truth["fields"][name] for name in wanted}
    assert len(done.rows[0]["lines"]) == len(truth["lines"])
    assert done.rows[0]["fields"]["gross_total"]["evidence"]


def test_the_summary_counts_and_a_rejected_file_makes_the_exit_code_1(done: SimpleNamespace) -> None:
    """A script sees that something was refused; a person sees what and how often."""
    assert done.result.exit_code == 1, done.result.output
    assert "4 files, 4 invoices" in done.result.output
    assert "already-received" in done.result.output


def test_the_same_command_again_gives_the_same_rows_and_reads_nothing(run: Run, done: SimpleNamespace) -> None:
    """Also on standard output, one JSON object a line and nothing else."""
    again = run("process", done.folder, "--home", done.home, "--json")
    assert [json.loads(line) for line in again.stdout.splitlines()] == done.rows
    with open_the_ledger(load_settings(done.home)) as ledger:
        assert [event.kind for event in ledger.events()].count("begun") == 2


def test_one_file_is_known_by_its_name_and_a_stored_review_is_no_error(run: Run, done: SimpleNamespace) -> None:
    """Exit code 0: a person has work, nothing went wrong."""
    again = run("process", done.folder / "b.pdf", "--home", done.home, "--json")
    assert json.loads(again.stdout) == done.rows[1]
    assert again.exit_code == 0


def test_status_counts_documents_decisions_and_arrivals(run: Run, done: SimpleNamespace) -> None:
    """For a person as a table, for a program as JSON."""
    counts = json.loads(run("status", "--home", done.home, "--json").stdout)
    assert counts["documents"] == {"done": 2}
    assert sum(counts["decisions"].values()) == 2
    assert counts["seen_again"] >= 1
    assert "seen again" in run("status", "--home", done.home).stdout


def test_show_finds_a_document_by_name_or_hash_and_shows_fields_with_evidence(run: Run, done: SimpleNamespace) -> None:
    """Number, confidence, evidence: why the machine believes it."""
    number = done.rows[0]["fields"]["invoice_number"]["value"]
    shown = run("show", "a.xml", "--home", done.home)
    assert number in shown.stdout
    assert "xml" in shown.stdout
    prefix = shown.stdout.split()[0]
    (row,) = json.loads(run("show", prefix.upper(), "--home", done.home, "--json").stdout)
    assert without_seconds(row) == without_seconds(done.rows[0])


def test_show_of_a_review_gives_its_reasons_in_words(run: Run, done: SimpleNamespace) -> None:
    """The sentence comes before the code."""
    shown = " ".join(run("show", "b.pdf", "--home", done.home).stdout.split())
    reasons = done.rows[1]["reasons"]
    assert reasons
    assert all(f"{reason['message']} ({reason['code']})" in shown for reason in reasons)
