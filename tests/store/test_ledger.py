"""The ledger, on SQLite and on PostgreSQL."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from pipeline.errors import LeaseLost, StoreError
from pipeline.store.ledger import open_ledger
from schemas import Document, Draft, Failure, Outcome, Reason, Record, Rejected, Review, StraightThrough

LEASE = timedelta(minutes=10)
HICCUP = Failure(code="reader-died", message="SIGABRT", retryable=True)


def kinds(ledger, document=None):
    return [event.kind for event in ledger.events(document.document_id if document else None)]


def test_new_bytes_become_a_pending_document(ledger, make_document):
    """A registered document waits for the machine exactly as it was given."""
    document = make_document()
    assert ledger.register(document, "arrival-1")
    assert ledger.pending() == (document,)
    assert ledger.find(document.document_id) == document


def test_the_same_bytes_again_are_one_document(ledger, make_document):
    """Bytes that come a second time link to the first document, with the name they came under."""
    document = make_document(file_name="first.pdf")
    assert ledger.register(document, "arrival-1")
    assert not ledger.register(make_document(file_name="again.pdf"), "arrival-2")
    assert ledger.pending() == (document,)
    received, again = ledger.events(document.document_id)
    assert (received.kind, received.data["file_name"]) == ("received", "first.pdf")
    assert (again.kind, again.data["file_name"]) == ("seen_again", "again.pdf")


def test_the_same_arrival_counts_once(ledger, make_document):
    """An arrival that is registered again after a crash leaves no second event and gets the same answer."""
    document = make_document()
    assert [ledger.register(document, "arrival-1") for _ in range(2)] == [True, True]
    assert [ledger.register(document, "arrival-2") for _ in range(2)] == [False, False]
    assert kinds(ledger) == ["received", "seen_again"]


def test_a_refused_file_leaves_an_event(ledger):
    """A file that is not taken in is known by name, hash and reason, once an arrival."""
    failure = Failure(code="incomplete", message="cut off", remedy="send again")
    for _ in range(2):
        ledger.reject("a.pdf", None, failure, "arrival-1")
    (event,) = ledger.events()
    assert (event.kind, event.document_id, event.data["file_name"]) == ("rejected", None, "a.pdf")
    assert event.data["reason"]["code"] == "incomplete"
    assert ledger.status().refused == 1


def test_names_that_no_database_likes_are_taken(ledger, make_document):
    """A NUL or a lone surrogate in text costs no document."""
    document = make_document(file_name="a\x00b")
    ledger.register(document, "arrival\x00\udcff")
    assert ledger.pending()[0].file_name == "a\ufffdb"


def test_documents_are_found_by_the_start_of_their_hash(ledger, make_document):
    """A prefix finds the one document, nothing finds None, and what is no hash is no pattern either."""
    documents = [make_document(str(number)) for number in range(40)]
    for number, document in enumerate(documents):
        ledger.register(document, str(number))
    assert ledger.find(documents[7].sha256) == documents[7]
    for nothing in ("", "f" * 64, "%", "_" * 16, "xyz"):
        assert ledger.find(nothing) is None


def test_documents_are_found_by_name(ledger, make_document):
    """A file name finds every document that first came in under it."""
    for content, name in (("one", "a.pdf"), ("two", "b.pdf"), ("three", "a.pdf")):
        ledger.register(make_document(content, name), content)
    assert set(ledger.named("a.pdf")) == {make_document("one", "a.pdf"), make_document("three", "a.pdf")}
    assert ledger.named("c.pdf") == ()


def test_an_ambiguous_prefix_is_an_error(ledger):
    """A prefix that fits two documents names neither."""
    for digit in "12":
        values = {"file_name": "a", "size": 1, "media_type": "application/pdf", "received_at": datetime.now(UTC)}
        ledger.register(Document(sha256="ab" + digit * 62, **values), digit)
    with pytest.raises(LookupError):
        ledger.find("ab")


def test_pending_is_oldest_first_and_limited(ledger, make_document, clock):
    """Who came first is served first."""
    documents = []
    for number in range(5):
        clock.advance(1)
        documents.append(make_document(str(number)).model_copy(update={"received_at": clock.now()}))
    for document in reversed(documents):
        ledger.register(document, document.sha256)
    assert ledger.pending() == tuple(documents)
    assert ledger.pending(limit=2) == tuple(documents[:2])


def test_a_taken_document_is_not_pending(ledger, begun, clock):
    """A document with a lease waits for nobody else, until the lease runs out."""
    assert ledger.pending() == ()
    assert not ledger.begin(begun.document_id, "you", LEASE)
    clock.advance(LEASE.total_seconds() + 1)
    assert ledger.pending() == (begun,)
    assert ledger.begin(begun.document_id, "you", LEASE)
    assert ledger.pending() == ()


def test_an_owner_renews_its_lease(ledger, begun, clock):
    """To begin again what one holds makes the lease longer and is no new attempt."""
    clock.advance(LEASE.total_seconds() - 1)
    assert ledger.begin(begun.document_id, "me", LEASE)
    clock.advance(LEASE.total_seconds() - 1)
    assert not ledger.begin(begun.document_id, "you", LEASE)
    assert ledger.release(begun.document_id, "me", HICCUP) == 1


def test_a_document_that_is_not_there_cannot_be_begun(ledger):
    """An unknown id is nobody's work."""
    assert not ledger.begin("0" * 16, "me", LEASE)


