"""A poster brings each invoice into the accounting system exactly once, whatever goes wrong."""

from datetime import timedelta
from threading import Event

import pytest

from pipeline.errors import LeaseLost, TargetDown
from pipeline.house.clients import Clients
from pipeline.posting.states import JobState, Trouble
from tests.posting.conftest import SUPERVISOR, Shop
from tests.posting.fakes import SELLERS, FakeTarget, record


def test_a_cleared_invoice_is_posted_with_a_receipt(shop):
    """The receipt holds what the target said, and the trail tells every step."""
    document = shop.pen.clear("FA-1")
    (done,) = shop.post()
    job = shop.job(document)
    assert (done.state, job.state, job.attempts) == (JobState.POSTED, JobState.POSTED, 1)
    assert job.receipt == done.receipt
    assert (job.receipt.found, job.receipt.voucher.target_id, job.receipt.steps) == (False, "V1", {"save": 0.5})
    assert job.receipt.voucher.reference == job.reference
    assert shop.kinds(document) == ["queued", "begun", "sent", "done"]
    assert shop.post() == []


@pytest.mark.parametrize("failure", ["reply-dropped", "fault-after-commit", "killed-after-commit"])
def test_what_was_posted_without_a_word_is_found_and_not_sent_again(shop, failure):
    """The next attempt asks first; before `doubt_seconds` are over it does not even ask."""
    document = shop.pen.clear("FA-1")
    shop.post(failure)
    assert shop.post() == []
    assert shop.job(document).in_doubt
    shop.clock.advance(31)
    (done,) = shop.post()
    assert (done.state, done.receipt.found) == (JobState.POSTED, True)
    assert len(shop.books.vouchers) == 1


@pytest.mark.parametrize("failure", ["request-lost", "killed-before-commit", "killed-with-draft", "draft-then-unknown"])
def test_what_did_not_arrive_is_sent_once_more(shop, failure):
    """After the target has said that it is not there; a draft is finished, not doubled."""
    document = shop.pen.clear("FA-1")
    shop.post(failure)
    assert shop.post() == []  # of a poster that died, the wait begins when that is seen
    shop.clock.advance(31)
    (done,) = shop.post()
    assert (done.state, done.receipt.found) == (JobState.POSTED, False)
    assert [one.is_posted for one in shop.books.vouchers] == [True]
    assert shop.job(document).attempts == 2


def test_a_request_that_is_still_at_work_in_the_target_is_waited_for(shop):
    """It commits after its sender has given up: who asked at once would hear "not there" and post it twice."""
    shop.pen.clear("FA-1")
    shop.post("slow-and-dropped")
    for _ in range(31):
        shop.clock.advance(1)
        shop.post()
    assert len(shop.books.vouchers) == 1
    assert shop.states() == ["posted"]


def test_after_so_many_lost_replies_a_person_is_asked(shop):
    """A dead letter, still in doubt; a person's retry asks the target first, like every attempt."""
    document = shop.pen.clear("FA-1")
    for _ in range(shop.settings.most_unknown):
        shop.clock.advance(901)
        shop.post("request-lost")
    job = shop.job(document)
    assert (job.state, job.in_doubt, job.failure.code) == (JobState.DEAD, True, "outcome-unknown")
    assert job.failure.remedy
    shop.clock.advance(9999)
    assert shop.post() == []
    shop.postings.retry(SUPERVISOR, job.job_id)
    (done,) = shop.post()
    assert (done.state, done.job.in_doubt) == (JobState.POSTED, True)
    assert shop.kinds(document)[-5:] == ["dead", "retried", "begun", "sent", "done"]


def test_a_retry_is_not_asked_for_while_the_target_may_be_at_work(shop):
    """A person is quicker than a slow request: he would have it posted twice."""
    shop.settings = shop.settings.model_copy(update={"most_unknown": 1})
    shop.outbox._settings = shop.settings
    document = shop.pen.clear("FA-1")
    shop.post("slow-and-dropped")
    shop.postings.retry(SUPERVISOR, shop.job(document).job_id)
    assert shop.post() == []
    shop.clock.advance(31)
    (done,) = shop.post()
    assert (done.receipt.found, len(shop.books.vouchers)) == (True, 1)


def test_what_the_target_refuses_needs_a_person_at_once(shop):
    """With the reason; later invoices of the seller are posted."""
    first, second = shop.pen.clear("FA-1"), shop.pen.clear("FA-2")
    shop.post("refused")
    assert (shop.job(first).state, shop.job(first).failure.message) == (JobState.DEAD, "The period is closed.")
    assert not shop.job(first).in_doubt
    assert shop.job(second).state is JobState.POSTED


