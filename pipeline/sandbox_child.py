"""The inside of a sandbox: a process that takes jobs from its parent until the parent goes away or it dies.

python -c "from pipeline.sandbox_child import main; main()" DESCRIPTOR MEMORY_BYTES FOLDER
"""

import logging
import os
import pickle
import resource
import shutil
import sys
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from pipeline.allowance import listen
from pipeline.errors import BackofficeError, ReaderError
from pipeline.sandbox_walls import put_up

OUT_OF_MEMORY = 137
"""Exit status of a child that ran into its memory limit."""

CPU_GRACE_SECONDS = 60
"""CPU time beyond its time-out after which the kernel ends a child, or its Tesseract, whose parent died."""

CPU_SHARE = 0.3
"""The share of its time that a document may have the processor, so that two attempts at one page fit into a page's
time. It is what ends a document that takes for ever: other programs on a busy machine do not count against it."""

log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What a job came to."""

    value: Any = None
    error: BackofficeError | None = None


class Allowed(NamedTuple):
    """Told in the middle of a job: it may take so many seconds from its beginning, and no longer."""

    seconds: float


def main() -> None:
    """Serve jobs `(function, args, timeout)`; an answer before the first says that the child is ready."""
    descriptor, memory_bytes, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    os.set_inheritable(descriptor, False)  # what we start must not hold the line open
    put_up(memory_bytes)
    with Connection(descriptor) as connection:
        listen(partial(_tell_allowed, connection))
        try:
            _send(connection, Answer())
            while True:
                _send(connection, _answer(connection.recv_bytes()))
        except (EOFError, ConnectionResetError, BrokenPipeError):  # the parent died and cannot clean up
            shutil.rmtree(folder, ignore_errors=True)


def _answer(job: bytes) -> Answer:
    try:
        function, args, timeout = pickle.loads(job)  # noqa: S301 (our own parent wrote it)
        _limit_cpu(timeout)
        return Answer(function(*args))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # nothing can be relied on any more, not even building an answer
    except BackofficeError as error:
        return Answer(error=error)
    except Exception as error:
        log.exception("A reader failed")
        return Answer(error=ReaderError(f"{type(error).__name__}: {error}"))


def _send(connection: Connection, answer: Answer) -> None:
    try:
        connection.send(answer)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        connection.send(Answer(error=ReaderError(f"The result cannot be handed over: {error}")))


def _tell_allowed(connection: Connection, pages: int, page_seconds: float) -> None:
    """Tell the parent the wall time of a document, one page's more than it has pages; the CPU time is the kernel's."""
    _limit_cpu_to(_job_began + CPU_SHARE * pages * page_seconds)
    connection.send(Allowed((pages + 1) * page_seconds))


_job_began = 0.0
"""CPU seconds that this process had used when it took up its job."""


def _limit_cpu(timeout: float) -> None:
    """The parent watches the clock; this is for when it was killed and nobody does."""
    global _job_began  # noqa: PLW0603 (one process does one job)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _job_began = usage.ru_utime + usage.ru_stime
    _limit_cpu_to(_job_began + timeout + CPU_GRACE_SECONDS)


def _limit_cpu_to(seconds: float) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, hard))
