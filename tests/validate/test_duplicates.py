"""What makes two documents the same invoice."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.validate.duplicates import business_key, duplicate_finding, find_alike, is_same_seller
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


def alike(other: Record, **changes: object) -> list[str]:
    return [finding.rule for finding in find_alike(record(**changes), [("abc", other)])]


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_number": "F-2026/18"},
        {"invoice_number": None},
        {"invoice_number": "F-2026/18", "seller_name": "QUINCAILLERIE MARTIN"},
        {"invoice_number": "F-2026/18", "seller_vat_id": None},
        {"invoice_number": "F-2026/18", "seller_vat_id": None, "seller_siret": "732 829 320 00074", "seller_name": "X"},
    ],
)
def test_the_same_invoice_under_another_number_may_be_a_duplicate(changes: dict[str, object]) -> None:
    """Same seller, however it is known, same date and total: a person must say whether it is the same invoice."""
    (finding,) = find_alike(record(**changes), [("abc", record())])
    assert (finding.rule, finding.severity) == ("possible-duplicate", Severity.ERROR)
    assert "Document abc" in finding.message
    assert "F-2026/17" in finding.message


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_number": "F-2026/18", "issue_date": date(2026, 4, 2)},
        {"invoice_number": "F-2026/18", "gross_total": Decimal("120.01")},
        {"invoice_number": "F-2026/18", "gross_total": Decimal("-120.00")},
        {"invoice_number": "F-2026/18", "seller_vat_id": "DE136695976"},
        {"invoice_number": "F-2026/18", "seller_vat_id": None, "seller_name": "Boucherie Durand"},
        {"issue_date": date(2027, 3, 2)},
        {"issue_date": None, "invoice_number": "F-2026/18"},
        {},
    ],
)
def test_a_subscription_a_refund_and_another_seller_are_no_duplicate(changes: dict[str, object]) -> None:
    """The same amount on another day, of the other sign or of somebody else is another invoice.

    So is a number that a seller uses again in another year; a true duplicate is told by its key alone.
    """
    assert alike(record(), **changes) == []


def test_a_number_that_was_used_for_another_invoice_is_an_error() -> None:
    """An invoice that came before with another total or date was altered, or its number is not its own."""
    assert alike(record(), gross_total=Decimal("220.00")) == ["number-used"]
    assert alike(record(), issue_date=date(2026, 3, 9)) == ["number-used"]


def test_sellers_are_the_same_by_account_where_nothing_else_is_known() -> None:
    """Two invoices that ask to pay to one account are of one seller, whatever its name was read as."""
    one = record(seller_vat_id=None, iban="FR76 3000 6000 0112 3456 7890 189")
    other = record(seller_vat_id=None, iban="FR7630006000011234567890189", seller_name="M?rtin")
    assert is_same_seller(one, other)
    assert not is_same_seller(one, record(seller_vat_id=None, seller_name="M?rtin"))