def test_a_voucher_with_another_total_is_no_posting(shop):
    """A person is told both totals; once it is corrected there, the retry finds it."""
    document = shop.pen.clear("FA-1")
    shop.post("wrong-total")
    job = shop.job(document)
    assert (job.state, job.failure.code, job.evidence) == (JobState.DEAD, "voucher-differs", ("evidence/one.png",))
    assert "total with VAT 121.00 instead of 120.00" in job.failure.message
    shop.books.vouchers[0] = shop.books.vouchers[0].model_copy(update={"gross": job.gross})
    shop.postings.retry(SUPERVISOR, job.job_id)
    (done,) = shop.post()
    assert done.receipt.found


def test_the_invoices_of_a_supplier_keep_their_order(shop):
    """While one is on its way the later ones wait, those of others do not."""
    first, second, other = shop.pen.clear("FA-1"), shop.pen.clear("FA-2"), shop.pen.clear("G-1", "Garnier")
    shop.post("down")
    assert [shop.job(one).state for one in (first, second, other)] == ["waiting", "waiting", "posted"]
    waits = [one.waits_for for one in shop.postings.all()]
    assert waits == [
        None,
        f"Job {shop.job(first).job_id} of the same supplier comes first.",
        "It is tried again later.",
    ]
    shop.clock.advance(901)
    shop.post()
    assert [one.number for one in shop.books.vouchers] == ["G-1", "FA-1", "FA-2"]


def test_a_target_that_is_down_rests_and_is_tried_by_one_job(shop):
    """Others are not sent into the void; the trial does not count against its job, and success opens the way."""
    documents = [
        shop.pen.clear(f"FA-{number}", seller) for number, seller in enumerate(("Martin", "Garnier", "Nordlys"))
    ]
    shop.post(*["find-down"] * 9)
    assert shop.target.failures == ["find-down"] * 6
    assert [one.target for one in shop.postings.resting()] == ["books"]
    assert {one.waits_for for one in shop.postings.all()} == {"books is out of order."}
    shop.clock.advance(61)
    (trial,) = shop.post("find-down")
    assert (trial.job.is_trial, shop.job(trial.job.document_id).failures) == (True, 1)
    assert shop.post() == []
    shop.clock.advance(121)
    assert len(shop.post()) == 3
    assert shop.postings.resting() == ()
    assert [event.kind for event in shop.ledger.events() if event.kind.startswith("target_")] == [
        "target_down",
        "target_up",
    ]
    assert {shop.job(one).state for one in documents} == {"posted"}


def test_a_target_rests_no_longer_because_more_posters_were_under_way(ledger, clock, tmp_path):
    """All of them fail at one restart of it; what comes after the rest is a trial again."""
    shop = Shop(ledger, clock, tmp_path, down_after=1)
    taken = [shop.pen.clear("FA-1", seller) and shop.outbox.take(f"poster of {seller}") for seller in SELLERS]
    for job in taken:
        shop.outbox.fail(job, TargetDown("down").failure(), Trouble.DOWN, in_doubt=False, answered=False)
    (resting,) = shop.postings.resting()
    assert resting.until - clock.now() == timedelta(seconds=shop.settings.down_seconds)
    clock.advance(shop.settings.down_seconds + 1)
    assert shop.outbox.take("later").is_trial


def test_a_job_that_alone_brings_the_target_down_ends_with_a_person(shop):
    """The others go on in between."""
    poison = shop.pen.clear("FA-1")
    for number in range(shop.settings.most_failures):
        shop.clock.advance(901)
        shop.pen.clear(f"G-{number}", "Garnier")
        shop.post("down")
    assert (shop.job(poison).state, shop.job(poison).failures) == (JobState.DEAD, shop.settings.most_failures)
    assert len(shop.books.vouchers) == shop.settings.most_failures


def test_a_fault_in_the_targets_own_code_is_told_and_tried_again(shop):
    """Nothing was sent: it counts like a target that is down."""
    document = shop.pen.clear("FA-1")
    shop.post("find-fault")
    assert shop.job(document).failure.code == "posting-fault"
    shop.clock.advance(901)
    assert shop.post()[0].state is JobState.POSTED


def test_a_poster_that_died_before_it_sent_anything_costs_nothing(shop):
    """The next one takes the job back and posts it."""
    document = shop.pen.clear("FA-1")
    shop.post("killed-asking")
    assert shop.job(document).state is JobState.POSTING
    shop.post()
    shop.clock.advance(901)
    shop.post()
    assert shop.kinds(document) == ["queued", "begun", "taken_back", "begun", "sent", "done"]


