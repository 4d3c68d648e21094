"""Claims, drafts and decisions, on SQLite and on PostgreSQL."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pipeline.errors import InputError
from pipeline.review.errors import ErrorsLeft, ItemNotFound, ItemTaken, KeysMissing, NotAllowed, SamePerson, WrongMove
from pipeline.review.flow import State, Task
from pipeline.review.items import Filters
from pipeline.review.reasons import PostponeReason, RejectReason
from schemas import EvidenceKind, FieldName, FieldStatus
from schemas.edits import Edits
from schemas.terms import POSTING_CRITICAL
from tests.review.conftest import ANNE, AUDITOR, BEN, SAM, STRANGER, SUE

NUMBER, IBAN = FieldName.INVOICE_NUMBER, FieldName.IBAN
NEW_NUMBER = Edits(fields={NUMBER: "FA-99"})


def kinds(ledger, prefix="review_"):
    return [event.kind for event in ledger.events() if event.kind.startswith(prefix)]


# --- the queue


def test_the_queue_shows_what_waits_most_urgent_first(desk, put):
    """A large invoice comes before a small one that came in before it, and pages follow each other."""
    small, large, other = put("F-1"), put("F-2", net_total=Decimal(9000), gross_total=Decimal(50_000)), put("F-3")
    first = desk.page(ANNE, limit=2)
    assert [row.item_id for row in first.rows] == [large, small]
    second = desk.page(ANNE, after=first.after, limit=2)
    assert ([row.item_id for row in second.rows], second.after) == ([other], None)


def test_the_queue_can_be_narrowed(desk, put):
    """By words of seller, number and file, by a reason, by who holds it, by state and client."""
    one, two = put("F-1", seller_name="Électricité Nord"), put("F-2")
    found = {
        text: [row.item_id for row in desk.page(ANNE, Filters(text=text)).rows] for text in ("nord", "F-2", "%", "x")
    }
    assert found == {"nord": [one], "F-2": [two], "%": [], "x": []}
    assert len(desk.page(ANNE, Filters(reason="low-confidence")).rows) == 2
    assert desk.page(ANNE, Filters(reason="duplicate")).rows == ()
    large = put("F-3", net_total=Decimal(-9000), gross_total=Decimal(-10_800))
    assert [row.item_id for row in desk.page(ANNE, Filters(gross_from=Decimal(10_800))).rows] == [large]
    assert desk.page(ANNE, Filters(gross_from=Decimal("10800.01"))).rows == ()
    desk.claim(ANNE, one)
    held = Filters(states=(State.CLAIMED,), holder="anne")
    assert [row.item_id for row in desk.page(BEN, held).rows] == [one]
    assert desk.page(BEN, Filters(clients=("other",))).rows == ()


def test_what_is_another_clients_does_not_exist(desk, put):
    """Neither the queue nor an id gives it away."""
    item = put()
    assert desk.page(STRANGER).rows == ()
    assert desk.claim_next(STRANGER) is None
    for act in (desk.item, desk.claim):
        with pytest.raises(ItemNotFound):
            act(STRANGER, item)
    with pytest.raises(ItemNotFound):
        desk.item(ANNE, item + 1)


def test_an_auditor_looks_and_changes_nothing(desk, put):
    """To see is not to review."""
    item = put()
    assert desk.item(AUDITOR, item).record.value(NUMBER) == "FA-1"
    for act in (lambda: desk.claim(AUDITOR, item), lambda: desk.note(AUDITOR, item, "x")):
        with pytest.raises(NotAllowed):
            act()
    assert desk.claim_next(AUDITOR) is None


# --- claims


def test_of_two_who_want_one_item_the_second_is_told_who_has_it(desk, put):
    """The message names the first, and the second takes the next one."""
    item, other = put("F-1"), put("F-2")
    assert desk.claim_next(ANNE).item_id == item
    with pytest.raises(ItemTaken, match="anne is working on it"):
        desk.claim(BEN, item)
    assert desk.claim_next(BEN).item_id == other
    assert desk.claim_next(SUE) is None


def test_a_lease_that_ran_out_frees_the_item_and_its_hold_is_worth_nothing(desk, put, clock, ledger):
    """The late one loses the item, but none of his typing."""
    item = put()
    late = desk.claim(ANNE, item)
    clock.advance(15 * 60 + 1)
    desk.claim(BEN, item)
    with pytest.raises(ItemTaken, match="ben is working on it") as caught:
        desk.correct(ANNE, late, NEW_NUMBER)
    assert caught.value.typed == NEW_NUMBER
    assert desk.item(ANNE, item).typed == NEW_NUMBER
    assert desk.item(BEN, item).typed is None


def test_activity_renews_the_lease(desk, put, clock):
    """Whoever types keeps the item; so does whoever saves a draft."""
    item = put()
    hold = desk.claim(ANNE, item)
    for _ in range(3):
        clock.advance(600)
        desk.renew(ANNE, hold)
        clock.advance(600)
        desk.save_draft(ANNE, item, NEW_NUMBER)
    assert desk.sweep() == 0
    assert desk.correct(ANNE, hold, NEW_NUMBER).row.state is State.CORRECTED


def test_the_sweep_puts_back_what_nobody_works_on(desk, put, clock, ledger):
    """Expired leases and postponements that are over wait again, each with an event; the old hold is refused."""
    hold, later = desk.claim(ANNE, put("F-1")), desk.claim(ANNE, put("F-2"))
    desk.postpone(ANNE, later, PostponeReason.ASKED_SUPPLIER, clock.now() + timedelta(minutes=10))
    assert [row.reason for row in desk.page(ANNE, Filters(states=(State.POSTPONED,))).rows] == ["asked-supplier"]
    clock.advance(3600)
    assert desk.sweep() == 2
    assert {row.state for row in desk.page(ANNE).rows} == {State.WAITING}
    with pytest.raises(ItemTaken, match="ran out"):
        desk.renew(ANNE, hold)
    assert kinds(ledger)[-2:] == ["review_expired", "review_resumed"]


def test_a_second_window_of_the_same_person_takes_over(desk, put):
    """Two windows never decide one item: the older one is told."""
    item = put()
    old, new = desk.claim(ANNE, item), desk.claim(ANNE, item)
    with pytest.raises(ItemTaken, match="another window"):
        desk.approve(ANNE, old)
    assert desk.approve(ANNE, new).row.state is State.APPROVED


def test_an_item_that_was_given_back_waits_with_its_draft(desk, put):
    """Nothing typed is lost when somebody leaves."""
    item = put()
    hold = desk.claim(ANNE, item)
    desk.save_draft(ANNE, item, NEW_NUMBER)
    desk.release(ANNE, hold)
    shown = desk.item(ANNE, item)
    assert (shown.row.state, shown.typed) == (State.WAITING, NEW_NUMBER)


def test_what_is_decided_stays_decided(desk, put):
    """No state leads out of the end."""
    item = put()
    desk.approve(ANNE, desk.claim(ANNE, item))
    with pytest.raises(ItemTaken, match="approved by now"):
        desk.claim(BEN, item)


def test_a_right_that_was_taken_away_ends_the_work(desk, put):
    """The hold of somebody who may no longer review is worth nothing."""
    hold = desk.claim(ANNE, put())
    former = ANNE.model_copy(update={"roles": AUDITOR.roles})
    with pytest.raises(NotAllowed):
        desk.approve(former, hold)


# --- drafts


def test_saves_can_be_undone_one_by_one(desk, put):
    """Undo goes back to the beginning and stays there."""
    item = put()
    desk.claim(ANNE, item)
    steps = [Edits(fields={NUMBER: text}) for text in ("a", "b", "c")]
    for step in steps:
        desk.save_draft(ANNE, item, step)
    assert [desk.undo(ANNE, item) for _ in range(4)] == [steps[1], steps[0], Edits(), Edits()]
    assert desk.item(ANNE, item).typed is None


def test_many_saves_keep_the_last_ones(desk, put):
    """A long session does not fill the database."""
    item = put()
    for number in range(60):
        desk.save_draft(ANNE, item, Edits(fields={NUMBER: str(number)}))
    back = [desk.undo(ANNE, item) for _ in range(60)]
    assert back[48].fields[NUMBER].text == "10"
    assert back[49] == Edits()


# --- decisions


def test_a_correction_is_kept_beside_what_the_machine_read(desk, put, ledger):
    """The final record has the person's value and evidence; the machine's stays as it was."""
    item = put()
    shown = desk.correct(ANNE, desk.claim(ANNE, item), NEW_NUMBER)
    final = shown.final
    assert (shown.row.state, final.decision, final.decided_by) == (State.CORRECTED, State.CORRECTED, "anne")
    field = final.record.fields[NUMBER]
    assert (field.value, field.status, field.evidence[0].kind) == ("FA-99", FieldStatus.CORRECTED, EvidenceKind.PERSON)
    assert final.record.fields[FieldName.GROSS_TOTAL].status is FieldStatus.CONFIRMED
    assert shown.machine.value(NUMBER) == "FA-1"
    [outcome] = ledger.outcomes(shown.row.document_id)
    assert outcome.record == shown.machine


def test_an_edit_that_changes_nothing_is_an_approval(desk, put):
    """What counts is the record, not the keys."""
    item = put()
    shown = desk.correct(ANNE, desk.claim(ANNE, item), Edits(fields={NUMBER: " FA-1 "}))
    assert shown.row.state is State.APPROVED


def test_every_step_is_an_event_with_its_values(desk, put, ledger):
    """Who, when, what, before, after and why, in the order it happened."""
    item = put()
    desk.correct(ANNE, desk.claim(ANNE, item), NEW_NUMBER, note="misread")
    assert kinds(ledger) == ["review_opened", "review_claimed", "review_corrected"]
    last = ledger.events()[-1]
    assert last.data["changes"] == {"invoice_number": ["FA-1", "FA-99"]}
    assert (last.data["item"], last.data["before"], last.data["after"], last.data["note"]) == (
        item,
        "claimed",
        "corrected",
        "misread",
    )


def test_what_a_rule_speaks_against_needs_a_note(desk, put):
    """Sums that do not add up are approved only with a reason in words, which is kept."""
    item = put(gross_total=Decimal("125.00"))
    hold = desk.claim(ANNE, item)
    with pytest.raises(ErrorsLeft, match="125"):
        desk.approve(ANNE, hold)
    shown = desk.approve(ANNE, hold, note="Deposit included, seen with the supplier")
    assert shown.row.state is State.APPROVED
    assert [note.text for note in shown.notes] == ["Deposit included, seen with the supplier"]
    assert "gross-total" in {finding.rule for finding in shown.final.findings}


def test_a_correction_that_makes_it_a_known_invoice_is_told(desk, put):
    """The business key is worked out anew, against what was read and what was decided."""
    put("F-1", needs_person=False)
    hold = desk.claim(ANNE, put("F-2"))
    with pytest.raises(ErrorsLeft, match="is the same invoice"):
        desk.correct(ANNE, hold, Edits(fields={NUMBER: "F-1"}))


def test_what_cannot_be_read_changes_nothing_and_is_kept(desk, put):
    """The item stays claimed, the typing stays as a draft."""
    item = put()
    hold, wrong = desk.claim(ANNE, item), Edits(fields={FieldName.GROSS_TOTAL: "12o,00"})
    with pytest.raises(InputError, match="gross_total"):
        desk.correct(ANNE, hold, wrong)
    shown = desk.item(ANNE, item)
    assert (shown.row.state, shown.typed, shown.final) == (State.CLAIMED, wrong, None)


def test_a_rejection_has_a_code_and_no_record(desk, put):
    """Another reason needs words."""
    item = put()
    hold = desk.claim(ANNE, item)
    with pytest.raises(WrongMove):
        desk.reject(ANNE, hold, RejectReason.OTHER)
    shown = desk.reject(ANNE, hold, RejectReason.NOT_OURS)
    assert (shown.row.state, shown.row.reason, shown.final.record) == (State.REJECTED, "not-ours", None)


def test_nothing_is_put_off_into_the_past(desk, put, clock):
    """The hold stays good."""
    hold = desk.claim(ANNE, put())
    with pytest.raises(WrongMove):
        desk.postpone(ANNE, hold, PostponeReason.OTHER, clock.now())
    assert desk.approve(ANNE, hold).row.state is State.APPROVED


def test_a_supervisor_puts_an_item_ahead(desk, put):
    """Whatever its amount, and back again."""
    put("F-1", gross_total=Decimal(10**6))
    item = put("F-2")
    with pytest.raises(NotAllowed):
        desk.prioritise(ANNE, item, 1)
    desk.prioritise(SUE, item, 1)
    assert desk.page(ANNE).rows[0].item_id == item
    desk.prioritise(SUE, item, 0)
    assert desk.page(ANNE).rows[1].item_id == item


# --- second looks


def test_above_the_amount_another_person_approves(desk, put, settle_on):
    """The corrector's own approval is refused, an operator's too; the approver's name is kept beside his."""
    settle_on(four_eyes_amount=Decimal(100))
    item = put()
    shown = desk.correct(SAM, desk.claim(SAM, item), NEW_NUMBER)
    assert (shown.row.state, shown.row.task, shown.row.reason) == (State.ESCALATED, Task.SECOND, "four-eyes")
    with pytest.raises(SamePerson):
        desk.claim(SAM, item)
    with pytest.raises(NotAllowed):
        desk.claim(ANNE, item)
    assert (desk.claim_next(SAM), desk.claim_next(ANNE)) == (None, None)
    hold = desk.claim_next(SUE)
    before = desk.item(SUE, item)
    assert [(one.field, one.machine, one.first) for one in before.differences] == [(NUMBER, "FA-1", "FA-99")]
    final = desk.approve(SUE, hold).final
    assert (final.decision, final.first_by, final.decided_by) == (State.CORRECTED, "sam", "sue")
    assert final.record.value(NUMBER) == "FA-99"


