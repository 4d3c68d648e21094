"""The sandbox with real crashes, hangs and memory hogs."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import wait
from pathlib import Path

import pytest

from pipeline.allowance import allow
from pipeline.errors import BrokenFile, ReaderError
from pipeline.sandbox import JOBS_PER_CHILD, Sandbox
from pipeline.sandbox_walls import MOST_WRITTEN
from pipeline.settings import Limits, Settings

MEMORY = 512 * 2**20


def double(number):
    return 2 * number


def crash(_):
    os.abort()


def crash_on_odd(number):
    if number % 2:
        os.abort()
    return number


def hang_with_grandchild(pid_file):
    grandchild = subprocess.Popen(["sleep", "300"])
    Path(pid_file).write_text(str(grandchild.pid))
    allow(1, 0.1)
    while True:
        pass


def crash_with_grandchild(pid_file):
    grandchild = subprocess.Popen(["sleep", "300"])
    Path(pid_file).write_text(str(grandchild.pid))
    os.abort()


def deaf(_):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    time.sleep(300)


def eat_memory(_):
    return len(b"x" * (2 * MEMORY))


def answer_too_much(_):
    return memoryview(b"x")


def complain(_):
    raise BrokenFile("torn in two", code="incomplete", page=3)


def stumble(_):
    return {}["nothing here"]


def environment(_):
    return {
        "pid": os.getpid(),
        "session": os.getsid(0),
        "threads": os.environ["OMP_THREAD_LIMIT"],
        "temp": os.environ["TMPDIR"],
        "memory": resource.getrlimit(resource.RLIMIT_DATA)[0],
        "processes": resource.getrlimit(resource.RLIMIT_NPROC)[0],
        "interrupt_group": os.getpgrp(),
    }


def open_socket(family):
    socket.socket(family)


def open_socket_elsewhere(family):
    code = f"import socket; socket.socket({int(family)})"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr


def read_parent(_):
    return ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0)  # PTRACE_ATTACH


def spin(page_seconds):
    allow(1, page_seconds)
    while True:
        pass


def sleep_after_counting(pages):
    allow(pages, 0.5)
    time.sleep(300)


def count_pages_in_time(pages):
    allow(1, 0.1)
    allow(pages, 60)
    time.sleep(0.5)
    return pages


def write_too_much(_):
    with Path(os.environ["TMPDIR"], "large").open("wb") as file:
        file.truncate(2 * MOST_WRITTEN)


def write_to_standard_output(_):
    print("noise")  # noqa: T201
    return True


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), workers=2, limits=Limits(memory_bytes=MEMORY))
    with Sandbox(settings) as sandbox:
        yield sandbox


def is_running(pid):
    """A killed orphan may stay a zombie for a moment, until init reaps it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until_gone(pid):
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


def test_a_result_comes_back(sandbox):
    """What a function returns in the child is what the caller gets."""
    assert sandbox.submit(double, 21, timeout=30).result() == 42


@pytest.mark.parametrize(("job", "how"), [(crash, "SIGABRT"), (eat_memory, "memory")])
def test_a_child_that_dies_is_a_reader_error(sandbox, job, how):
    """A child that aborts or runs out of memory gives the code "reader-died", and says how it died."""
    with pytest.raises(ReaderError, match=how) as caught:
        sandbox.submit(job, 1, timeout=30).result()
    assert caught.value.specific_code == "reader-died"


def test_a_child_that_hangs_is_killed_on_time(sandbox):
    """A child that does not listen to SIGTERM ends at its time-out."""
    sandbox.submit(double, 1, timeout=30).result()
    begun = time.monotonic()
    with pytest.raises(ReaderError) as caught:
        sandbox.submit(deaf, 1, timeout=1).result()
    assert caught.value.specific_code == "reader-timeout"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("job", [hang_with_grandchild, crash_with_grandchild])
def test_no_grandchild_survives(sandbox, job, tmp_path):
    """What a hung or crashed child had started dies with it."""
    with pytest.raises(ReaderError):
        sandbox.submit(job, tmp_path / "pid", timeout=2).result()
    assert wait_until_gone(int((tmp_path / "pid").read_text()))


def test_others_go_on_beside_crashes(sandbox):
    """Every item has exactly one result, and the crash of one touches no other."""
    results = dict(sandbox.map_unordered(crash_on_odd, range(8), lambda _: 30))
    assert sorted(results) == list(range(8))
    for number, result in results.items():
        if number % 2:
            assert isinstance(result, ReaderError)
        else:
            assert result == number


def test_an_idle_child_that_dies_is_replaced(sandbox):
    """A child that something killed between two jobs costs no document."""
    futures = [sandbox.submit(environment, n, timeout=30) for n in range(4)]
    wait(futures)
    for pid in {future.result()["pid"] for future in futures}:
        os.kill(pid, signal.SIGKILL)
        assert wait_until_gone(pid)
    assert [value for _, value in sandbox.map_unordered(double, [1, 1, 1], lambda _: 30)] == [2, 2, 2]


def test_our_own_errors_come_through_unchanged(sandbox):
    """A BackofficeError keeps its code, message and page on its way out of the child."""
    with pytest.raises(BrokenFile, match="torn in two") as caught:
        sandbox.submit(complain, 1, timeout=30).result()
    assert (caught.value.specific_code, caught.value.page) == ("incomplete", 3)


