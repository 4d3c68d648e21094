"""The ablation runner measures what its table says, and nothing else."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.measure.evaluate import read_evaluation
from pipeline.settings import Settings
from tests.bench.ablation import TABLE, main, pages_of, rows, setting_names

SAMPLES = Path(__file__).parents[2] / "samples" / "set"
FILE = "native-fr-1.pdf"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One sample with its truth."""
    lines = (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()
    made = tmp_path / "set"
    made.mkdir()
    shutil.copy(SAMPLES / FILE, made)
    (made / "truth.jsonl").write_text(next(line for line in lines if json.loads(line)["file"] == FILE), "utf-8")
    return made


def test_a_row_switches_a_setting_and_becomes_a_line_of_the_table(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of one document, read with its defaults at a lower resolution; a misspelt setting is told."""
    table = tmp_path / "table.yaml"
    table.write_text("coarse: {BACKOFFICE_READING__DPI: 200}\ntypo: {BACKOFFICE_READING__DIP: 200}\n")
    main([str(folder), "--table", str(table), "--out", str(tmp_path / "out"), "--bare-seconds", "2"])
    printed = capsys.readouterr().out
    [line] = [line for line in printed.splitlines() if line.startswith("| coarse")]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert len(cells) == 9
    assert float(cells[7]) == pytest.approx(float(cells[6]) / 2, abs=0.01)
    assert "typo (there is no setting BACKOFFICE_READING__DIP)" in printed
    assert read_evaluation(tmp_path / "out" / "coarse.json").documents[0].file == f"set/{FILE}"


def test_what_has_no_pages_costs_tesseract_nothing(tmp_path: Path) -> None:
    """An XML invoice, a truncated PDF: they are processed, but no page is counted."""
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    assert pages_of(SAMPLES / "ubl-fr.xml", tmp_path) == []
    assert pages_of(tmp_path / "broken.pdf", tmp_path) == []
    assert len(pages_of(SAMPLES / FILE, tmp_path)) == 1


def test_yaml_words_stay_words(tmp_path: Path) -> None:
    """`off` is the name of an effort here, not a boolean."""
    table = tmp_path / "table.yaml"
    table.write_text("a: {BACKOFFICE_READING__IGNORE_XML: off}\nb: {}\n")
    assert rows(table) == ({"a": {"BACKOFFICE_READING__IGNORE_XML": "off"}, "b": {}}, {})


def test_the_table_of_the_project_begins_with_the_defaults() -> None:
    """All other rows are held against it."""
    measured, _ = rows(TABLE)
    assert next(iter(measured.items())) == ("default", {})


def test_settings_are_known_by_their_names_in_the_environment() -> None:
    """Plain ones and those of a group."""
    assert {"BACKOFFICE_WORKERS", "BACKOFFICE_READING__DPI"} <= set(setting_names(Settings))
