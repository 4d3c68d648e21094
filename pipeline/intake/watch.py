"""Waits for files in the drop folder, for as long as it takes."""

import logging
from collections.abc import Iterator
from threading import Event

import watchfiles

from pipeline.errors import StoreError
from pipeline.intake.arrival import Arrival
from pipeline.intake.inbox import Inbox
from pipeline.ports import Clock
from pipeline.settings import Settings
from pipeline.store.ledger import Ledger

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.1
"""Seconds between two looks at the folder, at the least."""
LOOKS_WHILE_SETTLING = 4
"""Looks in the time that a file must be quiet, so that it waits hardly longer than that."""


def watch(settings: Settings, ledger: Ledger, clock: Clock, stop: Event) -> Iterator[tuple[Arrival, ...]]:
    """Yield what came in (perhaps nothing) at every change and periodically, until `stop` is set.

    A disk or database that fails is logged and tried again at the next look.
    """
    inbox = Inbox(settings, ledger, clock)
    for _ in _looks(settings, stop):
        arrivals: tuple[Arrival, ...] = ()
        try:
            arrivals = inbox.collect()
        except StoreError as error:
            log.warning("Nothing was taken in: %s %s", error.message, error.specific_remedy)
        yield arrivals


def _looks(settings: Settings, stop: Event) -> Iterator[None]:
    """Times to look: now, at every change, and periodically.

    Only the top folder is watched: sub-folders may hold anything, links to themselves included, and the
    periodic look finds what is in them. Network shares send no events at all.
    """
    settling = min(settings.settle_seconds / LOOKS_WHILE_SETTLING, settings.closed_seconds)
    pause = max(SHORTEST_PAUSE, min(settings.scan_seconds, settling))
    settings.inbox.mkdir(parents=True, exist_ok=True)
    yield
    try:
        events = watchfiles.watch(
            settings.inbox,
            stop_event=stop,
            rust_timeout=int(pause * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
        )
        for _ in events:
            yield
    except OSError as error:  # no more inotify watches on this machine
        log.warning("No folder events, looking periodically only: %s", error)
    while not stop.wait(pause):
        yield
