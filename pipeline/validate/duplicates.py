"""The same invoice in another file: same seller, number, date and total, or so nearly that a person must look."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from pipeline.validate.finding import error
from pipeline.validate.identifiers import plain, siren_in_vat_id
from schemas import FieldName, Finding, Record

SAME_NAME = 88.0
"""Similarity of two names in percent (rapidfuzz): spelling and legal form may differ between two scans."""
NUMBERS_LAST = timedelta(days=300)
"""Some sellers begin to count anew each year."""


class BusinessKey(NamedTuple):
    """What tells one invoice from all others, normalised so that a second scan gives the same."""

    seller: str
    number: str
    issue_date: str
    gross: str


def business_key(record: Record) -> BusinessKey | None:
    """The key of an invoice, or None when a part of it is unknown.

    The seller is known by SIREN (also the one inside a French VAT id or SIRET), else by VAT id, else by name.
    The date is ISO, the total a decimal string with two decimals.
    """
    seller, number = seller_key(record), plain(record.value(FieldName.INVOICE_NUMBER))
    issued, gross = record.value(FieldName.ISSUE_DATE), record.value(FieldName.GROSS_TOTAL)
    if not seller or not number or issued is None or gross is None:
        return None
    return BusinessKey(seller, number, issued.isoformat(), f"{gross:.2f}")


def duplicate_finding(other_document_id: str) -> Finding:
    """The finding for an invoice that another document already brought."""
    return error(
        "duplicate",
        f"Document {other_document_id} is the same invoice: same seller, number, date and total.",
        FieldName.INVOICE_NUMBER,
    )


def find_alike(record: Record, others: Iterable[tuple[str, Record]]) -> tuple[Finding, ...]:
    """An error finding for each other document's record that is nearly the same invoice; `others` by document id.

    possible-duplicate: same seller, date and total under another number; the same amount on another day is a
    subscription. number-used: same seller and number with another date or total, within a year. A true duplicate is
    the business of `business_key`.
    """
    key = business_key(record)
    known = {(document_id, key and business_key(other)): other for document_id, other in others}
    return tuple(
        finding
        for (document_id, other_key), other in known.items()
        if (key is None or other_key != key) and is_same_seller(record, other)
        for finding in _alike(record, document_id, other)
    )


def is_same_seller(one: Record, other: Record) -> bool:
    """By the identifiers that both print; by account or name where they print none in common."""
    for read in (_siren, lambda record: plain(record.value(FieldName.SELLER_VAT_ID))):
        if read(one) and read(other):
            return bool(read(one) == read(other))
    account, other_account = (plain(record.value(FieldName.IBAN)) for record in (one, other))
    if account and account == other_account:
        return True
    names = [str(record.value(FieldName.SELLER_NAME) or "").casefold() for record in (one, other)]
    return all(names) and fuzz.token_set_ratio(*names) >= SAME_NAME


def _alike(record: Record, document_id: str, other: Record) -> Iterator[Finding]:
    number, issued, gross = _content(record)
    other_number, other_issued, other_gross = _content(other)
    if None in (issued, gross):
        return
    if (issued, gross) == (other_issued, other_gross):
        message = (
            f"Document {document_id} is of the same seller, date and total under the number "
            f"{other.value(FieldName.INVOICE_NUMBER)}."
        )
        yield error("possible-duplicate", message, FieldName.INVOICE_NUMBER)
    elif number and number == other_number and other_issued and abs(issued - other_issued) <= NUMBERS_LAST:
        message = (
            f"The seller has used the number {record.value(FieldName.INVOICE_NUMBER)} before: document {document_id} "
            f"of {other_issued} over {other_gross}."
        )
        yield error("number-used", message, FieldName.INVOICE_NUMBER)


def _content(record: Record) -> tuple[str, Any, Any]:
    """Number without spaces and marks, issue date and total."""
    number = plain(record.value(FieldName.INVOICE_NUMBER))
    return number, record.value(FieldName.ISSUE_DATE), record.value(FieldName.GROSS_TOTAL)


def _siren(record: Record) -> str:
    vat_id, siret = record.value(FieldName.SELLER_VAT_ID), plain(record.value(FieldName.SELLER_SIRET))
    return plain(record.value(FieldName.SELLER_SIREN)) or siret[:9] or siren_in_vat_id(vat_id) or ""


def seller_key(record: Record) -> str:
    """The seller under a name that does not change with the spelling; empty when unknown. See `business_key`."""
    vat_id, name = record.value(FieldName.SELLER_VAT_ID), record.value(FieldName.SELLER_NAME)
    return _siren(record) or plain(vat_id) or plain(name)
