"""Posting goes on until somebody says stop."""

from threading import Event

import pytest

from pipeline.errors import EnvironmentFault, StoreError
from pipeline.posting.keep import keep_posting


class Flaky:
    """A poster whose runs end as they are told to."""

    def __init__(self, *runs) -> None:
        self.runs = list(runs)

    def work(self, _stop, _client_id):
        run = self.runs.pop(0)
        if isinstance(run, Exception):
            raise run
        yield from run


def test_a_database_that_is_away_does_not_end_it(shop):
    """The next look tries again; `stop` ends it between two jobs."""
    stop, seen = Event(), []
    for done in keep_posting(Flaky(["a"], StoreError("away"), ["b"]), shop.outbox, shop.clock, 0.01, stop):
        seen.append(done)
        if done == "b":
            stop.set()
    assert seen == ["a", "b"]


def test_what_this_machine_lacks_ends_it(shop):
    """Trying again would not help."""
    with pytest.raises(EnvironmentFault):
        list(keep_posting(Flaky(EnvironmentFault("no disk")), shop.outbox, shop.clock, 0.01, Event()))