@pytest.mark.parametrize(("job", "said"), [(stumble, "KeyError"), (answer_too_much, "handed over")])
def test_any_other_exception_is_a_reader_error(sandbox, job, said):
    """A bug, or a result that cannot be pickled, fails this document and no other."""
    with pytest.raises(ReaderError, match=said) as caught:
        sandbox.submit(job, 1, timeout=30).result()
    assert caught.value.specific_code == "reader-failed"


def test_a_child_is_alone_and_limited(sandbox):
    """A child leads its own session, uses one thread a program, and has a memory limit and a folder of its own."""
    seen = sandbox.submit(environment, 1, timeout=30).result()
    assert seen["session"] == seen["pid"] == seen["interrupt_group"] != os.getpid()
    assert seen["threads"] == "1"
    assert seen["memory"] == MEMORY
    assert 0 < seen["processes"] < 100_000
    assert "backoffice-sandbox-" in seen["temp"]


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX])
def test_a_child_has_no_network_nor_has_what_it_starts(sandbox, family):
    """The kernel refuses every kind of socket, to the child and to programs that it starts."""
    with pytest.raises(ReaderError, match="PermissionError"):
        sandbox.submit(open_socket, family, timeout=30).result()
    assert "PermissionError" in sandbox.submit(open_socket_elsewhere, family, timeout=60).result()


def test_a_child_cannot_look_into_its_parent(sandbox):
    """The calls that read or write another process are refused."""
    assert sandbox.submit(read_parent, 1, timeout=30).result() == -1


def test_a_child_cannot_fill_the_disk(sandbox):
    """A file does not grow beyond what the picture of a page takes."""
    with pytest.raises(ReaderError, match="File too large"):
        sandbox.submit(write_too_much, 1, timeout=30).result()


def test_work_without_end_is_stopped_by_the_processors_time(sandbox):
    """What keeps the processor busy beyond its pages' share ends long before the time-out, and counts as one."""
    with pytest.raises(ReaderError, match="processor") as caught:
        sandbox.submit(spin, 1.0, timeout=600).result()
    assert caught.value.specific_code == "reader-timeout"


def test_a_document_has_the_time_of_its_pages(sandbox):
    """Once the pages are counted, the wall time is theirs and one page's more, be that less or more than before."""
    with pytest.raises(ReaderError, match=r"longer than 1\.5 seconds"):
        sandbox.submit(sleep_after_counting, 2, timeout=600).result()
    with pytest.raises(ReaderError, match="longer than 1 seconds"):
        sandbox.submit(sleep_after_counting, 2, timeout=1).result()
    assert sandbox.submit(count_pages_in_time, 3, timeout=600).result() == 3


def test_standard_output_stays_clean(sandbox, capfd):
    """What a reader prints does not get into output that a program reads."""
    assert sandbox.submit(write_to_standard_output, 1, timeout=30).result()
    assert capfd.readouterr().out == ""


def test_children_and_their_folders_are_gone_at_the_end(tmp_path):
    """Leaving the sandbox ends its children and removes their temporary files."""
    with Sandbox(Settings(home=tmp_path, workers=1)) as sandbox:
        seen = sandbox.submit(environment, 1, timeout=30).result()
        assert Path(seen["temp"]).is_dir()
    assert wait_until_gone(seen["pid"])
    assert not Path(seen["temp"]).exists()


PARENT = """
import sys, time
from pipeline.sandbox import Sandbox
from pipeline.settings import Settings
from tests.test_sandbox import environment
with Sandbox(Settings(home=sys.argv[1], workers=1)) as sandbox:
    seen = sandbox.submit(environment, 1, timeout=30).result()
    print(seen["pid"], seen["temp"], flush=True)
    time.sleep(300)
"""


def test_a_child_outlives_no_parent(tmp_path):
    """When the parent is killed, its children end by themselves and remove their temporary files."""
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as parent:
        pid, folder = parent.stdout.readline().split()
        assert Path(folder).is_dir()
        parent.kill()
    assert wait_until_gone(int(pid))
    assert not Path(folder).exists()


def test_an_exception_does_not_wait_for_running_jobs(tmp_path):
    """When the caller fails or is interrupted, running jobs are killed instead of waited for."""
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Sandbox(Settings(home=tmp_path, workers=1)) as sandbox:  # noqa: PT012
        sandbox.submit(double, 1, timeout=30).result()
        running = sandbox.submit(deaf, 1, timeout=200)
        waiting = sandbox.submit(double, 1, timeout=30)
        wait([running], timeout=0.5)
        raise KeyboardInterrupt
    assert time.monotonic() - begun < 30
    assert isinstance(running.exception(), ReaderError)
    assert waiting.cancelled()


def test_a_child_is_replaced_after_many_jobs(tmp_path):
    """Leaks do not add up for ever: after JOBS_PER_CHILD jobs a fresh process takes over."""
    with Sandbox(Settings(home=tmp_path, workers=1)) as sandbox:
        results = sandbox.map_unordered(environment, range(JOBS_PER_CHILD + 1), lambda _: 30)
        pids = {seen["pid"] for _, seen in results}
    assert len(pids) == 2
