"""Each invariant is broken in turn: the check finds it, and reconcile mends what it promises to mend."""

from datetime import timedelta

import pytest

from pipeline.durable import PART
from pipeline.invariants.check import MENDS, check
from pipeline.invariants.rules import RULES
from schemas.policy import MAIN
from tests.invariants.conftest import ANNE, PDF_FILE


def claim(one) -> None:
    """A crash right after a file was claimed."""
    one.drop("late.pdf", PDF_FILE)
    one.clock.advance(120)
    (path,) = one.settings.inbox.glob("*.pdf")
    one.inbox._claim(path, {})


def lose_item(one) -> None:
    one.sql("DELETE FROM review_items")


def lose_job(one) -> None:
    one.sql("DELETE FROM posting_jobs WHERE printed_number = 'FA-4'")


def lose_record(one) -> None:
    tables = ("fields", "findings", "failures", "reasons")
    record = "(SELECT id FROM records WHERE number = 'FA-3')"
    one.sql(*(f"DELETE FROM {table} WHERE record_id = {record}" for table in tables))
    one.sql("DELETE FROM records WHERE number = 'FA-3'")


def begin(one, owner) -> str:
    """Somebody takes a document to read it."""
    one.drop("late.pdf", PDF_FILE)
    one.clock.advance(120)
    (arrival,) = one.inbox.collect()
    assert one.ledger.begin(arrival.document.document_id, owner, timedelta(minutes=10))
    return arrival.document.document_id


def reader_dies(one) -> None:
    begin(one, "reader")
    one.gone.add("reader")


def reader_overruns(one) -> None:
    begin(one, "reader")
    one.later(minutes=30)


def poster_dies(one) -> None:
    assert one.shop.outbox.take("poster") is not None
    one.gone.add("poster")


def claimed_for_long(one) -> None:
    one.desk.claim_next(ANNE)
    one.later(hours=1)


def swap(path, content) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def half_written(one) -> None:
    (one.settings.archive / f"{PART}x").write_bytes(b"half")
    (one.settings.claimed / "x.json.tmp").write_bytes(b"half")


def post_twice(one) -> None:
    copied = "seller, number, issue_date, gross, receipt, posted_at, target"
    one.sql(
        f"UPDATE posting_jobs SET state = 'posted', ({copied}) = (SELECT {copied} FROM posting_jobs"
        " WHERE printed_number = 'FA-1') WHERE printed_number = 'FA-4'"
    )


BREAKS = {
    "original-missing": lambda one: one.original("FA-1").unlink(),
    "original-damaged": lambda one: swap(one.original("FA-1"), b"main/Martin/FA-9"),
    "archive-orphan": lambda one: one.shop.archive.put_bytes(PDF_FILE),
    "leaked-temporary": half_written,
    "label-without-file": lambda one: (one.settings.claimed / "x.json").write_text("{}"),
    "claim-left": claim,
    "rejected-without-reason": lambda one: one.refused.with_name(one.refused.name + ".reason.json").unlink(),
    "unbalanced": lose_job,
    "done-without-record": lose_record,
    "record-before-done": lambda one: one.sql("UPDATE documents SET state = 'received' WHERE file_name = 'FA-1.pdf'"),
    "review-item-missing": lose_item,
    "job-missing": lose_job,
    "job-uncleared": lambda one: one.sql("UPDATE records SET decision = 'review' WHERE number = 'FA-1'"),
    "posted-twice": post_twice,
    "receipt-missing": lambda one: one.sql("UPDATE posting_jobs SET receipt = NULL WHERE printed_number = 'FA-1'"),
    "voucher-missing": lambda one: one.shop.books.vouchers.clear(),
    "voucher-double": lambda one: one.shop.books.vouchers.append(one.shop.books.vouchers[0]),
    "lease-over": reader_dies,
    "posting-lease-over": poster_dies,
    "review-lease-over": claimed_for_long,
    "inbox-silent": lambda one: (one.drop("late.pdf", PDF_FILE), one.later(hours=2)),
    "document-silent": lambda one: one.sql("UPDATE documents SET state = 'received' WHERE file_name = 'FA-1.pdf'"),
    "review-late": lambda one: one.later(hours=72),
    "posting-silent": lambda one: one.later(hours=30),
    "posting-unattended": lambda one: (one.sql("UPDATE posting_jobs SET state = 'dead'"), one.later(hours=50)),
    "anchors-damaged": lambda one: one.anchors.write_text("{}\n"),
    "state-without-event": lambda one: one.sql("UPDATE posting_jobs SET state = 'closed'"),
    "tallies-differ": lambda one: one.sql("UPDATE tallies SET n = n + 1 WHERE measure = 'received'"),
}
TESTED_ELSEWHERE = {"chain-broken", "voucher-differs", "voucher-unknown", "voucher-unconfirmed", "voucher-draft"}


