"""SIGINT (Ctrl-C) and SIGTERM, taken note of instead of raised.

An exception out of a signal handler may come up anywhere: inside a destructor or callback, where Python drops it, in
a library that swallows it, or in the middle of cleaning up. A flag waits until the work is at a place to stop.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread

_NUMBERS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stopping(stop: Event) -> Iterator[None]:
    """Set `stop` on SIGTERM and SIGINT instead of dying in the middle.

    Without effect outside of the main thread, which alone gets signals.
    """
    with _noting(lambda _number: stop.set()):
        yield


@contextmanager
def shielded() -> Iterator[None]:
    """Hold SIGTERM and SIGINT back until the end of the block, which must be short."""
    came: list[int] = []
    with _noting(came.append):
        yield
    for number in came[:1]:
        signal.raise_signal(number)


@contextmanager
def _noting(note: Callable[[int], None]) -> Iterator[None]:
    if current_thread() is not main_thread():
        yield
        return
    before = [signal.signal(number, lambda caught, _: note(caught)) for number in _NUMBERS]
    try:
        yield
    finally:
        for number, handler in zip(_NUMBERS, before, strict=True):
            signal.signal(number, handler)


def leave_if(stop: Event) -> None:
    """Raise KeyboardInterrupt, at a place that is made for it, when `stop` is set."""
    if stop.is_set():
        raise KeyboardInterrupt
