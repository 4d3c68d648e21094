"""The doctor finds what is missing and says what to install."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.bootstrap import load_settings
from pipeline.doctor import Probe, examine


def probes(home: Path) -> dict[str, Probe]:
    return {probe.name: probe for probe in examine(load_settings(home))}


def test_a_machine_that_was_set_up_has_all_that_is_needed(tmp_path: Path) -> None:
    """This one: the tests need the same as the product."""
    found = probes(tmp_path / "home")
    assert [probe for probe in found.values() if probe.needed and not probe.ok] == []
    assert {"tesseract", "tesseract fra", "tesseract osd", "pdfplumber", "prefect", "disk", "database"} <= set(found)


def test_without_tesseract_each_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program and every language that is set."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = probes(tmp_path / "home")
    assert found["tesseract"].remedy.startswith("apt-get install tesseract-ocr ")
    assert found["tesseract nld"].remedy == "apt-get install tesseract-ocr-nld"
    assert not found["tesseract"].ok


def test_a_language_that_is_not_installed_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Languages are a setting; the doctor looks at those that are set."""
    monkeypatch.setenv("BACKOFFICE_READING__LANGUAGES", '["fra", "chi_sim"]')
    found = probes(tmp_path)
    assert found["tesseract fra"].ok
    assert found["tesseract chi_sim"].remedy == "apt-get install tesseract-ocr-chi-sim"


def test_an_old_tesseract_is_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 3 has another engine and other language files."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho tesseract 3.04.01\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    found = probes(tmp_path / "home")["tesseract"]
    assert not found.ok
    assert "3.04.01" in found.detail


def test_a_broken_package_is_reported_with_its_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library may be installed and still lack what it links to."""
    monkeypatch.setitem(__import__("sys").modules, "saxonche", None)
    found = probes(tmp_path)["saxonche"]
    assert not found.ok
    assert found.remedy == "pip install saxonche"


def test_the_second_reader_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its models must load; it may be another one, or switched off."""
    assert probes(tmp_path)["second reader"].detail.startswith("pp-ocrv6")
    monkeypatch.setenv("BACKOFFICE_READING__SECOND_ENGINE", "nowhere:Reader")
    missing = probes(tmp_path)["second reader"]
    assert not missing.ok
    assert "pp-ocrv6" in missing.remedy
    monkeypatch.setenv("BACKOFFICE_READING__SECOND_ENGINE", "collections:Counter")  # no reader at all
    assert not probes(tmp_path)["second reader"].ok
    monkeypatch.setenv("BACKOFFICE_READING__SECOND_READER", "off")
    assert probes(tmp_path)["second reader"].ok


def test_models_of_another_version_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings may name a folder that `backoffice train` wrote long ago."""
    assert probes(tmp_path)["models"].ok
    monkeypatch.setenv("BACKOFFICE_MODELS", str(tmp_path))
    found = probes(tmp_path)["models"]
    assert not found.ok
    assert "backoffice train" in found.remedy


def test_packages_for_training_alone_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are read without them."""
    monkeypatch.setitem(__import__("sys").modules, "lightgbm", None)
    found = probes(tmp_path)["lightgbm"]
    assert not found.ok
    assert not found.needed


def test_a_home_and_a_database_that_cannot_be_used_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor reports, it does not die."""
    (tmp_path / "file").touch()
    found = probes(tmp_path / "file" / "home")
    assert not found["home"].ok
    assert not found["database"].ok
    monkeypatch.setenv("BACKOFFICE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert not probes(tmp_path)["database"].ok


def test_the_command_shows_a_table_and_ends_with_3_when_something_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable
) -> None:
    """So that a script can ask."""
    assert run("doctor", "--home", tmp_path / "home").exit_code == 0
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    result = run("doctor", "--home", tmp_path / "home", "--json")
    assert result.exit_code == 3
    assert '"prefect API"' in result.stdout


def test_originals_at_an_address_that_does_not_answer_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first invoice is dropped."""
    monkeypatch.setenv("BACKOFFICE_ORIGINALS", "nosuch://bucket")
    found = probes(tmp_path / "home")["originals"]
    assert not found.ok
    assert "backoffice[s3]" in found.remedy


def test_the_doctor_says_how_well_readers_are_kept_from_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel refuses sockets where it can; where it cannot, that is no reason not to read."""
    assert probes(tmp_path)["network of readers"].detail == "refused by the kernel"
    monkeypatch.setattr("pipeline.doctor._output", lambda *_: "False\n")
    found = probes(tmp_path)["network of readers"]
    assert not found.ok
    assert not found.needed
