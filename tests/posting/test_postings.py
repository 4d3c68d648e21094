"""What people see of the outbox, and what they may do."""

import pytest

from pipeline.posting.errors import JobNotFound, WrongJobState
from pipeline.posting.postings import Ending
from pipeline.posting.states import JobState
from pipeline.review.errors import NotAllowed
from schemas.people import Actor, Role
from tests.posting.conftest import OPERATOR, SUPERVISOR

STRANGER = Actor(user="zoe", roles={"north": frozenset({Role.SUPERVISOR})})


@pytest.fixture
def dead(shop):
    """The number of a job that was refused."""
    document = shop.pen.clear("FA-1")
    shop.post("refused")
    return shop.job(document).job_id


def test_jobs_are_listed_newest_first_in_pages(shop):
    """By state, by need, and those before a job."""
    for number in range(5):
        shop.pen.clear(f"FA-{number}")
    first_page = shop.postings.all(limit=2)
    assert [one.job.number for one in first_page] == ["FA-4", "FA-3"]
    rest = shop.postings.all(after=first_page[-1].job.job_id)
    assert [one.job.number for one in rest] == ["FA-2", "FA-1", "FA-0"]
    shop.post("refused")
    assert [one.job.number for one in shop.postings.all(needs_person=True)] == ["FA-0"]
    assert [one.job.number for one in shop.postings.all(states=(JobState.POSTED,), limit=1)] == ["FA-4"]
    assert shop.postings.all(clients=("north",)) == ()
    assert shop.postings.counts() == {
        "waiting": 0, "posting": 0, "posted": 4, "dead": 1, "closed": 0, "needs_person": 1,
    }  # fmt: skip


def test_only_who_may_approve_as_the_second_may_act(shop, dead):
    """An operator sees it; to somebody of another client it is not there."""
    assert shop.postings.get(OPERATOR, dead).job.job_id == dead
    with pytest.raises(NotAllowed):
        shop.postings.retry(OPERATOR, dead)
    for act in (shop.postings.get, shop.postings.retry):
        with pytest.raises(JobNotFound):
            act(STRANGER, dead)


def test_a_job_is_closed_with_a_reason_and_stays_closed(shop, dead):
    """Posted by hand keeps its key: no copy of it is ever posted."""
    with pytest.raises(WrongJobState):
        shop.postings.close(SUPERVISOR, dead, Ending.BY_HAND, "  ")
    closed = shop.postings.close(SUPERVISOR, dead, Ending.BY_HAND, "keyed as V77")
    assert (closed.state, closed.note, closed.reference is not None) == (JobState.CLOSED, "keyed as V77", True)
    with pytest.raises(WrongJobState):
        shop.postings.retry(SUPERVISOR, dead)
    assert shop.post() == []


def test_what_may_be_in_the_target_is_not_called_never_posted(shop):
    """It is in doubt."""
    document = shop.pen.clear("FA-1")
    shop.post("reply-dropped")
    job = shop.job(document).job_id
    with pytest.raises(WrongJobState, match="may be in books already"):
        shop.postings.close(SUPERVISOR, job, Ending.NEVER, "no")
    shop.postings.close(SUPERVISOR, job, Ending.BY_HAND, "it is there")


def test_what_the_target_lost_is_posted_again_only_when_asked_for(shop):
    """And what it still has is found, not doubled."""
    document = shop.pen.clear("FA-1")
    shop.post()
    job = shop.job(document).job_id
    with pytest.raises(WrongJobState):
        shop.postings.retry(SUPERVISOR, job)
    shop.postings.retry(SUPERVISOR, job, again=True)
    assert shop.post()[0].receipt.found
    shop.books.vouchers.clear()
    shop.postings.retry(SUPERVISOR, job, again=True)
    assert not shop.post()[0].receipt.found
    assert len(shop.books.vouchers) == 1


def test_nobody_accepts_accounts_that_are_not_there(shop):
    """Only what he could see."""
    document = shop.pen.clear("FA-1")
    with pytest.raises(WrongJobState):
        shop.postings.retry(SUPERVISOR, shop.job(document).job_id, as_coded=True)
