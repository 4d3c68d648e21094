"""What the desk counts."""

from datetime import timedelta

from pipeline.review.reasons import RejectReason
from pipeline.review.stats import Samples
from pipeline.review.worktime import Sign
from schemas import FieldName
from schemas.edits import Edits
from schemas.terms import POSTING_CRITICAL
from tests.review.conftest import ANNE, BEN, STRANGER, SUE


def test_decisions_are_counted_with_the_time_they_took(desk, put, clock):
    """Ten seconds and twenty seconds of work; the lunch between two keys is none."""
    since = clock.now()
    for number, seconds in (("F-1", 10), ("F-2", 20)):
        hold = desk.claim(ANNE, put(number))
        clock.advance(4)
        hold = desk.renew(ANNE, hold, Sign.KEYED)
        clock.advance(600)
        hold = desk.renew(ANNE, hold, Sign.KEYED)
        clock.advance(seconds - 4)
        desk.approve(ANNE, hold)
    desk.reject(ANNE, desk.claim(ANNE, put("F-3")), RejectReason.DUPLICATE)
    put("F-4")
    clock.advance(50 * 3600)
    found = desk.stats(ANNE, since)
    assert found.states == {"approved": 2, "rejected": 1, "waiting": 1}
    assert (found.decided, found.reasons, found.overdue) == ({"approved": 2, "rejected": 1}, {"duplicate": 1}, 1)
    assert (found.worked, found.median_seconds, found.median_first_key) == (3, 10.0, 4.0)
    assert desk.stats(ANNE, clock.now() + timedelta(seconds=1)).decided == {}
    assert desk.stats(STRANGER, since).states == {}


def test_the_error_rate_of_what_went_through_is_measured(desk, put, settle_on):
    """Only what a supervisor finds wrong counts, not an operator's slip."""
    settle_on(qa_share=1.0)
    shown = {
        FieldName.ISSUE_DATE: "02/03/2026",
        FieldName.SELLER_NAME: "Quincaillerie Martin",
        FieldName.CURRENCY: "EUR",
        FieldName.NET_TOTAL: "100",
        FieldName.TAX_TOTAL: "20",
        FieldName.GROSS_TOTAL: "120",
        FieldName.IBAN: "",
    }
    assert set(shown) | {FieldName.INVOICE_NUMBER} == set(POSTING_CRITICAL)
    for number in ("F-1", "F-2", "F-3", "F-4"):
        put(number, needs_person=False)
    for typed in ("F-1", "slip", "F-33"):
        hold = desk.claim_next(ANNE)
        desk.correct(ANNE, hold, Edits(fields=shown | {FieldName.INVOICE_NUMBER: typed}))
    desk.approve(SUE, desk.claim_next(SUE))
    desk.correct(SUE, desk.claim_next(SUE), Edits(fields={FieldName.INVOICE_NUMBER: "F-33"}))
    assert desk.stats(BEN, desk.item(BEN, 1).row.created_at).samples == Samples(drawn=4, checked=3, wrong=1)
