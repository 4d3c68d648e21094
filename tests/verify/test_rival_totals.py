"""A total that the page names twice."""

from decimal import Decimal

import pytest

from pipeline.verify.rival_totals import find_rival_totals
from schemas import Candidate, EvidenceKind, FieldName, InvoiceLine, Record, Severity, VatBreakdown
from tests.verify.conftest import read_field, record_with, witness

NET, TAX = FieldName.NET_TOTAL, FieldName.TAX_TOTAL


def contested(name: FieldName, value: str, rival: str, label: str = "beside 'Total TVA' (0.89)") -> Record:
    said = (witness(EvidenceKind.LABEL, label),) if label else ()
    other = Candidate(name=name, value=Decimal(rival), raw=rival, evidence=said)
    return record_with(read_field(name, Decimal(value)).model_copy(update={"rivals": (other,)}))


@pytest.mark.parametrize(("name", "label"), [(NET, "below 'NET H.T' (0.82)"), (TAX, "beside 'T.V.A' (0.47)")])
def test_another_amount_under_the_label_of_a_total_is_an_error(name: FieldName, label: str) -> None:
    """The sums may have chosen one of two printed totals; a person must say which is right."""
    (finding,) = find_rival_totals(contested(name, "687.18", "697.18", label))
    assert (finding.rule, finding.severity, finding.fields) == ("total-contradicted", Severity.ERROR, (name,))
    assert "687.18 and 697.18" in finding.message


@pytest.mark.parametrize(
    ("rival", "label"),
    [
        ("697.18", ""),
        ("697.18", "below 'TVA' (0.29)"),
        ("697", "beside 'TVA' (0.89)"),
        ("20.00", "beside 'TVA' (0.89)"),
        ("5.50", "beside 'TVA' (0.89)"),
        ("8.10", "beside 'MwSt' (0.89)"),
        ("87.18", "beside 'TVA' (0.89)"),
        ("687.18", "beside 'TVA' (0.89)"),
    ],
)
def test_rates_counts_and_unnamed_amounts_are_no_rivals(rival: str, label: str) -> None:
    """What no label names, has no cents, may be a rate, or is the end of the total, says nothing against it."""
    assert find_rival_totals(contested(TAX, "687.18", rival, label)) == ()


def test_amounts_that_are_something_else_are_no_rivals() -> None:
    """Lines, what they are carried forward to, other totals and the parts of the VAT breakdown explain an amount."""
    lines = tuple(InvoiceLine(net_amount=Decimal(amount)) for amount in ("100.00", "50.00", "25.00"))
    breakdown = (VatBreakdown(base=Decimal("120.00"), amount=Decimal("24.13")),)
    for amount in ("100.00", "150.00", "120.00", "24.13", "144.13"):
        record = contested(NET, "175.00", amount)
        assert find_rival_totals(record)
        assert find_rival_totals(record.model_copy(update={"lines": lines, "vat_breakdown": breakdown})) == ()
