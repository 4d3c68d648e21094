"""The exported JSON Schemas follow the models."""

import json
from pathlib import Path

import pytest

from schemas.export import EXPORTED, drifted, export, main, rendered


def test_the_committed_schemas_are_those_of_the_models() -> None:
    """A change of a model without `make schemas` is caught here."""
    assert drifted() == []
    assert main(["--check"]) == 0


def test_rendering_twice_gives_the_same_bytes() -> None:
    """The export is deterministic, so a diff always means a changed model."""
    assert rendered() == rendered()


def test_a_changed_missing_or_surplus_file_is_drift(tmp_path: Path) -> None:
    """All three ways of falling behind are named."""
    export(tmp_path)
    (tmp_path / "record.schema.json").write_text("{}")
    (tmp_path / "invoice.schema.json").unlink()
    (tmp_path / "old.schema.json").write_text("{}")
    assert drifted(tmp_path) == ["invoice.schema.json", "old.schema.json", "record.schema.json"]
    export(tmp_path)
    assert drifted(tmp_path) == []


def test_the_check_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Drift makes the command fail with the file's name and the remedy."""
    monkeypatch.setattr("schemas.export.drifted", lambda: ["record.schema.json"])
    assert main(["--check"]) == 1
    assert "record.schema.json" in capsys.readouterr().err


@pytest.mark.parametrize("name", EXPORTED)
def test_every_schema_names_its_version_of_json_schema(name: str) -> None:
    """A reader knows by which rules to read a file."""
    schema = json.loads(rendered()[f"{name}.schema.json"])
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["type"] == "object"


def test_business_terms_of_en_16931_are_in_the_invoice_schema() -> None:
    """Each property carries its business-term code."""
    properties = json.loads(rendered()["invoice.schema.json"])["properties"]
    assert properties["number"]["businessTerm"] == "BT-1"
    assert properties["issue_date"]["businessTerm"] == "BT-2"
