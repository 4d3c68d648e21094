"""The manual baseline: two models that are never mixed, and what a clerk gets wrong."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measure import baseline
from pipeline.measure.baseline import expected_errors, expected_flawed, full_touch, keying, looking
from pipeline.measure.cases import Truth
from pipeline.measure.presets import load_presets
from schemas import FieldName, InvoiceLine

PRESETS = load_presets()


def test_keying_is_counted_on_the_values_themselves() -> None:
    """3.8 s a field and 0.24 s a keystroke; an empty value is no field."""
    work = keying(["F-2026-17", "", "120.00"])
    assert (work.fields, work.keystrokes) == (2, 15)
    assert work.seconds.value == pytest.approx(2 * 3.8 + 15 * 0.24)


def test_a_right_value_costs_a_keystroke_and_a_wrong_one_its_characters() -> None:
    """Both have to be found on the page."""
    work = looking(right=["F-2026-17", "EUR"], wrong=["120.00"])
    assert (work.fields, work.keystrokes) == (3, 2 + 6)


def test_full_touch_is_five_to_ten_an_hour() -> None:
    """Whatever is on the invoices."""
    work = full_touch(20)
    assert (work.seconds.low, work.seconds.high) == (20 * 360, 20 * 720)
    assert work.cost(PRESETS.hour_western).euros.high == pytest.approx(20 * 720 / 3600 * 80)


def test_the_two_models_cannot_be_mixed() -> None:
    """Neither their seconds nor their euros, in either direction; their own kind adds up."""
    typed, touched = keying(["a"]), full_touch(1)
    costs = typed.cost(PRESETS.hour_offshore), touched.cost(PRESETS.hour_offshore)
    pairs: list[tuple[Any, Any]] = [(typed, touched), (touched, typed), costs, costs[::-1]]
    for one, other in pairs:
        with pytest.raises(TypeError, match="different models"):
            one + other
    assert (typed + typed).fields == 2
    assert (touched + touched).invoices == 2
    assert (costs[1] + costs[1]).euros.value == pytest.approx(2 * costs[1].euros.value)


def test_a_clerk_types_what_the_page_shows() -> None:
    """Not what the embedded XML alone says, not our own word for the kind of document."""
    truth = Truth(
        file="a.pdf",
        fields={
            FieldName.INVOICE_NUMBER: "F-1",
            FieldName.DOC_TYPE: "invoice",
            FieldName.IBAN: None,
            FieldName.BIC: "AGRIFRPP878",
        },
        hidden=frozenset({FieldName.BIC}),
        lines=(InvoiceLine(description="Paper", quantity=Decimal(2), net_amount=Decimal("10.00")),),
    )
    assert baseline.header_texts(truth) == ["F-1"]
    assert baseline.line_texts(truth) == ["Paper", "2", "10.00"]


def test_the_expected_errors_follow_from_the_published_rate() -> None:
    """One field in 345 keyed once, with the rate's own interval."""
    errors = expected_errors(1000, PRESETS.single_error)
    assert (errors.low, errors.value, errors.high) == pytest.approx((2.4, 2.9, 3.5))


@given(st.lists(st.integers(min_value=0, max_value=60), max_size=50))
def test_flawed_documents_are_never_more_than_errors_or_documents(fields: list[int]) -> None:
    """A document with two errors counts once."""
    flawed = expected_flawed(fields, PRESETS.double_error)
    assert flawed.value <= min(len(fields), expected_errors(sum(fields), PRESETS.double_error).value) + 1e-9


def test_one_field_a_document_makes_errors_and_flawed_documents_the_same() -> None:
    """And eight fields make fewer than eight times as many."""
    assert expected_flawed([1] * 100, PRESETS.single_error).value == pytest.approx(0.29)
    assert expected_flawed([8] * 100, PRESETS.single_error).value == pytest.approx(100 * (1 - 0.9971**8))