def test_an_approver_who_changes_it_is_looked_at_himself(desk, put, settle_on):
    """Then the first person approves."""
    settle_on(four_eyes_amount=Decimal(100))
    item = put()
    desk.approve(SAM, desk.claim(SAM, item))
    shown = desk.correct(SUE, desk.claim(SUE, item), NEW_NUMBER)
    assert shown.row.state is State.ESCALATED
    assert desk.approve(SAM, desk.claim(SAM, item)).final.first_by == "sue"


def test_the_second_operator_keys_without_seeing(desk, put, settle_on):
    """Neither page nor item gives the first value away; the same value ends it."""
    settle_on(double_keyed=(NUMBER,))
    item = put()
    desk.correct(ANNE, desk.claim(ANNE, item), NEW_NUMBER)
    with pytest.raises(SamePerson):
        desk.claim(ANNE, item)
    [row] = desk.page(BEN).rows
    hold = desk.claim(BEN, item)
    shown = desk.item(BEN, item)
    assert (row.number, shown.blind) == (None, (NUMBER,))
    assert "FA-99" not in repr(shown)
    assert "FA-1" not in repr(shown._replace(document=None, row=None))
    with pytest.raises(KeysMissing):
        desk.approve(BEN, hold)
    final = desk.correct(BEN, hold, Edits(fields={NUMBER: "fa 99"})).final
    assert (final.decision, final.record.value(NUMBER), final.first_by) == (State.CORRECTED, "FA-99", "anne")


