"""The command line as a user meets it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.main import app
from pipeline.logs import set_up_logs

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "set"


@pytest.fixture(scope="session")
def run() -> Callable[..., Result]:
    """Run a command in this process, whose logs go where the program sends them, and not into its answers."""
    set_up_logs()
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="session")
def python() -> Callable[[str], str]:
    """Run a program in a fresh Python and give what it prints."""

    def run_program(program: str) -> str:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run_program
