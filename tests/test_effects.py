"""The one door: whatever changes a file goes through it, and it costs next to nothing."""

import os
import sys
from pathlib import Path

import pytest

from pipeline import effects
from pipeline.effects import Moment, effect, planned
from tests.faults.office import ACME, furnish, read_all, settings_of, work

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Witness:
    """Sees every change of a file below a folder, and whether it happens inside of an effect."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self.inside = 0
        self.is_on = False
        self.unseen: list[str] = []

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.is_on or self.inside or not self._is_change(event, arguments):
            return
        paths = [os.fsdecode(one) for one in arguments[:2] if isinstance(one, str | bytes)]
        if any(path.startswith(self._folder) and not self._is_database(path) for path in paths):
            self.unseen.append(f"{event} {paths}")

    def note(self, _name: str, moment: Moment, _what: object) -> None:
        self.inside += 1 if moment is Moment.BEFORE else -1

    @staticmethod
    def _is_change(event: str, arguments: tuple[object, ...]) -> bool:
        if event == "open":
            flags = arguments[2]
            return isinstance(flags, int) and bool(flags & WRITING)
        return event in CHANGES

    @staticmethod
    def _is_database(path: str) -> bool:
        return ".db" in path


def test_nothing_changes_a_file_beside_the_door(tmp_path):
    """On a whole day: taking in, deciding, posting, reviewing.

    The lock file of the intake holds nothing, and the books of the practice portal are another program's.
    """
    settings = settings_of(tmp_path / "home")
    drafts = read_all(tmp_path / "read")
    furnish(settings)
    witness = Witness(settings.home)
    sys.addaudithook(witness.audit)
    witness.is_on = True
    try:
        with planned(witness.note):
            assert work(settings, drafts) == []
    finally:
        witness.is_on = False
    others = (".lock", str(settings.home / ACME))
    assert [said for said in witness.unseen if not any(one in said for one in others)] == []


def test_a_plan_is_told_of_both_sides_of_an_effect_and_of_one_side_of_one_that_failed():
    """And of nothing once its block has ended."""
    told = []
    with planned(lambda name, moment, what: told.append((name, moment, what))):
        with effect("file.write", "a"):
            pass
        with pytest.raises(ValueError, match="no"), effect("file.write", "b"):
            raise ValueError("no")
    with effect("file.write", "c"):
        pass
    before, after = Moment.BEFORE, Moment.AFTER
    assert told == [("file.write", before, "a"), ("file.write", after, "a"), ("file.write", before, "b")]
    assert effects._plan is None


def test_an_effect_that_a_plan_forbids_does_not_happen():
    """It is raised before the block begins."""

    def refuse(_name, _moment, _what):
        raise OSError("no room")

    happened = []
    with planned(refuse), pytest.raises(OSError, match="no room"), effect("file.write"):
        happened.append(True)
    assert happened == []
