"""The clock jumps, by hours or years, back or ahead: nothing is lost, doubled or stuck, and the trail verifies."""

from datetime import timedelta

import pytest

from pipeline.invariants.check import check
from tests.invariants.conftest import ANNE, PDF_FILE, Installation

JUMPS = [timedelta(days=-3650), timedelta(hours=-5), timedelta(hours=5), timedelta(days=1000)]
LATE = {"review-late", "posting-unattended", "posting-silent", "document-silent"}
"""What is true after a jump ahead: all of it has waited for years, by the only clock there is."""


@pytest.fixture(params=JUMPS, ids=str)
def jump(request):
    return request.param


@pytest.fixture
def office(sqlite_ledger, settings, clock):
    return Installation(sqlite_ledger, settings, clock)


def test_a_file_that_lies_in_the_drop_folder_is_taken(office, jump):
    """It was seen before the jump; it counts as at rest as long as it is, not as long as the clock says."""
    office.drop("one.pdf", PDF_FILE)
    office.inbox.collect()
    office.clock.advance(jump.total_seconds())
    office.inbox.collect()
    office.clock.advance(60)
    office.inbox.collect()
    assert [one.file_name for one in office.ledger.pending()] == ["one.pdf"]


def test_a_posting_that_waits_is_tried_again(office, jump):
    """Its time may lie years ahead by now."""
    office.shop.post("down")
    office.clock.advance(jump.total_seconds())
    for _ in range(3):
        office.clock.advance(1000)
        office.shop.post()
    assert office.shop.states() == ["posted", "posted"]


def test_whoever_died_with_a_document_or_a_posting_in_hand_is_found(office, jump):
    """Also where its lease ends years ahead: reconcile gives both back, and each is done once."""
    office.drop("one.pdf", PDF_FILE)
    office.clock.advance(120)
    (arrival,) = office.inbox.collect()
    office.ledger.begin(arrival.document.document_id, "far away", timedelta(minutes=20))
    office.shop.outbox.take("far away, too")
    office.clock.advance(jump.total_seconds())
    office.clock.advance(3600 if jump > timedelta(0) else 0)
    if jump < timedelta(days=-1) or jump > timedelta(0):
        repaired = {one.violation.code for one in office.mend().repairs if one.did}
        assert {"lease-over", "posting-lease-over"} <= repaired
        assert [one.file_name for one in office.ledger.pending()] == ["one.pdf"]
    for _ in range(3):
        office.clock.advance(4 * 3600)
        office.shop.post()
    assert office.shop.states() == ["posted", "posted"]


def test_the_trail_verifies_and_an_item_can_be_decided(office, jump):
    """Events are numbered, not ordered by their times."""
    hold = office.desk.claim_next(ANNE)
    office.clock.advance(jump.total_seconds())
    office.desk.approve(ANNE, hold, "The date is right.")
    assert {one.code for one in check(office.place()).violations} <= LATE
