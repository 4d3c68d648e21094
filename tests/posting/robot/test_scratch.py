"""What a browser wrote is removed, also after its process was killed."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.posting.robot.scratch import PREFIX, Scratch, sweep

PROGRAM = """
import subprocess, tempfile
from pipeline.posting.robot.scratch import Scratch
scratch = Scratch()
with scratch.for_children():
    subprocess.run(["mktemp"], check=True)
input()
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A temporary folder of the test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_the_folder_of_a_living_process_stays_and_that_of_a_killed_one_goes(temporary):
    """What it starts writes in there; the lock ends with the process, whatever ended it."""
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    written = Path(running.stdout.readline().strip())
    sweep(fresh=0)
    assert written.is_file()
    assert written.parent.parent == temporary
    running.kill()
    running.communicate()
    sweep()  # it is fresh: it might be one that is just being made
    assert written.is_file()
    sweep(fresh=0)
    assert list(temporary.glob(f"{PREFIX}*")) == []


def test_the_folder_is_gone_when_it_is_closed(temporary):
    """Nothing is left of an end in order."""
    scratch = Scratch()
    assert len(list(temporary.iterdir())) == 1
    scratch.close()
    assert list(temporary.iterdir()) == []
