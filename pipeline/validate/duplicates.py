"""The same invoice in another file: same seller, number, date and total."""

from typing import NamedTuple

from pipeline.validate.finding import error
from pipeline.validate.identifiers import plain, siren_in_vat_id
from schemas import FieldName, Finding, Record


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
    seller, number = _seller(record), plain(record.value(FieldName.INVOICE_NUMBER))
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


def _seller(record: Record) -> str:
    vat_id, siret = record.value(FieldName.SELLER_VAT_ID), plain(record.value(FieldName.SELLER_SIRET))
    siren = plain(record.value(FieldName.SELLER_SIREN)) or siret[:9] or siren_in_vat_id(vat_id)
    return siren or plain(vat_id) or plain(record.value(FieldName.SELLER_NAME))
