"""A record as extraction leaves it, and a calibration whose numbers are easy to follow."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.calibration.model import Calibration, Curve, Point
from pipeline.training.weights import PRIORS
from schemas import Box, Evidence, EvidenceKind, Field, FieldName, Record

STRAIGHT = Curve((0.0, 1.0), (0.0, 1.0))
SEEN = (Evidence(kind=EvidenceKind.OCR, detail="0.95"), Evidence(kind=EvidenceKind.LABEL, detail="beside 'x' (0.9)"))
VALUES = {
    FieldName.INVOICE_NUMBER: "F-17",
    FieldName.ISSUE_DATE: date(2026, 3, 3),
    FieldName.SELLER_NAME: "Martin SARL",
    FieldName.CURRENCY: "EUR",
    FieldName.NET_TOTAL: Decimal(100),
    FieldName.TAX_TOTAL: Decimal(20),
    FieldName.GROSS_TOTAL: Decimal(120),
    FieldName.IBAN: "FR7630006000011234567890189",
    FieldName.DUE_DATE: date(2026, 4, 2),
}


@pytest.fixture
def model():
    """Weights by common sense, straight curves."""
    return Calibration(
        weights=PRIORS,
        own={},
        constants={},
        usual={name: {"named": 1.0} for name in FieldName},
        curves={True: STRAIGHT, False: STRAIGHT},
        absent={"constant": 3.0, "best_rival": -0.5, "has_rival": -1.0, "poor_page": -2.0},
        risk=(0.0, 1.0),
        coverage={
            False: (Point(0.01, 50, 400, 0, 0.006), Point(0.2, 90, 720, 1, 0.005), Point(0.5, 100, 800, 8, 0.02)),
            True: (Point(0.01, 50, 400, 0, 0.006), Point(0.2, 60, 480, 40, 0.1)),
        },
        version="test",
    )


@pytest.fixture
def record_with():
    """A record with some fields changed: `record_with(iban={"score": 0.4})`, None for a missing one."""

    def build(**changes):
        fields = {
            name: field_of(name, value, **(changes.get(name) or {}))
            for name, value in VALUES.items()
            if name not in changes or changes[name] is not None
        }
        return Record(fields=fields)

    return build


def field_of(name, value, *, score=0.9, evidence=(), rivals=(), box=True, **changes):
    place = Box(x0=1, y0=1, x1=9, y1=9) if box else None
    return Field(
        name=name, value=value, score=score, page=1, box=place, evidence=(*SEEN, *evidence), rivals=rivals, **changes
    )
