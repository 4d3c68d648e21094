"""A worker that was stopped past its lease and goes on: what it hands in late does not count."""

import os
import pickle
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from pipeline import bootstrap
from pipeline.store.ledger import open_ledger
from tests.faults.office import furnish, settings_of, work, wrong_with
from tests.paths import ROOT


class LateClock(bootstrap.SystemClock):
    """The clock of somebody who comes when every lease has run out."""

    def now(self):
        return super().now() + timedelta(hours=2)


@pytest.fixture
def stopped(tmp_path, drafts):
    """Start a worker and wait until it is stopped; killed at the end if it still is."""
    home, kept = tmp_path / "home", tmp_path / "drafts.pickle"
    kept.write_bytes(pickle.dumps(drafts))
    furnish(settings_of(home))
    running = []

    def start(step):
        command = [sys.executable, "-m", "tests.faults.stopped", str(home), str(kept), step]
        worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(worker)
        _, status = os.waitpid(worker.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), f"it never came to {step}"
        return worker

    yield start
    for worker in running:
        worker.kill()
        worker.wait()


def went_on(worker) -> str:
    """What the worker says once it goes on and comes to its end."""
    os.kill(worker.pid, signal.SIGCONT)
    said, _ = worker.communicate()
    assert worker.returncode == 0
    return said


@pytest.mark.parametrize("step", ["reading", "after target.find", "after target.post"])
def test_what_a_stopped_worker_hands_in_late_does_not_count(stopped, tmp_path, drafts, monkeypatch, step):
    """Another one has done its work meanwhile; it goes on to its end, and every invoice has one outcome and voucher."""
    worker, settings = stopped(step), settings_of(tmp_path / "home")
    monkeypatch.setattr(bootstrap, "SystemClock", LateClock)
    assert work(settings, drafts) == []
    assert went_on(worker).splitlines()[-1] == "[]"
    assert wrong_with(settings, drafts) == []


def test_a_document_that_was_overtaken_is_answered_with_the_others_outcome(stopped, tmp_path, drafts, monkeypatch):
    """It is told in the log, and its batch goes on."""
    worker, settings = stopped("reading"), settings_of(tmp_path / "home")
    monkeypatch.setattr(bootstrap, "SystemClock", LateClock)
    work(settings, drafts)
    assert "overtaken" in went_on(worker)
    with open_ledger(settings.url, bootstrap.SystemClock()) as ledger:
        begun = [event.data["owner"] for event in ledger.events(kind="begun")]
        decided = [event.document_id for event in ledger.events(kind="decided")]
    assert len(set(begun)) == 2
    assert len(decided) == len(set(decided)) == 3
