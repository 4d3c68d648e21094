"""The schedule fires, and the drop folder is watched."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Timer

import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from flows.watch import watch_inbox
from pipeline.bootstrap import open_the_ledger
from pipeline.settings import Settings

pytestmark = pytest.mark.usefixtures("prefect_server")

ROOT = Path(__file__).parents[2]
INVOICE = ROOT / "samples" / "set" / "ubl-fr.xml"

SERVE = """
import sys
from datetime import timedelta
from pathlib import Path
from flows.deploy import Schedule, keep_up
from pipeline.bootstrap import load_settings
keep_up(load_settings(Path(sys.argv[1]), workers=1), 0, Schedule(every=timedelta(seconds=3)), print)
"""


def test_a_scheduled_batch_fires_and_reads_the_inbox(settings: Settings) -> None:
    """Nobody starts it: a file in the drop folder has its outcome when the next run was due."""
    settings.inbox.mkdir(parents=True)
    shutil.copy(INVOICE, settings.inbox)
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(settings.home)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for_outcome(settings)
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0


@retry(stop=stop_after_delay(120), wait=wait_fixed(0.5), reraise=True)
def wait_for_outcome(settings: Settings) -> None:
    """Return when the document is decided on."""
    with open_the_ledger(settings) as ledger:
        assert ledger.status().decisions == {"straight_through": 1}


def test_what_is_dropped_while_watching_is_read(settings: Settings) -> None:
    """Each group is a run of the flow; a copy gets its answer without one."""
    stop = Event()
    settings.inbox.mkdir(parents=True)
    shutil.copy(INVOICE, settings.inbox / "first.xml")
    drop = Timer(0.0, shutil.copy, [INVOICE, settings.inbox / "again.xml"])
    tallies = []
    for tally in watch_inbox(settings, stop):
        tallies.append(tally)
        drop.start() if len(tallies) == 1 else stop.set()
    drop.join()
    assert [dict(tally.decisions) for tally in tallies] == [{"straight_through": 1}, {"rejected": 1}]
    assert not list(settings.inbox.iterdir())
