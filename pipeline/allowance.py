"""How much time the work on a document may take, told by the work itself once it has counted the pages.

A child process of the sandbox listens, and lets nothing take longer; elsewhere nobody does.
"""

from collections.abc import Callable
from contextvars import ContextVar

Listener = Callable[[int, float], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("allowance_listener", default=None)


def allow(pages: int, page_seconds: float) -> None:
    """The work as a whole, from its beginning, may take the time of so many pages (at least one)."""
    if listener := _LISTENER.get():
        listener(max(pages, 1), page_seconds)


def listen(listener: Listener) -> None:
    """Have `listener` called with what is allowed, in this thread and those that it starts with its context."""
    _LISTENER.set(listener)