def test_two_different_values_go_to_a_supervisor(desk, put, settle_on):
    """He sees all three readings; both operators are out of it."""
    settle_on(double_keyed=(NUMBER,))
    item = put()
    desk.correct(ANNE, desk.claim(ANNE, item), NEW_NUMBER)
    shown = desk.correct(BEN, desk.claim(BEN, item), Edits(fields={NUMBER: "FA-66"}))
    assert (shown.row.state, shown.row.reason) == (State.ESCALATED, "keyed-differently")
    hold = desk.claim(SUE, item)
    assert desk.item(SUE, item).differences == ((NUMBER, "FA-1", "FA-99", "FA-66"),)
    assert desk.correct(SUE, hold, Edits(fields={NUMBER: "FA-66"})).final.record.value(NUMBER) == "FA-66"


def test_an_operator_asks_a_supervisor(desk, put):
    """With a question; the item then is not an operator's any more."""
    item = put()
    hold = desk.claim(ANNE, item)
    with pytest.raises(WrongMove):
        desk.escalate(ANNE, hold, " ")
    shown = desk.escalate(ANNE, hold, "Is this supplier ours?")
    assert (shown.row.state, shown.row.reason) == (State.ESCALATED, "asked")
    with pytest.raises(NotAllowed):
        desk.claim(BEN, item)
    hold = desk.claim(SUE, item)
    desk.release(SUE, hold)
    assert desk.item(SUE, item).row.state is State.ESCALATED
    assert desk.approve(SUE, desk.claim(SUE, item)).row.state is State.APPROVED


