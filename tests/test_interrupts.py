"""Signals are taken note of, and come out where the work is made for it."""

import signal
from threading import Event, Thread

import pytest

from pipeline.interrupts import leave_if, shielded, stopping


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_sets_the_flag_and_raises_nothing(number):
    """Only a place that asks for the flag is left."""
    before = signal.getsignal(number)
    with stopping(stop := Event()):
        leave_if(stop)
        signal.raise_signal(number)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            leave_if(stop)
    assert signal.getsignal(number) is before


def test_a_shield_holds_an_interrupt_back():
    """What is inside is done to its end; then the interrupt comes."""
    done = []

    def give_back():
        with shielded():
            signal.raise_signal(signal.SIGINT)
            done.append("given back")

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores Ctrl-C
    try:
        with pytest.raises(KeyboardInterrupt):
            give_back()
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["given back"]


def test_a_shield_without_an_interrupt_changes_nothing():
    """The handlers are as before."""
    before = signal.getsignal(signal.SIGINT)
    with shielded():
        pass
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_are_left_alone():
    """Only the main thread may set handlers: elsewhere the blocks do nothing."""
    failures = []

    def work():
        try:
            with stopping(Event()), shielded():
                pass
        except ValueError as error:
            failures.append(error)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert not failures
