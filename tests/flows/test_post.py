"""The posting flow posts what is due."""

import pytest

from pipeline.bootstrap import SystemClock
from pipeline.intake.archive import Archive
from pipeline.store.ledger import open_ledger
from tests.posting.fakes import Pen

pytestmark = pytest.mark.usefixtures("prefect_server")


def test_a_run_of_the_flow_posts_what_was_cleared(settings, monkeypatch):
    """Its counts are what it returns; a second run has nothing to do."""
    from flows.post import post  # not before the server's address is in the environment

    monkeypatch.setenv("BACKOFFICE_POSTING__TARGET", "tests.posting.on_disk:make")
    monkeypatch.setenv("BACKOFFICE_POSTING__LEAST_CONFIDENCE", "0")  # nobody taught the accounts of this seller
    monkeypatch.setattr("tests.posting.on_disk.LOST", 0.0)
    with open_ledger(settings.url, SystemClock()) as ledger:
        Pen(ledger, Archive(settings.archive)).clear("FA-1")
    assert [post(home=str(settings.home)).posted for _ in range(2)] == [1, 0]
