"""The folder as a target."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import TargetDown, TargetRefused
from pipeline.posting.files.target import FileTarget, file_target
from pipeline.settings import Settings
from tests.posting.made import line, order_of, record_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def original(tmp_path):
    path = tmp_path / "original"
    path.write_bytes(b"%PDF-1.4 as it came in")
    return path


@pytest.fixture
def target(tmp_path):
    return file_target(Settings(home=tmp_path / "home"), "ACME")


def order(number: int = 1):
    return order_of(record_of([line("Papier", "100")], invoice_number=f"FA-{number}"))


def test_what_was_posted_is_found_with_its_amounts_and_original(target, original):
    """By its key, and in the list."""
    assert target.find(order().key) is None
    assert list(target.vouchers()) == []
    posted = target.post(order(), original)
    found = target.find(order().key)
    assert found == posted.voucher
    assert (found.number, found.net, found.tax, found.gross) == ("FA-1", 100, 20, 120)
    assert found.reference == order().key.reference
    assert Path(posted.evidence[1]).read_bytes() == original.read_bytes()
    assert list(target.vouchers()) == [found]


def test_posting_again_changes_nothing(target, original):
    """The same order twice is one voucher, as it was first written."""
    first = target.post(order(), original)
    before = Path(first.evidence[0]).stat()
    assert target.post(order(), original).voucher == first.voucher
    assert Path(first.evidence[0]).stat().st_ino == before.st_ino
    assert len(list(target.vouchers())) == 1


def test_posters_at_the_same_time_make_one_voucher(target, original):
    """Eight of them, ten orders."""
    orders = [order(number % 10) for number in range(80)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: target.post(one, original), orders))
    assert len(list(target.vouchers())) == 10
    assert not [path for path in target._folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("moment", ["copyfileobj", "fsync", "link", "replace"])
def test_a_kill_leaves_all_of_a_voucher_or_nothing(target, original, moment):
    """Killed before each step of writing; the next attempt finishes it, and it is there once."""
    program = (
        "import os, shutil, signal, sys\n"
        "from pathlib import Path\n"
        "import pipeline.posting.files.target as target\n"
        "from tests.posting.files.test_target import order\n"
        f"place = shutil if {moment!r} == 'copyfileobj' else Path if {moment!r} == 'replace' else os\n"
        f"setattr(place, {moment!r}, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))\n"
        "target.FileTarget(Path(sys.argv[1])).post(order(), Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", program, str(target._folder), str(original)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert target.find(order().key) is None
    target.post(order(), original)
    assert [one.number for one in target.vouchers()] == ["FA-1"]


def test_a_foreign_file_is_no_voucher(target, original):
    """It is told, never taken for a posting."""
    path = Path(target.post(order(), original).evidence[0])
    path.write_text("{}")
    with pytest.raises(TargetRefused):
        target.find(order().key)


def test_a_folder_that_cannot_be_written_is_down(tmp_path, original):
    """Trying again may help; nothing was posted."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TargetDown):
        FileTarget(tmp_path / "file" / "folder").post(order(), original)
