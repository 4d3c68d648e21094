"""`backoffice batch` as a user runs it, with a server of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from pipeline.bootstrap import load_settings, open_the_ledger

pytestmark = pytest.mark.real

PATIENCE_SECONDS = 300.0
"""Long enough for a machine on which twenty others work; nothing waits for it to pass."""
INTERRUPTED = 130
ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "set"
COMMAND = [sys.executable, "-c", "from pipeline.cli.main import main; main()", "batch"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all: Prefect's tables are made once."""
    return tmp_path_factory.mktemp("embedded")


def start(home: Path, path: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
    words = [*COMMAND, str(path), "--home", str(home), "--workers", "1", "--json"]
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def servers(home: Path) -> list[int]:
    """Processes of Prefect servers that work for this home."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and serves(entry, home)]


def serves(process: Path, home: Path) -> bool:
    try:
        return f"PREFECT_HOME={home}/prefect\0".encode() in (process / "environ").read_bytes()
    except OSError:
        return False


@retry(stop=stop_after_delay(PATIENCE_SECONDS), wait=wait_fixed(0.1), reraise=True)
def wait_until(home: Path, *, begun: int = 0, alone: bool = False) -> None:
    """Return when so many documents were begun, or when no server is left."""
    assert not alone or not servers(home)
    with open_the_ledger(load_settings(home)) as ledger:
        assert [event.kind for event in ledger.events()].count("begun") >= begun


def interrupt(batch: subprocess.Popen[str]) -> None:
    """Press Ctrl-C three times within a second, as an impatient person does; the first must be enough."""
    for _ in range(3):
        batch.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            batch.wait(0.3)
    batch.wait(PATIENCE_SECONDS)


def test_a_batch_needs_nothing_but_itself_and_leaves_no_server_behind(home: Path) -> None:
    """The server starts with it and ends with it."""
    with start(home, SAMPLES / "ubl-fr.xml") as batch:
        said = json.load(batch.stdout)
    assert batch.returncode == 0
    assert said["decisions"] == {"straight_through": 1}
    assert not servers(home)


def test_after_ctrl_c_nothing_is_held_and_no_server_is_left(home: Path) -> None:
    """The next run begins at once."""
    with start(home, SAMPLES) as batch:
        wait_until(home, begun=2)
        interrupt(batch)
    assert batch.returncode == INTERRUPTED
    wait_until(home, alone=True)
    with open_the_ledger(load_settings(home)) as ledger:
        assert "processing" not in ledger.status().documents


def test_a_server_does_not_outlive_a_killed_batch(home: Path) -> None:
    """Nobody is left who could end it, so it ends itself."""
    with start(home, SAMPLES / "native-fr-1.pdf") as batch:
        wait_until_served(home)
        batch.kill()
    wait_until(home, alone=True)


@retry(stop=stop_after_delay(PATIENCE_SECONDS), wait=wait_fixed(0.1), reraise=True)
def wait_until_served(home: Path) -> None:
    """Return when the batch has started its server."""
    assert len(servers(home)) >= 2
