"""Posters with their Chromium are killed by SIGKILL in the practice portal, which drops replies and is restarted."""

import pytest

from pipeline.posting.portal.app import FILE
from pipeline.posting.portal.books import Books
from pipeline.posting.robot.scratch import sweep
from tests.posting.robot.kills import Day, clear, live, records, wrong

WAITS = {"doubt_seconds": "2", "retry_seconds": "0.5", "down_seconds": "1", "poll_seconds": "0.2"}


@pytest.mark.real
def test_every_invoice_is_posted_once_by_screens_whoever_dies(settings, sqlite_ledger):
    """Both ledgers agree, each amount is the record's, no draft is left, and nothing of a killed poster lives on."""
    day = Day(count=12, kills=4, restarts=1, waits=WAITS)
    cleared = records(day.seed, day.count)
    assert len(cleared) == day.count
    clear(sqlite_ledger, settings, cleared)
    came = live(settings, sqlite_ledger, day)
    assert wrong(settings, sqlite_ledger, cleared, Books(settings.home / FILE)) == []
    [compared] = came.compared
    assert (compared["posted"], compared["vouchers"], compared["faults"]) == (day.count, day.count, [])
    assert (len(came.orphans), came.exits) == (day.kills, [0])
    temporary = settings.home / "temporary"
    sweep(fresh=0, below=temporary)
    assert list(temporary.iterdir()) == []
