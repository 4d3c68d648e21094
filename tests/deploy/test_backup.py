"""A backup made while the installation works comes back whole, on both databases."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.bootstrap import drop_anchor, open_the_check, open_the_house
from pipeline.house.anchors import read_anchors
from pipeline.house.audit import verify
from pipeline.intake.archive import Archive
from pipeline.invariants.check import check
from pipeline.settings import Settings
from pipeline.store.ledger import open_ledger
from tests.posting.fakes import Pen

SCRIPTS = Path(__file__).parents[2] / "deploy" / "backup"


@pytest.fixture
def running(tmp_path, database_url, clock):
    """An installation with some documents, open as its programs have it open."""
    settings = Settings(home=tmp_path / "home", database_url=database_url)
    settings.home.mkdir()
    with open_ledger(settings.url, clock) as ledger:
        yield settings, ledger, Pen(ledger, Archive(settings.archive))


def run(script: str, settings: Settings, folder: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BACKOFFICE_HOME": str(settings.home), "BACKOFFICE_DATABASE_URL": settings.database_url}
    command = [SCRIPTS / script, folder]
    return subprocess.run(command, env=environment, check=check, capture_output=True, text=True)


def faults(settings: Settings) -> list[str]:
    """What `backoffice check --at-rest` and `backoffice audit verify` find."""
    with open_the_check(settings, at_rest=True) as place:
        found = [f"{one.code}: {one.message}" for one in check(place).violations]
    with open_the_house(settings) as house:
        return found + [
            str(one) for one in verify(house.database, read_anchors(settings.home / "anchors.jsonl")).faults
        ]


def test_what_was_backed_up_comes_back_whole(running, tmp_path, empty_database_url):
    """Every original with its hash, every event in its chain; what came in later was not in the copy."""
    settings, ledger, pen = running
    documents = [pen.clear(f"FA-{number}") for number in range(3)] + [pen.doubt("FA-9")]
    drop_anchor(settings, ledger.database)
    target = tmp_path / "backup"
    run("backup.sh", settings, target)
    late = pen.clear("FA-10")
    restored = settings.model_copy(update={"home": tmp_path / "restored", "database_url": empty_database_url})
    run("restore.sh", restored, target)
    assert [one for one in faults(restored) if not one.startswith("deadline")] == []
    with open_ledger(restored.url, pen.ledger._clock) as again:
        assert [again.outcomes(one) for one in documents] == [ledger.outcomes(one) for one in documents]
        assert again.outcomes(late) == ()
        Pen(again, Archive(restored.archive)).clear("FA-11")


def test_a_second_backup_adds_what_is_new(running, tmp_path, empty_database_url):
    """The archive is not copied again, and the copy is always that of the last run."""
    settings, _ledger, pen = running
    first = pen.clear("FA-1")
    target = tmp_path / "backup"
    run("backup.sh", settings, target)
    copied = target / "home" / "archive"
    before = {path: path.stat().st_ino for path in copied.rglob("*") if path.is_file()}
    second = pen.clear("FA-2")
    run("backup.sh", settings, target)
    after = {path: path.stat().st_ino for path in copied.rglob("*") if path.is_file()}
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()
    restored = settings.model_copy(update={"home": tmp_path / "restored", "database_url": empty_database_url})
    run("restore.sh", restored, target)
    with open_ledger(restored.url, pen.ledger._clock) as again:
        assert all(again.outcomes(one) for one in (first, second))


def test_a_damaged_copy_is_found_after_the_restore(running, tmp_path, empty_database_url):
    """By reading every original; a backup that nobody tried is none."""
    settings, _ledger, pen = running
    pen.clear("FA-1")
    target = tmp_path / "backup"
    run("backup.sh", settings, target)
    (original,) = (target / "home" / "archive").glob("??/*")
    original.chmod(0o644)
    original.write_bytes(original.read_bytes()[:-1] + b"?")
    restored = settings.model_copy(update={"home": tmp_path / "restored", "database_url": empty_database_url})
    run("restore.sh", restored, target)
    assert any(one.startswith("original-damaged") for one in faults(restored))


def test_nothing_is_restored_over_something(running, tmp_path):
    """Nor from a backup that was cut off."""
    settings, _ledger, pen = running
    pen.clear("FA-1")
    target = tmp_path / "backup"
    run("backup.sh", settings, target)
    assert "is not empty" in run("restore.sh", settings, target, check=False).stderr
    (target / "finished").unlink()
    shutil.rmtree(settings.home)
    assert "no finished backup" in run("restore.sh", settings, target, check=False).stderr
    assert not settings.home.exists()
