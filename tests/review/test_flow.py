"""Where decisions lead."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.flow import THE_END, State, Step, Task, after_decision, free_state, needs_four_eyes
from pipeline.review.reasons import EscalateReason
from schemas import FieldName
from schemas.policy import ClientPolicy

PLAIN = ClientPolicy()
FOUR_EYES = ClientPolicy(four_eyes_amount=Decimal(1000))
DOUBLE = ClientPolicy(four_eyes_amount=Decimal(1000), double_keyed=(FieldName.IBAN,))
policies = st.sampled_from((PLAIN, FOUR_EYES, DOUBLE))
amounts = st.none() | st.decimals(-5000, 5000, places=2)


def test_without_a_policy_the_first_decision_is_the_last():
    """A small office decides alone."""
    assert after_decision(Task.REVIEW, PLAIN, Decimal(10**9), is_changed=True) == THE_END


def test_an_amount_above_the_limit_of_either_sign_or_unknown_needs_a_second_pair_of_eyes():
    """Exactly the limit is still one person's."""
    wanted = [
        needs_four_eyes(FOUR_EYES, amount) for amount in (Decimal(1000), Decimal("1000.01"), Decimal(-2000), None)
    ]
    assert wanted == [False, True, True, True]
    step = after_decision(Task.REVIEW, FOUR_EYES, Decimal(2000), is_changed=False)
    assert step == Step(Task.SECOND, reason=EscalateReason.FOUR_EYES)


def test_the_approver_who_changes_it_is_a_corrector_himself():
    """What a second person changes needs yet another one; what he leaves is approved."""
    assert after_decision(Task.SECOND, FOUR_EYES, Decimal(2000), is_changed=False) == THE_END
    assert after_decision(Task.SECOND, FOUR_EYES, Decimal(2000), is_changed=True).task is Task.SECOND


def test_chosen_fields_are_keyed_twice_before_anybody_approves():
    """Blind keying comes first, a difference goes to a supervisor, agreement to the four eyes."""
    assert after_decision(Task.REVIEW, DOUBLE, Decimal(5), is_changed=False) == Step(Task.KEY, (FieldName.IBAN,))
    differs = after_decision(Task.KEY, DOUBLE, Decimal(5), is_changed=True)
    assert differs == Step(Task.SECOND, reason=EscalateReason.KEYED_DIFFERENTLY)
    assert after_decision(Task.KEY, DOUBLE, Decimal(5000), is_changed=False).task is Task.SECOND
    assert after_decision(Task.KEY, DOUBLE, Decimal(5), is_changed=False) == THE_END


@given(policies, amounts)
def test_a_sample_that_was_keyed_alike_is_done(policy, amount):
    """It was posted already; nobody has to approve it."""
    assert after_decision(Task.KEY, policy, amount, is_changed=False, is_sample=True) == THE_END
    assert after_decision(Task.SECOND, policy, amount, is_changed=True, is_sample=True) == THE_END


@given(policies, amounts)
def test_every_way_ends_when_nobody_changes_anything(policy, amount):
    """Review, keying, approval: at most three people look."""
    task, looks = Task.REVIEW, 1
    while (step := after_decision(task, policy, amount, is_changed=False)).task is not None:
        task, looks = step.task, looks + 1
    assert looks <= 3


def test_what_waits_for_a_second_pair_of_eyes_is_escalated():
    """All else waits."""
    assert [free_state(task) for task in Task] == [State.WAITING, State.WAITING, State.ESCALATED]
