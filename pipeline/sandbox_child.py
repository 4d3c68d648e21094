"""The inside of a sandbox: a process that takes jobs from its parent until the parent goes away or it dies.

python -c "from pipeline.sandbox_child import main; main()" DESCRIPTOR MEMORY_BYTES FOLDER
"""

import logging
import os
import pickle
import resource
import shutil
import sys
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from pipeline.errors import BackofficeError, ReaderError

OUT_OF_MEMORY = 137
"""Exit status of a child that ran into its memory limit."""

CPU_GRACE_SECONDS = 60
"""CPU time beyond its time-out after which the kernel ends a child, or its Tesseract, whose parent died."""

log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What a job came to."""

    value: Any = None
    error: BackofficeError | None = None


def main() -> None:
    """Serve jobs `(function, args, timeout)`; an answer before the first says that the child is ready."""
    descriptor, memory_bytes, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    os.set_inheritable(descriptor, False)  # what we start must not hold the line open
    _limit(memory_bytes)
    with Connection(descriptor) as connection:
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


def _limit(memory_bytes: int) -> None:
    """Limit what the process may fill, not what it may address: SaxonC alone reserves 32 GiB of addresses.

    RLIMIT_DATA counts private writable memory (Linux 4.7 and later).
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_cpu(timeout: float) -> None:
    """The parent watches the clock; this is for when it was killed and nobody does."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(usage.ru_utime + usage.ru_stime + timeout) + CPU_GRACE_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
