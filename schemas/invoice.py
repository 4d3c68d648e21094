"""An invoice in the terms of EN 16931. All amounts are in the invoice's currency (BT-5).

Everything may be absent: this is what a document says, not what it should say. The rules judge that.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field as Constraint

from schemas.base import Amount, Value
from schemas.money import CurrencyCode, Money


class DocumentType(StrEnum):
    """What a document is. `code` gives the UNTDID 1001 code of BT-3 where the document can be posted."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    CORRECTED_INVOICE = "corrected_invoice"
    PREPAYMENT_INVOICE = "prepayment_invoice"
    SELF_BILLED_INVOICE = "self_billed_invoice"
    PROFORMA = "proforma"
    QUOTE = "quote"
    ORDER = "order"
    DELIVERY_NOTE = "delivery_note"
    STATEMENT = "statement"
    REMINDER = "reminder"
    RECEIPT = "receipt"
    OTHER = "other"

    @property
    def code(self) -> str | None:
        """The UNTDID 1001 code, or None for a document that is never posted."""
        return _POSTABLE_CODES.get(self)

    @property
    def is_postable(self) -> bool:
        """Whether a document of this type may be posted at all."""
        return self in _POSTABLE_CODES


_POSTABLE_CODES = {
    DocumentType.INVOICE: "380",
    DocumentType.CREDIT_NOTE: "381",
    DocumentType.CORRECTED_INVOICE: "384",
    DocumentType.PREPAYMENT_INVOICE: "386",
    DocumentType.SELF_BILLED_INVOICE: "389",
}


def bt(term: str, description: str = "") -> object:
    """Field metadata that names the business term."""
    return Constraint(json_schema_extra={"businessTerm": term}, description=description or None)


Text = Annotated[str, Constraint(max_length=2000)]


class Party(Value):
    """Seller (BG-4) or buyer (BG-7)."""

    name: Annotated[Text | None, bt("BT-27/BT-44")] = None
    vat_id: Annotated[Text | None, bt("BT-31/BT-48")] = None
    siren: Annotated[Text | None, bt("BT-30/BT-47", "Legal registration identifier")] = None
    siret: Annotated[Text | None, bt("BT-29/BT-46", "Identifier of the establishment")] = None
    tax_number: Annotated[Text | None, bt("BT-32", "Local tax registration")] = None
    street: Annotated[Text | None, bt("BT-35/BT-50")] = None
    postcode: Annotated[Text | None, bt("BT-38/BT-53")] = None
    city: Annotated[Text | None, bt("BT-37/BT-52")] = None
    country: Annotated[Text | None, bt("BT-40/BT-55", "ISO 3166-1 alpha-2 code")] = None


class Payment(Value):
    """Where to pay (BG-16, BG-17)."""

    iban: Annotated[Text | None, bt("BT-84")] = None
    bic: Annotated[Text | None, bt("BT-86")] = None
    terms: Annotated[Text | None, bt("BT-20")] = None


class Totals(Value):
    """Document totals (BG-22)."""

    lines: Annotated[Amount | None, bt("BT-106", "Sum of line net amounts")] = None
    allowances: Annotated[Amount | None, bt("BT-107")] = None
    charges: Annotated[Amount | None, bt("BT-108")] = None
    net: Annotated[Amount | None, bt("BT-109", "Total without VAT")] = None
    tax: Annotated[Amount | None, bt("BT-110", "Total VAT")] = None
    gross: Annotated[Amount | None, bt("BT-112", "Total with VAT")] = None
    prepaid: Annotated[Amount | None, bt("BT-113")] = None
    rounding: Annotated[Amount | None, bt("BT-114")] = None
    due: Annotated[Amount | None, bt("BT-115", "Amount due for payment")] = None


class VatBreakdown(Value):
    """One row of the VAT breakdown (BG-23)."""

    category: Annotated[Text | None, bt("BT-118", "UNCL 5305 code")] = None
    rate: Annotated[Amount | None, bt("BT-119", "Per cent")] = None
    base: Annotated[Amount | None, bt("BT-116")] = None
    amount: Annotated[Amount | None, bt("BT-117")] = None


class InvoiceLine(Value):
    """One invoice line (BG-25)."""

    identifier: Annotated[Text | None, bt("BT-126")] = None
    item_id: Annotated[Text | None, bt("BT-155", "Seller's item identifier")] = None
    description: Annotated[Text | None, bt("BT-153", "Item name")] = None
    quantity: Annotated[Amount | None, bt("BT-129")] = None
    unit: Annotated[Text | None, bt("BT-130", "Unit code, or as printed")] = None
    unit_price: Annotated[Amount | None, bt("BT-146", "Item net price")] = None
    price_base_quantity: Annotated[Amount | None, bt("BT-149")] = None
    discount: Annotated[Amount | None, bt("BT-136", "Allowance on the line")] = None
    charge: Annotated[Amount | None, bt("BT-141", "Charge on the line")] = None
    net_amount: Annotated[Amount | None, bt("BT-131")] = None
    tax_category: Annotated[Text | None, bt("BT-151")] = None
    tax_rate: Annotated[Amount | None, bt("BT-152", "Per cent")] = None
    includes_tax: bool = Constraint(
        default=False, description="True when the document prints prices with VAT; net_amount is then gross."
    )


class Invoice(Value):
    """An invoice or credit note as a document states it."""

    number: Annotated[Text | None, bt("BT-1")] = None
    doc_type: Annotated[DocumentType | None, bt("BT-3")] = None
    issue_date: Annotated[date | None, bt("BT-2")] = None
    due_date: Annotated[date | None, bt("BT-9")] = None
    delivery_date: Annotated[date | None, bt("BT-72")] = None
    currency: Annotated[CurrencyCode | None, bt("BT-5")] = None
    po_number: Annotated[Text | None, bt("BT-13")] = None
    preceding_invoice: Annotated[Text | None, bt("BT-25")] = None
    seller: Party = Party()
    buyer: Party = Party()
    payment: Payment = Payment()
    totals: Totals = Totals()
    vat_breakdown: tuple[VatBreakdown, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    notes: tuple[Text, ...] = ()

    def gross_money(self) -> Money | None:
        """The total with VAT (BT-112) with its currency, or None when either is unknown."""
        if self.totals.gross is None or self.currency is None:
            return None
        return Money(amount=self.totals.gross, currency=self.currency)
