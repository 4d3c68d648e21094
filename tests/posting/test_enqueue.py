"""What is cleared has its posting job in the same transaction, and an invoice never has two."""

from decimal import Decimal

import pytest

from pipeline.house.clients import Clients
from pipeline.posting.enqueue import put_job
from pipeline.posting.postings import Ending
from pipeline.posting.states import JobState
from pipeline.review.desk import Desk
from pipeline.review.items import Filters
from pipeline.review.reasons import RejectReason
from schemas import FieldName
from schemas.edits import Edits, Typed
from schemas.terms import POSTING_CRITICAL
from tests.posting.conftest import OPERATOR, SUPERVISOR


@pytest.fixture
def desk(shop):
    return Desk(shop.database, shop.clock, to_post=put_job)


def keyed(**changes):
    """What a person types who keys the invoice of these tests blind."""
    values = {
        "invoice_number": "FA-1",
        "issue_date": "02/03/2026",
        "seller_name": "Martin",
        "currency": "EUR",
        "net_total": "100,00",
        "tax_total": "20,00",
        "gross_total": "120,00",
        "iban": "",
    } | changes
    assert set(values) == {name.value for name in POSTING_CRITICAL}
    return Edits(fields={FieldName(name): Typed(text=text) for name, text in values.items()})


def test_what_goes_straight_through_is_queued_with_its_key(shop):
    """The key is that of the invoice, the same whoever makes it."""
    job = shop.job(shop.pen.clear("FA 1"))
    assert (job.state, job.number, job.gross, job.currency) == (JobState.WAITING, "FA 1", Decimal("120.00"), "EUR")
    assert len(job.reference) == 20


def test_what_needs_a_person_is_queued_when_it_is_approved(shop, desk):
    """As the person made it, and not before."""
    document = shop.pen.doubt("FA-1")
    assert shop.postings.all() == ()
    desk.correct(OPERATOR, desk.claim_next(OPERATOR), Edits(fields={FieldName.INVOICE_NUMBER: "FA-2"}))
    assert shop.job(document).number == "FA-2"
    shop.post()
    assert [one.number for one in shop.books.vouchers] == ["FA-2"]


def test_what_is_rejected_is_not_queued(shop, desk):
    """Nothing to post."""
    shop.pen.doubt("FA-1")
    desk.reject(OPERATOR, desk.claim_next(OPERATOR), RejectReason.DUPLICATE)
    assert shop.postings.all() == ()


def test_a_decision_that_fails_leaves_no_job(shop):
    """They are one transaction: with no job, nothing was decided."""

    def broken(*arguments):
        put_job(*arguments)
        raise RuntimeError("after the job was written")

    shop.pen.doubt("FA-1")
    desk = Desk(shop.database, shop.clock, to_post=broken)
    hold = desk.claim_next(OPERATOR)
    with pytest.raises(RuntimeError):
        desk.approve(OPERATOR, hold)
    assert shop.postings.all() == ()
    assert desk.item(OPERATOR, hold.item_id).final is None


def test_the_same_invoice_approved_twice_has_one_job_that_posts(shop, desk):
    """The second is a dead letter that names the first, and cannot be retried while that one stands."""
    first, second = shop.pen.clear("FA-1"), shop.pen.doubt("FA-1", content="another scan")
    desk.correct(OPERATOR, desk.claim_next(OPERATOR), Edits(), "I am sure")
    mine, copy = shop.job(first), shop.job(second)
    assert (copy.state, copy.failure.code, copy.collides_with) == (JobState.DEAD, "posting-collision", mine.job_id)
    with pytest.raises(Exception, match=f"Job {mine.job_id} .* posts the same invoice"):
        shop.postings.retry(SUPERVISOR, copy.job_id)
    shop.post()
    assert len(shop.books.vouchers) == 1


def test_a_copy_takes_the_place_of_a_job_that_is_never_to_be_posted(shop, desk):
    """Somebody closed the wrong one of the two; by hand would have kept the place."""
    first, second = shop.pen.clear("FA-1"), shop.pen.doubt("FA-1", content="another scan")
    desk.correct(OPERATOR, desk.claim_next(OPERATOR), Edits(), "the better scan")
    shop.postings.close(SUPERVISOR, shop.job(first).job_id, Ending.NEVER, "unreadable")
    shop.postings.retry(SUPERVISOR, shop.job(second).job_id)
    shop.post()
    assert (shop.job(first).state, shop.job(second).state) == (JobState.CLOSED, JobState.POSTED)


def test_an_invoice_without_a_key_goes_to_a_person(shop, desk):
    """Nobody could tell whether it is posted already, so no machine sends it."""
    document = shop.pen.doubt("FA-1", issue_date=None)
    desk.correct(OPERATOR, desk.claim_next(OPERATOR), Edits(), "it has no date")
    job = shop.job(document)
    assert (job.state, job.failure.code, job.reference) == (JobState.DEAD, "posting-key-missing", None)
    assert shop.post() == []


class TestSample:
    """A straight-through invoice that is drawn for a blind check."""

    @pytest.fixture(autouse=True)
    def every_one(self, shop):
        Clients(shop.database, shop.clock).set_policy("main", {"qa_share": 1.0}, "root")

    def decide(self, desk, **changes):
        """A person keys it; where that differs a supervisor settles it."""
        done = desk.correct(OPERATOR, desk.claim_next(OPERATOR), keyed(**changes))
        if done.final is None:
            hold = desk.claim_next(SUPERVISOR, Filters())
            fields = {FieldName(name): Typed(text=text) for name, text in changes.items()}
            desk.correct(SUPERVISOR, hold, Edits(fields=fields), "as on the page")

    def test_is_posted_all_the_same(self, shop, desk):
        """And the check adds no second job."""
        document = shop.pen.clear("FA-1")
        shop.post()
        self.decide(desk)
        job = shop.job(document)
        assert (job.state, job.warning) == (JobState.POSTED, None)
        assert shop.post() == []

    def test_is_mended_when_the_check_comes_before_the_posting(self, shop, desk):
        """What the person keyed is posted."""
        document = shop.pen.clear("FA-1")
        self.decide(desk, invoice_number="FA-7")
        shop.post()
        assert [one.number for one in shop.books.vouchers] == ["FA-7"]
        assert "mended" in shop.kinds(document)

    def test_is_shown_to_a_person_when_it_was_posted_wrongly(self, shop, desk):
        """Until somebody has corrected the voucher and says so."""
        document = shop.pen.clear("FA-1")
        shop.post()
        self.decide(desk, invoice_number="FA-7")
        job = shop.job(document)
        assert (job.state, job.warning.code, job.needs_person) == (JobState.POSTED, "posting-differs", True)
        assert "invoice_number" in job.warning.message
        assert shop.postings.counts()["needs_person"] == 1
        shop.postings.close(SUPERVISOR, job.job_id, Ending.SEEN, "corrected in the ledger")
        assert not shop.job(document).needs_person
