"""`backoffice compare-manual` as a user meets it."""

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Run = Callable[..., Result]


def labelled(folder: Path, name: str) -> tuple[Path, Path]:
    """A set of one document with its predictions."""
    place = folder / name
    place.mkdir()
    truth, said = place / "truth.jsonl", place / "said.jsonl"
    truth.write_text(json.dumps({"file": "a.pdf", "fields": {"gross_total": "5.00"}}), encoding="utf-8")
    guess = {"value": "5.00", "confidence": 0.99}
    row = {"file": "a.pdf", "decision": "straight_through", "fields": {"gross_total": guess}}
    said.write_text(json.dumps(row), encoding="utf-8")
    return truth, said


def test_sets_are_compared_together_from_stored_predictions(run: Run, tmp_path: Path) -> None:
    """As a table for people, a page, Markdown and JSON; own prices are taken."""
    (one, said_one), (two, said_two) = labelled(tmp_path, "one"), labelled(tmp_path, "two")
    own = tmp_path / "own.yaml"
    own.write_text("hour_offshore: {value: 7, unit: EUR an hour, source: our contract, trust: A}", encoding="utf-8")
    out = {name: tmp_path / f"out.{name}" for name in ("json", "html", "markdown")}
    files = [word for name, path in out.items() for word in (f"--{name}", path)]
    result = run(
        *("compare-manual", one, two, "--predictions", said_one, "--predictions", said_two),
        *("--presets", own, *files),
    )
    assert result.exit_code == 0, result.output
    assert "Model 1: keying alone" in result.output
    data = json.loads(out["json"].read_text(encoding="utf-8"))
    assert data["sets"] == {"one": 1, "two": 1}
    assert data["keying"]["with_machine"]["work"]["seconds"]["value"] == 0
    page = out["html"].read_text(encoding="utf-8")
    assert "our contract" in page
    assert "<script" not in page
    assert "Model 2: full touch" in out["markdown"].read_text(encoding="utf-8")


def test_each_set_needs_its_own_predictions(run: Run, tmp_path: Path) -> None:
    """One file for two sets is a mistake in the call."""
    (one, said), (two, _) = labelled(tmp_path, "one"), labelled(tmp_path, "two")
    assert run("compare-manual", one, two, "--predictions", said).exit_code == 2


def test_the_operators_seconds_come_from_the_home_when_asked(run: Run, tmp_path: Path) -> None:
    """A home without work measures nothing, and the table says so."""
    truth, said = labelled(tmp_path, "one")
    result = run("compare-manual", truth, "--predictions", said, "--from-events", "--home", tmp_path / "home")
    assert result.exit_code == 0, result.output
    assert "measured on 0 documents" in " ".join(result.output.split())
