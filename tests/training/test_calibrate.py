"""The calibration is fitted so that it says what is true, as far as the data can tell."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calibration.calibrate import calibrate
from pipeline.calibration.model import calibration_of
from pipeline.measure.cases import Truth
from pipeline.training.calibrate import (
    CONFIDENCE,
    calibration_error,
    coverage_of,
    fit_calibration,
    upper_bound,
)
from pipeline.training.examine import Judged
from schemas import Box, Evidence, EvidenceKind, Field, FieldName, Finding, Record, Severity

RIGHT = {
    FieldName.INVOICE_NUMBER: "F-17",
    FieldName.ISSUE_DATE: "2026-03-03",
    FieldName.SELLER_NAME: "Martin SARL",
    FieldName.CURRENCY: "EUR",
    FieldName.NET_TOTAL: "100.00",
    FieldName.TAX_TOTAL: "20.00",
    FieldName.GROSS_TOTAL: "120.00",
    FieldName.IBAN: None,
}
WRONG = {**RIGHT, FieldName.INVOICE_NUMBER: "4711"}


def judged(index, *, agrees=True, wrong=False, findings=()):
    """A record whose number was read right or wrong, and seen by a second reader or not."""
    values = WRONG if wrong else RIGHT
    fields = {
        name: _field(name, value, agrees or name != FieldName.INVOICE_NUMBER) for name, value in values.items() if value
    }
    truth = Truth(file=f"{index}.pdf", fields=RIGHT)
    return Judged(Record(fields=fields), tuple(findings), (), truth, fold=index % 5)


def _field(name, value, agrees):
    seen = Evidence(kind=EvidenceKind.OCR, detail="0.95")
    again = Evidence(kind=EvidenceKind.SECOND_READER, supports=agrees, detail="'x' (0.95)")
    return Field(name=name, value=value, score=0.9, page=1, box=Box(x0=1, y0=1, x1=9, y1=9), evidence=(seen, again))


@pytest.fixture(scope="module")
def seen():
    """200 records: where the readers agree all are right, where they do not a half is wrong."""
    return [judged(i, agrees=i % 10 != 0, wrong=i % 20 == 0) for i in range(200)]


@pytest.fixture(scope="module")
def model(seen):
    """The calibration of these records."""
    return calibration_of(fit_calibration(seen, "test"))


def test_confidence_comes_near_the_share_that_is_right(seen, model):
    """Where readers agree nearly all, where they do not about a half."""
    agreed, contested = (calibrate(seen[i].record, model).fields[FieldName.INVOICE_NUMBER].confidence for i in (1, 10))
    assert agreed > 0.97
    assert contested == pytest.approx(0.5, abs=0.15)


def test_the_risk_puts_the_wrong_records_last(seen, model):
    """A target that the clean ones keep lets those through and none of the others."""
    clean, contested = (calibrate(seen[i].record, model).risk for i in (1, 10))
    assert clean < model.point_for(0.01, from_pixels=True).risk < contested


def test_records_that_are_reviewed_anyway_are_not_on_the_curve(seen):
    """An error finding keeps them back, however sure their fields are."""
    error = Finding(rule="sum", severity=Severity.ERROR, message="No.")
    blocked = [replace(each, findings=(error,)) if i % 2 else each for i, each in enumerate(seen)]
    assert fit_calibration(blocked, "test")["coverage"]["pixels"][-1]["documents"] == 100


def test_a_field_that_is_rightly_missing_is_right(seen):
    """No account is printed, and none was found."""
    assert seen[0].right[FieldName.IBAN]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=60))
def test_the_curve_never_loses_documents_or_errors(pairs):
    """Counts only grow, and the bound is above the share."""
    points = coverage_of([(risk, 8, wrong) for risk, wrong in pairs])
    assert [p["documents"] for p in points] == list(range(1, len(pairs) + 1))
    assert all(a["wrong"] <= b["wrong"] and a["risk"] <= b["risk"] for a, b in pairwise(points))
    assert all(p["bound"] > p["wrong"] / p["fields"] for p in points)


def test_the_bound_is_that_of_clopper_and_pearson():
    """No error in n cases leaves 1 - (1 - confidence)^(1/n)."""
    assert upper_bound(0, 1000) == pytest.approx(1 - (1 - CONFIDENCE) ** (1 / 1000), abs=1e-6)
    assert upper_bound(5, 5) == 1.0


def test_the_calibration_error_is_the_distance_of_said_and_true():
    """Nothing said is no error."""
    assert calibration_error([]) == 0
    assert calibration_error([(0.9, True), (0.9, True)], bins=1) == pytest.approx(0.1)


def test_amounts_and_dates_are_compared_by_value():
    """120.00 is 120."""
    record = Record(fields={FieldName.GROSS_TOTAL: Field(name=FieldName.GROSS_TOTAL, value=Decimal(120))})
    truth = Truth(file="a", fields={FieldName.GROSS_TOTAL: "120.00", FieldName.ISSUE_DATE: str(date(2026, 3, 3))})
    assert Judged(record, (), (), truth, 0).right == {FieldName.GROSS_TOTAL: True, FieldName.ISSUE_DATE: False}
