"""Waiting for files."""

import os
import signal
import threading
import time

import pytest

from pipeline.errors import StoreError
from pipeline.intake.watch import watch
from pipeline.interrupts import stopping
from pipeline.settings import Settings


@pytest.fixture
def quick(tmp_path):
    """Settings that settle at once and scan so rarely that only an event can be in time."""
    return Settings(home=tmp_path / "home", workers=1, settle_seconds=0.0, scan_seconds=0.2)


class RealClock:
    def now(self):
        from datetime import UTC, datetime

        return datetime.now(UTC)


def first_arrivals(settings, ledger, stop, deadline=20.0):
    timer = threading.Timer(deadline, stop.set)
    timer.start()
    try:
        return next(filter(None, watch(settings, ledger, RealClock(), stop)), None)
    finally:
        timer.cancel()


def test_a_dropped_file_arrives(quick, sqlite_ledger, pdf):
    """A file that is dropped while we watch is taken in soon."""
    stop = threading.Event()
    quick.inbox.mkdir(parents=True)
    threading.Timer(0.5, lambda: (quick.inbox / "a.pdf").write_bytes(pdf())).start()
    (arrival,) = first_arrivals(quick, sqlite_ledger, stop)
    assert arrival.document.file_name == "a.pdf"


def test_what_was_there_before_arrives_first(quick, sqlite_ledger, pdf):
    """A file from before the start, and one in a sub-folder that sends no events, are found by looking."""
    (quick.inbox / "sub").mkdir(parents=True)
    (quick.inbox / "sub" / "early.pdf").write_bytes(pdf())
    (arrival,) = first_arrivals(quick, sqlite_ledger, threading.Event())
    assert arrival.document.file_name == "early.pdf"


@pytest.mark.parametrize("sends_events", [True, False])
def test_watching_ends_when_told(quick, sqlite_ledger, sends_events, monkeypatch):
    """Once `stop` is set, the watch ends by itself, with folder events or without."""
    if not sends_events:

        def no_watches(*_, **__):
            raise OSError(28, "inotify watch limit reached")

        monkeypatch.setattr("watchfiles.watch", no_watches)
    stop, begun = threading.Event(), time.monotonic()
    threading.Timer(0.5, stop.set).start()
    looks = list(watch(quick, sqlite_ledger, RealClock(), stop))
    assert len(looks) >= 2
    assert time.monotonic() - begun < 10


def test_a_failing_ledger_does_not_end_the_watch(quick, sqlite_ledger, pdf, monkeypatch):
    """While the database is away, the watch goes on, and takes the file when it is back."""
    quick.inbox.mkdir(parents=True)
    (quick.inbox / "a.pdf").write_bytes(pdf())
    register, calls = type(sqlite_ledger).register, []

    def away_at_first(self, *arguments):
        calls.append(1)
        if len(calls) < 3:
            raise StoreError("away")
        return register(self, *arguments)

    monkeypatch.setattr("pipeline.store.ledger.Ledger.register", away_at_first)
    assert len(first_arrivals(quick, sqlite_ledger, threading.Event())) == 1
    assert len(calls) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_watch(quick, sqlite_ledger, number):
    """SIGTERM and SIGINT end the watch cleanly, and the handlers of before are back."""
    before, stop = signal.getsignal(number), threading.Event()
    with stopping(stop):
        threading.Timer(0.5, os.kill, (os.getpid(), number)).start()
        looks = list(watch(quick, sqlite_ledger, RealClock(), stop))
    assert stop.is_set()
    assert looks
    assert signal.getsignal(number) is before
