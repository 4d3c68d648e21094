"""A Tesseract that never returns is killed with all that it started, and a person gets the document with the reason."""

import os
import shutil
from pathlib import Path

import pytest

from pipeline.batch import list_sources, process_sources
from pipeline.bootstrap import open_world
from pipeline.settings import Effort, Limits, ReadingSettings, Settings
from tests.faults.office import SAMPLES

HANGING = """#!/bin/sh
case "$*" in *--version*|*--list-langs*) exec {tesseract} "$@";; esac
echo $$ >> {pids}
sleep 100000 &
echo $! >> {pids}
wait
"""


@pytest.fixture
def pids(tmp_path, monkeypatch):
    """Puts a Tesseract that hangs, and a child of it, first in the path; where they write their process ids."""
    folder, pids = tmp_path / "bin", tmp_path / "pids"
    folder.mkdir()
    program = folder / "tesseract"
    program.write_text(HANGING.format(tesseract=shutil.which("tesseract"), pids=pids))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return pids


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.real
@pytest.mark.parametrize(
    ("limits", "codes"),
    [
        (Limits(page_seconds=1.0), {"ocr-timeout"}),
        (Limits(page_seconds=100_000.0, document_seconds=45.0), {"reader-timeout"}),
    ],
    ids=["page", "document"],
)
def test_a_document_whose_reader_hangs_goes_to_a_person(pids, tmp_path, limits, codes):
    """By the limit of a page, and, should that fail, by that of the document."""
    reading = ReadingSettings(second_reader=Effort.OFF, languages=("fra",))
    settings = Settings(home=tmp_path / "home", workers=1, limits=limits, reading=reading)
    with open_world(settings) as world:
        (result,) = process_sources(list_sources([SAMPLES / "fax-fr.tif"]), world)
    (outcome,) = result.outcomes
    assert outcome.decision.kind == "review"
    assert codes <= {failure.code for failure in outcome.failures}
    started = [int(line) for line in pids.read_text().split()]
    assert started
    assert not [pid for pid in started if is_running(pid)]
