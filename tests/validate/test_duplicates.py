"""What makes two documents the same invoice."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.validate.duplicates import business_key, duplicate_finding
from schemas import Field, FieldName, Record, Severity

VALUES = {
    FieldName.SELLER_NAME: "Quincaillerie Martin SARL",
    FieldName.SELLER_VAT_ID: "FR44732829320",
    FieldName.INVOICE_NUMBER: "F-2026/17",
    FieldName.ISSUE_DATE: date(2026, 3, 2),
    FieldName.GROSS_TOTAL: Decimal("120.00"),
}


def record(**changes: object) -> Record:
    values = VALUES | {FieldName(name): value for name, value in changes.items()}
    fields = {name: Field(name=name, value=value) for name, value in values.items() if value is not None}
    return Record(fields=fields)


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_number": "f 2026 17"},
        {"seller_vat_id": "FR 44 732 829 320"},
        {"seller_vat_id": None, "seller_siren": "732 829 320"},
        {"seller_vat_id": None, "seller_siret": "732 829 320 00074"},
        {"seller_name": "QUINCAILLERIE MARTIN"},
        {"gross_total": Decimal("120.0")},
    ],
)
def test_second_scan_has_the_same_key(changes: dict[str, object]) -> None:
    """Spelling of number, VAT id and name, and which French identifier was read, make no difference."""
    assert business_key(record(**changes)) == business_key(record())


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_number": "F-2026/18"},
        {"seller_vat_id": "DE136695976"},
        {"issue_date": date(2026, 3, 3)},
        {"gross_total": Decimal("-120.00")},
    ],
)
def test_other_invoice_has_another_key(changes: dict[str, object]) -> None:
    """Another number, seller, date or total is another invoice; a credit note over the same sum is too."""
    assert business_key(record(**changes)) != business_key(record())


def test_seller_without_identifier_is_known_by_name() -> None:
    """The name is the last resort."""
    key = business_key(record(seller_vat_id=None))
    assert key is not None
    assert key.seller == "QUINCAILLERIEMARTINSARL"


@pytest.mark.parametrize("name", ["invoice_number", "issue_date", "gross_total"])
def test_incomplete_record_has_no_key(name: str) -> None:
    """Without number, date or total nothing can be compared."""
    assert business_key(record(**{name: None})) is None
    assert business_key(record(seller_vat_id=None, seller_name=None)) is None


def test_finding_names_the_other_document() -> None:
    """The clerk can open the other document."""
    finding = duplicate_finding("0123456789abcdef")
    assert finding.severity is Severity.ERROR
    assert "0123456789abcdef" in finding.message