@pytest.mark.parametrize("code", BREAKS)
def test_what_is_broken_is_found_and_mended_where_that_is_promised(installation, code):
    """With a meaning and a remedy; where nothing can be mended it is found again."""
    installation.settings = installation.settings.model_copy(
        update={"posting": installation.settings.posting.model_copy(update={"target": "books"})}
    )
    BREAKS[code](installation)
    targets = {"targets": installation.shop.targets} if code.startswith("voucher") else {}
    assert code in installation.found(**targets)
    done = installation.mend(**targets)
    repaired = {one.violation.code for one in done.repairs if one.did}
    left = {one.code for one in done.after.violations}
    assert (code in repaired) == RULES[code].mended
    assert (code in left) == (code not in repaired and code != "unbalanced")
    if code in repaired:
        events = [event.data for event in installation.ledger.events(kind="reconciled")]
        assert code in {data["code"] for data in events}


def test_every_rule_is_tested_and_what_it_promises_to_mend_is_mended():
    """Nothing stands in the catalogue that no test has seen broken."""
    assert {*BREAKS, *TESTED_ELSEWHERE} == set(RULES)
    assert {code for code, rule in RULES.items() if rule.mended} == set(MENDS)


def test_a_sound_installation_has_no_violation_and_its_sums_are_right(installation):
    """Also of the targets; and again while work is in hand."""
    checked = check(installation.place(targets=installation.shop.targets))
    assert checked.violations == ()
    (balance,) = checked.balances
    assert balance.model_dump() == {
        "client_id": MAIN, "came_in": 5, "posted": 1, "rejected": 2, "pending": 2
    }  # fmt: skip
    assert balance.lost == 0
    begin(installation, "reader")
    installation.desk.claim_next(ANNE)
    assert installation.found() == []


def test_a_quick_check_does_not_read_the_originals(installation):
    """It sees that one is gone, and not that its bytes were changed."""
    path = installation.original("FA-1")
    swap(path, b"?" * path.stat().st_size)
    assert installation.found(quick=True) == []
    assert installation.found() == ["original-damaged"]


def test_what_is_young_is_in_somebodys_hands_unless_all_is_at_rest(installation):
    """A check beside running work raises no false alarm."""
    half_written(installation)
    claim(installation)
    assert installation.found(at_rest=False) == []
    installation.later(minutes=30)
    assert installation.found(at_rest=False) == ["claim-left", "leaked-temporary"]


def test_an_orphan_that_is_no_document_is_told_and_not_taken_in(installation):
    """Somebody put it there."""
    installation.shop.archive.put_bytes(b"no invoice at all")
    (repair,) = installation.mend().repairs
    assert (repair.violation.code, repair.did) == ("archive-orphan", None)


def test_a_lost_job_is_posted_once_after_it_was_put_back(installation):
    """Also where the invoice is in the books already: the target is asked first."""
    installation.sql("DELETE FROM posting_jobs")
    installation.mend()
    installation.clock.advance(100)
    installation.shop.post()
    assert sorted(one.number for one in installation.shop.books.vouchers) == ["FA-1", "FA-4"]
    assert installation.found() == []


def test_an_invoice_that_lost_its_place_in_the_queue_can_be_decided(installation):
    """As before."""
    lose_item(installation)
    installation.mend()
    hold = installation.desk.claim_next(ANNE)
    installation.desk.approve(ANNE, hold)
    assert installation.found() == []


def test_what_the_target_holds_beside_us_is_told(installation):
    """A voucher that no job has, one that is not confirmed, other values, a draft."""
    books, place = installation.shop.books, installation.place(targets=installation.shop.targets)
    first = books.vouchers[0]
    order = installation.shop.outbox.take("poster")
    waiting = first.model_copy(update={"reference": order.key.reference, "target_id": "V7"})
    books.vouchers[0] = first.model_copy(update={"gross": first.gross + 1})
    unknown = first.model_copy(update={"reference": "0" * 20, "target_id": "V8"})
    draft = first.model_copy(update={"reference": "1" * 20, "target_id": "V9", "is_posted": False})
    books.vouchers.extend([waiting, unknown, draft])
    codes = {one.code for one in check(place).violations}
    assert codes == {"voucher-differs", "voucher-unconfirmed", "voucher-unknown", "voucher-draft"}


def test_a_changed_event_is_found(installation, database_kind):
    """The proof itself is tested with the audit trail."""
    guards = {"sqlite": "DROP TRIGGER events_no_update", "postgresql": "DROP TRIGGER events_no_change ON events"}
    installation.sql(guards[database_kind], "UPDATE events SET actor = 'nobody' WHERE number = 2")
    assert installation.found() == ["chain-broken"]