def test_of_many_workers_one_gets_the_document(database_url, ledger, make_document, clock):
    """When eight workers begin the same document at the same moment, exactly one has it."""
    document, barrier = make_document(), Barrier(8)
    ledger.register(document, "arrival-1")

    def work(number):
        with open_ledger(database_url, clock) as mine:
            barrier.wait()
            return mine.begin(document.document_id, f"worker-{number}", LEASE)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(work, range(8))) == 1
    assert kinds(ledger) == ["received", "begun"]


RACER = """
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from pipeline.store.ledger import open_ledger
from schemas import Document
url, owner = sys.argv[1:]
now = datetime.now(UTC)
with open_ledger(url, SimpleNamespace(now=lambda: datetime.now(UTC))) as ledger:
    for number in range(20):
        values = {"file_name": owner, "size": 1, "media_type": "application/pdf", "received_at": now}
        ledger.register(Document(sha256=f"{number:016x}" + 48 * "0", **values), f"{owner}-{number}")
    print(*(d.sha256 for d in ledger.pending() if ledger.begin(d.document_id, owner, timedelta(hours=1))))
"""


def test_two_processes_share_a_new_ledger(database_url, clock):
    """Two processes open a database that does not exist yet, register the same bytes and begin the same documents.

    There is one set of tables, each document is there once and is one process's work.
    """
    commands = [[sys.executable, "-c", RACER, database_url, owner] for owner in ("a", "b")]
    root = Path(__file__).parents[2]
    running = [subprocess.Popen(each, stdout=subprocess.PIPE, text=True, cwd=root) for each in commands]
    taken = [process.communicate()[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted(taken[0] + taken[1]) == [f"{number:016x}" + 48 * "0" for number in range(20)]
    with open_ledger(database_url, clock) as ledger:
        assert ledger.status().documents == {"processing": 20}
        assert ledger.status().seen_again == 20


def test_a_released_document_waits_again(ledger, begun):
    """After a failure that may pass, the document is pending, and its attempts are counted."""
    assert ledger.release(begun.document_id, "me", HICCUP) == 1
    assert ledger.pending() == (begun,)
    ledger.begin(begun.document_id, "you", LEASE)
    assert ledger.release(begun.document_id, "you", HICCUP) == 2
    assert kinds(ledger, begun) == ["received", "begun", "released", "begun", "released"]


def test_only_the_owner_releases(ledger, begun):
    """Who does not hold a document cannot give it back."""
    with pytest.raises(LeaseLost):
        ledger.release(begun.document_id, "you", HICCUP)


def test_documents_of_a_dead_worker_are_taken_back(ledger, make_document):
    """What a worker held that is gone waits again at once; a living worker keeps what it holds."""
    for content, owner in (("one", "dead"), ("two", "alive"), ("three", "dead")):
        ledger.register(make_document(content), content)
        ledger.begin(make_document(content).document_id, owner, LEASE)
    assert ledger.take_back(lambda owner: owner == "dead") == 2
    assert set(ledger.pending()) == {make_document("one"), make_document("three")}
    assert not ledger.begin(make_document("two").document_id, "you", LEASE)
    (released,) = ledger.events(make_document("one").document_id, kind="released")
    assert released.data["failure"]["code"] == "worker-gone"


def test_settled_outcomes_come_back_exactly(ledger, begun, settle, make_draft):
    """What was decided is read back as it was written, every digit and every witness of it."""
    outcomes = settle(begun, make_draft(), make_draft("F-2", part=2, failures=(HICCUP,)))
    assert [type(outcome.decision) for outcome in outcomes] == [StraightThrough, Review]
    assert ledger.outcomes(begun.document_id) == outcomes
    assert [(each.document, each.outcome) for each in ledger.history()] == [(begun, each) for each in outcomes]


def test_a_settled_document_is_done(ledger, begun, settle, make_draft, clock):
    """A document that is done is not pending and cannot be begun, however much later."""
    settle(begun, make_draft())
    clock.advance(10 * LEASE.total_seconds())
    assert ledger.pending() == ()
    assert not ledger.begin(begun.document_id, "me", LEASE)
    assert kinds(ledger, begun) == ["received", "begun", "decided"]


def test_a_document_settles_once(ledger, begun, settle, make_draft):
    """A second settlement is refused and changes nothing."""
    first = settle(begun, make_draft())
    with pytest.raises(LeaseLost):
        settle(begun, make_draft("other"))
    assert ledger.outcomes(begun.document_id) == first


def test_a_lost_lease_cannot_settle(ledger, begun, settle, make_draft, clock):
    """A worker that was away for too long must drop its result; the other one's counts."""
    clock.advance(LEASE.total_seconds() + 1)
    ledger.begin(begun.document_id, "you", LEASE)
    with pytest.raises(LeaseLost):
        settle(begun, make_draft("late"))
    assert ledger.outcomes(begun.document_id) == ()
    assert settle(begun, make_draft("in time"), owner="you")


def test_an_expired_lease_that_nobody_took_still_settles(ledger, begun, settle, make_draft, clock):
    """Work that took longer than its lease is not lost when nobody else began it."""
    clock.advance(LEASE.total_seconds() + 1)
    assert settle(begun, make_draft())


def test_a_decision_that_fails_leaves_no_trace(ledger, begun, settle, make_draft):
    """When deciding raises on the second invoice, the first is not half written."""

    def trip(draft, _):
        if draft.part == 2:
            raise ZeroDivisionError
        return Outcome(**dict(draft), decision=StraightThrough())

    with pytest.raises(ZeroDivisionError):
        settle(begun, make_draft(), make_draft(part=2), decide=trip)
    assert ledger.outcomes(begun.document_id) == ()
    assert kinds(ledger, begun) == ["received", "begun"]
    assert settle(begun, make_draft())


def test_a_document_needs_an_outcome(ledger, begun, settle):
    """A document cannot be done with nothing said about it."""
    with pytest.raises(ValueError, match="draft"):
        settle(begun)


def test_a_duplicate_sees_who_holds_its_key(ledger, make_document, settle, make_draft):
    """The second file with the same invoice gets the first one's id; a different invoice gets none."""
    documents = [make_document(content) for content in ("one", "two", "three")]
    outcomes = []
    for document, number in zip(documents, ("F-1", "F-1", "F-9"), strict=True):
        ledger.register(document, document.sha256)
        ledger.begin(document.document_id, "me", LEASE)
        outcomes += settle(document, make_draft(number))
    assert [outcome.decision.kind for outcome in outcomes] == ["straight_through", "review", "straight_through"]
    assert documents[0].document_id in outcomes[1].decision.reasons[0].message


def test_the_same_invoice_twice_in_one_file_is_a_duplicate(begun, settle, make_draft):
    """A file that holds the same invoice twice posts it once at most."""
    first, second = settle(begun, make_draft(), make_draft(part=2))
    assert first.decision.kind == "straight_through"
    assert begun.document_id in second.decision.reasons[0].message


def test_without_a_key_nothing_is_a_duplicate(ledger, make_document, settle):
    """Records that do not say enough are never taken for each other."""
    for content in ("one", "two"):
        document = make_document(content)
        ledger.register(document, content)
        ledger.begin(document.document_id, "me", LEASE)
        settle(document, Draft(record=Record(fields={}), failures=(HICCUP,)))
    assert ledger.status().reasons == {"failed": 2}


def test_of_two_duplicates_at_once_one_goes_through(database_url, ledger, make_document, make_draft, clock, rules):
    """Two workers that settle the same invoice at the same moment cannot both see no duplicate."""
    documents, barrier = [make_document(str(number)) for number in range(6)], Barrier(6)
    for document in documents:
        ledger.register(document, document.sha256)
        ledger.begin(document.document_id, document.sha256, LEASE)

    def work(document):
        with open_ledger(database_url, clock) as mine:
            barrier.wait()
            return mine.settle(document.document_id, document.sha256, [make_draft()], *rules)

    with ThreadPoolExecutor(6) as threads:
        decisions = [outcome.decision.kind for (outcome,) in threads.map(work, documents)]
    assert sorted(decisions) == ["review"] * 5 + ["straight_through"]


def test_status_counts_everything(ledger, make_document, settle, make_draft, clock):
    """States, decisions, reasons and the review queue are counted, and the oldest that waits is named."""
    for content in ("one", "two", "three", "four"):
        ledger.register(make_document(content), content)
    ledger.register(make_document("one"), "again")
    ledger.reject("x", None, HICCUP, "x")
    since = clock.now()
    for content, drafts in {
        "one": [make_draft()],
        "two": [make_draft(), make_draft(part=2)],
        "three": [Draft(failures=(HICCUP,))],
    }.items():
        document = make_document(content)
        ledger.begin(document.document_id, "me", LEASE)
        settle(document, *drafts)
        clock.advance(60)
    status = ledger.status()
    assert status.documents == {"done": 3, "received": 1}
    assert status.decisions == {"review": 3, "straight_through": 1}
    assert status.reasons == {"duplicate": 2, "failed": 1}
    assert (status.seen_again, status.refused, status.waiting) == (1, 1, 3)
    assert status.oldest_waiting == since + timedelta(seconds=60)


def test_an_empty_ledger_has_an_empty_status(ledger):
    """Nothing waits where nothing is."""
    status = ledger.status()
    assert (status.documents, status.decisions, status.reasons, status.oldest_waiting) == ({}, {}, {}, None)


def test_a_rejected_document_waits_for_nobody(ledger, begun, settle):
    """What is no invoice at all is decided, without a review item."""

    def refuse(draft, _):
        decision = Rejected(reasons=(Reason(code="not-an-invoice", message="An empty page."),))
        return Outcome(**dict(draft), decision=decision)

    settle(begun, Draft(), decide=refuse)
    assert ledger.status().waiting == 0
    assert ledger.status().decisions == {"rejected": 1}


def test_history_reads_more_than_one_batch(ledger, make_document, settle, make_draft, monkeypatch):
    """History does not stop at the end of a batch and repeats nothing."""
    monkeypatch.setattr("pipeline.store.ledger.HISTORY_BATCH", 3)
    for number in range(8):
        document = make_document(str(number))
        ledger.register(document, document.sha256)
        ledger.begin(document.document_id, "me", LEASE)
        settle(document, make_draft(str(number)))
    assert len({each.document.sha256 for each in ledger.history()}) == 8


def test_a_database_that_is_gone_is_a_store_error(clock, tmp_path):
    """A server that does not answer is a StoreError, which may pass."""
    with pytest.raises(StoreError) as caught:
        open_ledger(f"postgresql://nobody@/nothing?host={tmp_path}", clock)
    assert caught.value.retryable
