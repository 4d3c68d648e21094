"""Posts for as long as nobody says stop."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event

import structlog

from pipeline.errors import BackofficeError
from pipeline.ports import Clock
from pipeline.posting.outbox import Outbox
from pipeline.posting.poster import Done, Poster

_log = structlog.get_logger(__name__)


def keep_posting(
    poster: Poster, outbox: Outbox, clock: Clock, seconds: float, stop: Event, client_id: str | None = None
) -> Iterator[Done]:
    """Yield what becomes of each job until `stop` is set; looks again after `seconds`, earlier when one is due.

    A database that is away is logged, the next look tries again.
    """
    while not stop.is_set():
        yield from _tried(lambda: poster.work(stop, client_id))
        stop.wait(_pause(outbox, clock, seconds, client_id))


def _tried(work: Callable[[], Iterator[Done]]) -> Iterator[Done]:
    try:
        yield from work()
    except BackofficeError as error:
        if not error.retryable:
            raise
        _log.warning("posting-failed", error=error.message, remedy=error.specific_remedy)


def _pause(outbox: Outbox, clock: Clock, seconds: float, client_id: str | None) -> float:
    try:
        at = outbox.next_time(client_id)
    except BackofficeError:
        return seconds
    return seconds if at is None else min(seconds, max(0.05, (at - clock.now()) / timedelta(seconds=1)))
