"""What is logged is one JSON object a line, with the run and the document; a person sees warnings in words."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging, structlog
from pipeline.logs import about, set_up_logs
set_up_logs("run-7")
log = structlog.get_logger("pipeline.process")
log.info("decided", part=1)
with about(document="ab12"):
    log.warning("late", seconds=3)
    logging.getLogger("pipeline.intake.inbox").warning("%s stays", "a.pdf")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("broke")
logging.getLogger("elsewhere").info("not ours")
"""


@pytest.fixture
def logged():
    """What a program logs with a form of log, line by line."""

    def logged(form):
        environment = {"BACKOFFICE_LOG": form, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout == ""
        return done.stderr.splitlines()

    return logged


def test_as_json_each_line_has_the_run_and_what_it_is_about(logged):
    """From structlog and from the standard library alike; an error has its traceback inside."""
    first, late, stays, broke = map(json.loads, logged("json"))
    assert (first["event"], first["level"], first["part"], first["run"]) == ("decided", "info", 1, "run-7")
    assert "document" not in first
    assert (late["document"], late["seconds"], late["run"]) == ("ab12", 3, "run-7")
    assert (stays["event"], stays["document"], stays["logger"]) == ("a.pdf stays", "ab12", "pipeline.intake.inbox")
    assert broke["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert all(one["timestamp"].endswith("Z") for one in (first, late, stays, broke))


def test_a_person_sees_warnings_alone(logged):
    """In words, with what they are about."""
    lines = "\n".join(logged(""))
    assert "decided" not in lines
    assert "late" in lines
    assert "ab12" in lines
