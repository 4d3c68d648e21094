"""What a posting cannot do without."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.validate.required import required_fields
from schemas import FieldName, Invoice, Severity

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": None}, FieldName.INVOICE_NUMBER),
        ({"number": ""}, FieldName.INVOICE_NUMBER),
        ({"issue_date": None}, FieldName.ISSUE_DATE),
        ({"currency": None}, FieldName.CURRENCY),
        ({"seller": {"name": None}}, FieldName.SELLER_NAME),
        ({"totals": {"net": None}}, FieldName.NET_TOTAL),
        ({"totals": {"tax": None}}, FieldName.TAX_TOTAL),
        ({"totals": {"gross": None}}, FieldName.GROSS_TOTAL),
    ],
)
def test_missing_critical_field_is_an_error(
    change: Callable[..., Invoice], changes: dict[str, object], field: FieldName
) -> None:
    """Each posting-critical field is missed by name."""
    (finding,) = required_fields(change(**changes), TODAY)
    assert (finding.severity, finding.fields) == (Severity.ERROR, (field,))
    assert field.replace("_", " ") in finding.message


def test_iban_may_be_missing(change: Callable[..., Invoice]) -> None:
    """An invoice need not print an IBAN."""
    assert list(required_fields(change(payment={"iban": None}), TODAY)) == []
