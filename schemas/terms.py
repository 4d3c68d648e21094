"""The header fields, their EN 16931 business terms, and how their values are typed."""

from enum import StrEnum
from typing import NamedTuple


class ValueKind(StrEnum):
    """How a field's value is typed and compared."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    DATE = "date"
    AMOUNT = "amount"
    CODE = "code"


class FieldName(StrEnum):
    """A header field of an invoice."""

    INVOICE_NUMBER = "invoice_number"
    DOC_TYPE = "doc_type"
    ISSUE_DATE = "issue_date"
    DUE_DATE = "due_date"
    DELIVERY_DATE = "delivery_date"
    SELLER_NAME = "seller_name"
    SELLER_VAT_ID = "seller_vat_id"
    SELLER_SIREN = "seller_siren"
    SELLER_SIRET = "seller_siret"
    BUYER_NAME = "buyer_name"
    BUYER_VAT_ID = "buyer_vat_id"
    CURRENCY = "currency"
    NET_TOTAL = "net_total"
    TAX_TOTAL = "tax_total"
    GROSS_TOTAL = "gross_total"
    AMOUNT_DUE = "amount_due"
    IBAN = "iban"
    BIC = "bic"
    PO_NUMBER = "po_number"
    LINES_TOTAL = "lines_total"
    ALLOWANCE_TOTAL = "allowance_total"
    CHARGE_TOTAL = "charge_total"
    PREPAID_TOTAL = "prepaid_total"
    ROUNDING = "rounding"
    PRECEDING_INVOICE = "preceding_invoice"


class Term(NamedTuple):
    """What a field is: its business term, value kind, place in `Invoice`, and whether posting depends on it."""

    business_term: str
    kind: ValueKind
    path: str
    posting_critical: bool = False


FIELD_TERMS: dict[FieldName, Term] = {
    FieldName.INVOICE_NUMBER: Term("BT-1", ValueKind.IDENTIFIER, "number", True),
    FieldName.DOC_TYPE: Term("BT-3", ValueKind.CODE, "doc_type"),
    FieldName.ISSUE_DATE: Term("BT-2", ValueKind.DATE, "issue_date", True),
    FieldName.DUE_DATE: Term("BT-9", ValueKind.DATE, "due_date"),
    FieldName.DELIVERY_DATE: Term("BT-72", ValueKind.DATE, "delivery_date"),
    FieldName.SELLER_NAME: Term("BT-27", ValueKind.TEXT, "seller.name", True),
    FieldName.SELLER_VAT_ID: Term("BT-31", ValueKind.IDENTIFIER, "seller.vat_id"),
    FieldName.SELLER_SIREN: Term("BT-30", ValueKind.IDENTIFIER, "seller.siren"),
    FieldName.SELLER_SIRET: Term("BT-29", ValueKind.IDENTIFIER, "seller.siret"),
    FieldName.BUYER_NAME: Term("BT-44", ValueKind.TEXT, "buyer.name"),
    FieldName.BUYER_VAT_ID: Term("BT-48", ValueKind.IDENTIFIER, "buyer.vat_id"),
    FieldName.CURRENCY: Term("BT-5", ValueKind.CODE, "currency", True),
    FieldName.NET_TOTAL: Term("BT-109", ValueKind.AMOUNT, "totals.net", True),
    FieldName.TAX_TOTAL: Term("BT-110", ValueKind.AMOUNT, "totals.tax", True),
    FieldName.GROSS_TOTAL: Term("BT-112", ValueKind.AMOUNT, "totals.gross", True),
    FieldName.AMOUNT_DUE: Term("BT-115", ValueKind.AMOUNT, "totals.due"),
    FieldName.IBAN: Term("BT-84", ValueKind.IDENTIFIER, "payment.iban", True),
    FieldName.BIC: Term("BT-86", ValueKind.IDENTIFIER, "payment.bic"),
    FieldName.PO_NUMBER: Term("BT-13", ValueKind.IDENTIFIER, "po_number"),
    FieldName.LINES_TOTAL: Term("BT-106", ValueKind.AMOUNT, "totals.lines"),
    FieldName.ALLOWANCE_TOTAL: Term("BT-107", ValueKind.AMOUNT, "totals.allowances"),
    FieldName.CHARGE_TOTAL: Term("BT-108", ValueKind.AMOUNT, "totals.charges"),
    FieldName.PREPAID_TOTAL: Term("BT-113", ValueKind.AMOUNT, "totals.prepaid"),
    FieldName.ROUNDING: Term("BT-114", ValueKind.AMOUNT, "totals.rounding"),
    FieldName.PRECEDING_INVOICE: Term("BT-25", ValueKind.IDENTIFIER, "preceding_invoice"),
}

OPTIONAL_WHEN_NOT_PRINTED = frozenset({FieldName.IBAN})
"""Posting-critical fields that a record may lack when the document does not print them."""

POSTING_CRITICAL = tuple(name for name, term in FIELD_TERMS.items() if term.posting_critical)
"""The fields that money and bookkeeping depend on."""
