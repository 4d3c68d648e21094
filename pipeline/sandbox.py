"""Work that may crash, hang or eat all memory, done in child processes that may die.

Each child is a fresh Python in its own session, with one end of a socket. This process is its parent and so
can tell how it ended and kill it with all that it started. A pool whose workers share queues (multiprocessing,
pebble) cannot: there one death at the wrong moment takes the pool with it, and the Tesseract that a killed
worker had started lives on.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from itertools import islice
from multiprocessing import Pipe
from pathlib import Path
from threading import Event, Lock
from typing import Any, Self, TypeVar

from pipeline.errors import BackofficeError, EnvironmentFault, ReaderError
from pipeline.interrupts import leave_if
from pipeline.sandbox_child import OUT_OF_MEMORY, Allowed, Answer
from pipeline.settings import Settings

Item = TypeVar("Item")
Result = TypeVar("Result")

CHILD = "from pipeline.sandbox_child import main; main()"

START_SECONDS = 300.0
"""How long a new child may take to say that it is ready, on a busy machine; one that cannot start ends at once."""

JOBS_PER_CHILD = 200
"""A child is replaced after so many jobs, so that what leaks in the readers does not add up."""

TIMEOUT = "reader-timeout"

STOP_SECONDS = 0.2
"""How often a wait for jobs looks whether it is to end."""

ONE_THREAD = {
    "OMP_THREAD_LIMIT": "1",  # Tesseract
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",  # numpy
    "OPENCV_FOR_THREADS_NUM": "1",
}
"""Parallelism is over documents."""


class Sandbox:
    """A pool of `settings.workers` children, each started when it is first needed; a context manager.

    A function must be importable by name (not of `__main__`), its arguments and result picklable. On leaving,
    running jobs are waited for; when an exception leaves, they are killed. `stop` ends `map_unordered`.
    """

    def __init__(self, settings: Settings, stop: Event | None = None) -> None:
        self._settings = settings
        self._stop = stop or Event()
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="sandbox")
        self._idle: list[_Child] = []
        self._alive: set[_Child] = set()
        self._lock = Lock()
        self._closing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(now=kind is not None)

    def close(self, *, now: bool = False) -> None:
        """Wait for all jobs (`now`: kill them) and end the children."""
        if now:
            with self._lock:
                self._closing = True
                for child in self._alive:
                    child.kill()
        self._threads.shutdown(wait=True, cancel_futures=now)
        while self._alive:
            self._alive.pop().end()

    def submit(self, function: Callable[..., Result], *args: object, timeout: float) -> Future[Result]:
        """Call `function(*args)` in a child; `timeout` seconds count from when a child takes it up.

        The future raises ReaderError with code "reader-died" when the child crashed or ran out of memory,
        "reader-timeout" when it took too long, by the clock or of the processor's time (`pipeline.allowance`),
        "reader-failed" for an exception of another kind than BackofficeError, which comes through as it is;
        EnvironmentFault when no child can be started.
        """
        return self._threads.submit(self._call, function, args, timeout)

    def map_unordered(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        timeout_of: Callable[[Item], float],
    ) -> Iterator[tuple[Item, Result | BackofficeError]]:
        """Call `function(item)` for every item; yields each with its result, or its error, as they finish.

        `items` is read only a little ahead. Closing the iterator drops what was not begun. Raises KeyboardInterrupt
        soon after the sandbox's `stop` is set.
        """
        remaining, running = iter(items), dict[Future[Result], Item]()
        try:
            while True:
                leave_if(self._stop)
                for item in islice(remaining, 2 * self._settings.workers - len(running)):
                    running[self.submit(function, item, timeout=timeout_of(item))] = item
                if not running:
                    return
                for future in wait(running, STOP_SECONDS, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), _outcome(future)
        finally:
            for future in running:
                future.cancel()

    def _call(self, function: Callable[..., Result], args: tuple[object, ...], timeout: float) -> Result:
        child = self._take_child()
        try:
            result: Result = child.call(function, args, timeout)
        finally:
            self._give_back(child)
        return result

    def _take_child(self) -> "_Child":
        while True:
            with self._lock:
                if self._closing:
                    raise ReaderError("The work was stopped.", code="reader-stopped")
                child = self._idle.pop() if self._idle else None
                if child is None:
                    child = _start_child(self._settings.limits.memory_bytes)
                    self._alive.add(child)
            if child.is_usable():
                return child
            self._end(child)

    def _give_back(self, child: "_Child") -> None:
        with self._lock:
            keep = child.is_usable() and not self._closing
            if keep:
                self._idle.append(child)
        if not keep:
            self._end(child)

    def _end(self, child: "_Child") -> None:
        with self._lock:
            self._alive.discard(child)
        child.end()


class _Child:
    """One child process in a session of its own, with a folder for its temporary files."""

    def __init__(self, memory_bytes: int) -> None:
        self._reaping = Lock()
        self._folder = tempfile.mkdtemp(prefix="backoffice-sandbox-")
        self._connection, theirs = Pipe()
        environment = os.environ | ONE_THREAD | {"TMPDIR": self._folder, "PYTHONPATH": _python_path()}
        command = [sys.executable, "-c", CHILD, str(theirs.fileno()), str(memory_bytes), self._folder]
        with theirs:
            self._process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=2,  # our standard output may be read by a program
                start_new_session=True,
            )
        self._jobs = 0
        self._is_ready = False

    def is_usable(self) -> bool:
        return self._jobs < JOBS_PER_CHILD and not self._is_dead()

    def _is_dead(self) -> bool:
        """Without reaping it: as long as it is not reaped, no other process can get its number."""
        if self._process.returncode is not None:
            return True
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, flags) is not None

    def call(self, function: Callable[..., Any], args: tuple[object, ...], timeout: float) -> Any:
        if not self._is_ready:
            self._await_ready()
        self._jobs += 1
        with suppress(BrokenPipeError, ConnectionResetError):  # dead; `_receive` says how it died
            self._connection.send((function, args, timeout))
        answer = self._await_answer(timeout)
        if answer.error is not None:
            raise answer.error
        return answer.value

    def kill(self) -> None:
        """Kill the child with all that it started; safe from any thread. A process group outlives its leader."""
        with self._reaping, suppress(ProcessLookupError):
            if self._process.returncode is None:
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> int:
        """Kill the child, clean up after it, and return its exit status; only for the thread that uses it."""
        self.kill()
        with self._reaping:
            status = self._process.wait()
        self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return status

    def _await_ready(self) -> None:
        try:
            self._await_answer(START_SECONDS)
        except ReaderError as error:
            raise EnvironmentFault(f"No child process can be started: {error.message}") from error
        self._is_ready = True

    def _await_answer(self, timeout: float) -> Answer:
        """The answer within `timeout` seconds, or within less once the job has told how much it needs."""
        begun, allowed = time.monotonic(), timeout
        while True:
            said = self._receive(begun + allowed - time.monotonic(), allowed)
            if isinstance(said, Answer):
                return said
            allowed = min(timeout, said.seconds)

    def _receive(self, left: float, allowed: float) -> Answer | Allowed:
        try:
            said: Answer | Allowed | None = self._connection.recv() if self._connection.poll(max(left, 0)) else None
        except (EOFError, OSError) as error:
            raise _death(self.end()) from error
        except Exception as error:  # unpickling may raise anything
            self.end()
            raise ReaderError(f"The answer cannot be understood: {error}") from error
        if said is None:
            self.end()
            raise ReaderError(f"Reading took longer than {allowed:g} seconds.", code=TIMEOUT)
        return said


def _death(status: int) -> ReaderError:
    if status == -signal.SIGXCPU:
        return ReaderError("Reading took more of the processor's time than its pages may.", code=TIMEOUT)
    if status == OUT_OF_MEMORY:
        how = "it needed more memory than it may have"
    elif status < 0:
        how = f"it was ended by {signal.Signals(-status).name}"
    else:
        how = f"it ended with status {status}"
    return ReaderError(f"The process that read the document died: {how}.", code="reader-died")


def _start_child(memory_bytes: int) -> _Child:
    try:
        return _Child(memory_bytes)
    except OSError as error:
        raise EnvironmentFault(f"No child process can be started: {error}") from error


def _outcome(future: Future[Any]) -> Any:
    try:
        return future.result()
    except BackofficeError as error:
        return error


def _python_path() -> str:
    """Our own import path, so that the child finds the same modules."""
    return os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)
