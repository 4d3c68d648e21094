"""`backoffice simulate`, `forecast` and `roi` as a user meets them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]


@pytest.mark.parametrize("name", ["pipeline", "file"])
def test_a_scenario_is_simulated_and_written_down(run: Run, tmp_path: Path, name: str) -> None:
    """By its name or from a file; what was assumed is said; the same seed gives the same figures."""
    small = tmp_path / "small.yaml"
    small.write_text(
        "title: Small\nstart: 2026-01-05\ndays: 7\narrivals: {per_day: 20}\nreplications: 2\n"
        "stages: [{name: desk, servers: 1, shift: {}, seconds: {kind: measured, of: operator, "
        "otherwise: {kind: fixed, seconds: 60}}}]\n",
        encoding="utf-8",
    )
    out, page = tmp_path / "out.json", tmp_path / "out.html"
    words = ("simulate", small if name == "file" else name, "--no-staffing", "--per-day", 20, "--replications", 2)
    files = ("--json", out, "--html", page, "--home", tmp_path / "home")
    result = run(*words, "--clerks", 2, "--seed", 7, *files)
    assert result.exit_code == 0, result.output
    first = json.loads(out.read_text(encoding="utf-8"))
    assert all(stage["servers"] == 2 for name, stage in first["result"]["stages"].items() if name in ("desk", "review"))
    assert any("0 measured, 30 needed" in note for note in first["result"]["notes"])
    assert "The median is highest on day" in page.read_text(encoding="utf-8")
    run(*words, "--clerks", 2, "--seed", 7, *files)
    assert json.loads(out.read_text(encoding="utf-8")) == first


def test_a_scenario_that_is_not_there_names_those_that_are(run: Run) -> None:
    """And the search for people can be had from the command line."""
    result = run("simulate", "nothing-of-that-name")
    assert result.exit_code == 1


def test_a_home_without_history_cannot_be_forecast(run: Run, tmp_path: Path) -> None:
    """It says so instead of making numbers up."""
    result = run("forecast", "--home", tmp_path / "home")
    assert result.exit_code == 1
    assert "too-little-history" in str(getattr(result.exception, "specific_code", ""))


def test_the_return_is_told_as_table_page_and_json(run: Run, tmp_path: Path) -> None:
    """With one's own seconds of a review."""
    out, page = tmp_path / "roi.json", tmp_path / "roi.html"
    result = run("roi", "--invoices", 2000, "--review-seconds", 60, "--json", out, "--html", page)
    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text(encoding="utf-8"))["plan"]["review_seconds"]["value"] == 60
    assert page.read_text(encoding="utf-8").count("<svg") >= 2
