"""Places in the queue, and the sample of what went straight through."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measure.scores import clopper_pearson
from pipeline.review.enqueue import is_sampled, slot_of
from schemas import Outcome, Reason, Rejected, Review, StraightThrough
from schemas.policy import ClientPolicy

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALL = ClientPolicy(qa_share=1.0)
WHY = (Reason(code="x", message="x"),)
ids = st.text("0123456789abcdef", min_size=16, max_size=16)
shares = st.floats(0, 1)


def outcome(record, decision):
    return Outcome(record=record, decision=decision)


def test_what_needs_a_person_waits_and_what_is_rejected_does_not(make_record):
    """A rejected file has nothing to decide."""
    slot = slot_of(ALL, "ab", outcome(make_record(), Review(reasons=WHY)), AT)
    assert (slot.task, slot.is_sample, slot.blind) == ("review", False, ())
    assert slot_of(ALL, "ab", outcome(make_record(), Rejected(reasons=WHY)), AT) is None


def test_a_drawn_invoice_is_to_be_keyed_blind(make_record):
    """By its posting-critical fields."""
    done = outcome(make_record(), StraightThrough())
    slot = slot_of(ALL, "ab", done, AT)
    assert (slot.task, slot.is_sample, "gross_total" in slot.blind) == ("key", True, True)
    assert slot_of(ClientPolicy(), "ab", done, AT) is None


@given(ids, st.integers(1, 9), shares, shares)
def test_the_draw_can_be_repeated_and_grows_with_the_share(document_id, part, one, other):
    """A replay draws the same, a larger share draws more of the same."""
    low, high = sorted((one, other))
    assert is_sampled(document_id, part, low) == is_sampled(document_id, part, low)
    assert is_sampled(document_id, part, high) or not is_sampled(document_id, part, low)
    assert is_sampled(document_id, part, 1.0)
    assert not is_sampled(document_id, part, 0.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_share_is_what_was_asked_for(seed):
    """Of 5,000 documents the exact 99.99 % interval of the drawn share holds the share."""
    drawn = sum(is_sampled(f"{number:016x}", 1, 0.05, seed) for number in range(5000))
    low, high = clopper_pearson(drawn, 5000, certainty=0.9999)
    assert low <= 0.05 <= high


def test_another_seed_draws_others():
    """The sample cannot be foreseen from last year's."""
    draws = [[is_sampled(f"{number:016x}", 1, 0.5, seed) for number in range(100)] for seed in (1, 2)]
    assert draws[0] != draws[1]