def test_who_lost_the_lease_sends_nothing_more(shop):
    """Also when he only stood still for too long: the new holder's token counts."""
    shop.pen.clear("FA-1")
    slow = shop.outbox.take("slow")
    shop.clock.advance(601)
    shop.outbox.take_back(lambda _: False)
    shop.clock.advance(901)
    quick = shop.outbox.take("quick")
    coding = shop.code(slow.record, "main")
    with pytest.raises(LeaseLost):
        shop.outbox.sent(slow, coding)
    shop.outbox.sent(quick, coding)
    assert quick.token == slow.token + 1


def test_a_lease_that_holds_is_respected(shop):
    """A poster of another machine is not known to be gone."""
    shop.pen.clear("FA-1")
    assert shop.outbox.take("one")
    assert shop.outbox.take_back(lambda _: False) == 0
    assert shop.outbox.take("two") is None


def test_a_job_in_doubt_is_asked_for_where_it_was_sent(shop):
    """The client's invoices go elsewhere by now: what the old system has is found there, what it has not goes on."""
    elsewhere = FakeTarget(type(shop.books)(shop.clock))
    shop.targets.named["elsewhere"] = elsewhere
    found, lost = shop.pen.clear("FA-1"), shop.pen.clear("G-1", "Garnier")
    shop.post("reply-dropped", "request-lost")
    Clients(shop.database, shop.clock).set_policy("main", {"posting_target": "elsewhere"}, "root")
    shop.clock.advance(31)
    shop.post()
    assert [one.number for one in shop.books.vouchers] == ["FA-1"]
    assert [one.number for one in elsewhere.books.vouchers] == ["G-1"]
    assert [shop.job(one).target for one in (found, lost)] == ["books", "elsewhere"]


def test_without_a_target_jobs_wait_and_say_so(shop):
    """Nothing is lost where nobody has set one yet."""
    shop.settings = shop.settings.model_copy(update={"target": ""})
    for one in (shop.outbox, shop.postings):
        one._settings = shop.settings
    shop.pen.clear("FA-1")
    assert shop.post() == []
    assert [one.waits_for for one in shop.postings.all()] == ["No accounting system is set for this client."]


def test_a_doubtful_coding_waits_for_a_person_who_accepts_it(shop):
    """He sees the accounts; nothing was sent before."""
    document = shop.pen.clear("FA-1")
    plain = shop.code
    shop.code = lambda record, client: plain(record, client).model_copy(update={"confidence": 0.4, "why": ("New.",)})
    shop.post()
    job = shop.job(document)
    assert (job.state, job.failure.code, job.coding.confidence) == (JobState.DEAD, "coding-doubtful", 0.4)
    assert shop.books.vouchers == []
    shop.postings.retry(SUPERVISOR, job.job_id, as_coded=True)
    shop.post()
    assert (shop.job(document).state, shop.job(document).coded_by) == (JobState.POSTED, "sue")


def test_accounts_that_do_not_add_up_are_never_sent(shop):
    """To the cent."""
    document = shop.pen.clear("FA-1")
    plain = shop.code(record("FA-1"), "main")
    shop.code = lambda *_: plain.model_copy(update={"taxes": ()})
    shop.post()
    assert shop.job(document).failure.code == "coding-wrong"
    assert shop.books.vouchers == []


def test_an_original_that_is_gone_is_told(shop):
    """What is posted has its proof attached, or is not posted."""
    document = shop.pen.clear("FA-1")
    path = shop.archive.path(shop.ledger.find(document).sha256)
    path.rename(path.with_suffix(".away"))
    shop.post()
    assert shop.job(document).failure.code == "original-missing"


def test_a_database_that_is_away_ends_the_run_and_the_same_poster_goes_on(shop):
    """Its own job, left over in doubt, is taken back without waiting for the lease."""
    document = shop.pen.clear("FA-1")
    poster, finish = shop.poster(), shop.outbox.finish

    def away(*_):
        raise TimeoutError("disk")

    shop.outbox.finish = away
    with pytest.raises(TimeoutError):
        list(poster.work(Event()))
    shop.outbox.finish = finish
    assert list(poster.work(Event())) == []
    shop.clock.advance(31)
    (done,) = poster.work(Event())
    assert done.receipt.found
    assert shop.job(document).receipt == done.receipt


def test_a_poster_that_is_told_to_stop_takes_no_more(shop):
    """Between two jobs."""
    shop.pen.clear("FA-1")
    shop.pen.clear("G-1", "Garnier")
    stop = Event()
    for _ in shop.poster().work(stop):
        stop.set()
    assert sorted(shop.states()) == ["posted", "waiting"]


def test_a_target_that_was_down_is_opened_anew(shop):
    """Its browser or connection may be what was broken."""
    shop.pen.clear("FA-1")
    shop.post("find-down")
    assert shop.target.closed == 1
