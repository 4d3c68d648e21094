"""Whether a worker is still there decides whether its documents may be taken back."""

import os
import subprocess
import sys

from pipeline.worker import is_gone, worker_name


def test_a_living_worker_is_not_gone() -> None:
    """Neither this process nor one that belongs to somebody else."""
    assert not is_gone(worker_name())
    assert not is_gone(worker_name().replace(f":{os.getpid()}:", ":1:"))


def test_a_dead_process_of_this_machine_is_gone() -> None:
    """Its number is free."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    assert is_gone(worker_name().replace(f":{os.getpid()}:", f":{dead.pid}:"))


def test_of_another_machine_nothing_is_known() -> None:
    """Its leases run out by themselves; so do those of a name that is none."""
    assert not is_gone("elsewhere.example:999999999:abcd")
    assert not is_gone("nobody")


def test_names_differ() -> None:
    """Two pieces of work of one process never share a lease."""
    assert worker_name() != worker_name()