# --- samples


def test_a_sample_of_what_went_through_is_keyed_blind(desk, put, settle_on):
    """Nothing tells what was read; the same values end it."""
    settle_on(qa_share=1.0)
    item = put(needs_person=False, iban="FR7630006000011234567890189")
    machine = dict.fromkeys(POSTING_CRITICAL, "") | {
        NUMBER: "FA-1",
        FieldName.ISSUE_DATE: "02/03/2026",
        FieldName.SELLER_NAME: "QUINCAILLERIE MARTIN",
        FieldName.CURRENCY: "EUR",
        FieldName.NET_TOTAL: "100",
        FieldName.TAX_TOTAL: "20",
        FieldName.GROSS_TOTAL: "120",
        IBAN: "FR76 3000 6000 0112 3456 7890 189",
    }
    hold = desk.claim_next(ANNE)
    shown = desk.item(ANNE, item)
    assert shown.blind == POSTING_CRITICAL
    assert (shown.machine, shown.reasons, shown.findings) == (None, (), ())
    final = desk.correct(ANNE, hold, Edits(fields=machine)).final
    assert final.decision is State.APPROVED
    assert final.record.value(FieldName.SELLER_NAME) == "Quincaillerie Martin"


def test_without_a_share_nothing_that_went_through_is_looked_at(desk, put):
    """The default costs no operator time."""
    assert put(needs_person=False) is None
