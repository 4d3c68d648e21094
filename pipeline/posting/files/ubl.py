"""Writes an invoice as UBL 2.1 Invoice or CreditNote by EN 16931."""

from decimal import Decimal

from pipeline.posting.adjustment import Adjustment
from pipeline.posting.files.vatex import exemption_of
from pipeline.posting.files.xmlnode import Node
from schemas import DocumentType, Invoice, InvoiceLine, Party

OUTSIDE = "O"
"""The VAT category that has no rate (BR-O-5)."""
_COMMON = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def write_ubl(invoice: Invoice, adjustments: tuple[Adjustment, ...] = ()) -> bytes:
    """The invoice as UBL; `adjustments` are its document level allowances and charges (BG-20, BG-21)."""
    kind = "CreditNote" if invoice.doc_type is DocumentType.CREDIT_NOTE else "Invoice"
    root = Node.root(kind, {"": f"urn:oasis:names:specification:ubl:schema:xsd:{kind}-2", **_COMMON})
    money = _Money(str(invoice.currency))
    _head(root, invoice, kind)
    _party(root.add("cac:AccountingSupplierParty/cac:Party"), invoice.seller)
    _party(root.add("cac:AccountingCustomerParty/cac:Party"), invoice.buyer)
    _delivery(root, invoice)
    _payment(root, invoice, kind)
    for adjustment in adjustments:
        _adjustment(root.add("cac:AllowanceCharge"), adjustment, money)
    _taxes(root.add("cac:TaxTotal"), invoice, money)
    _totals(root.add("cac:LegalMonetaryTotal"), invoice, money)
    for line in invoice.lines:
        _line(root.add(f"cac:{kind}Line"), line, "Credited" if kind == "CreditNote" else "Invoiced", money)
    return root.to_bytes()


class _Money:
    """Adds amounts with the invoice's currency."""

    def __init__(self, currency: str) -> None:
        self.currency = currency

    def add(self, node: Node, name: str, amount: Decimal | None) -> None:
        if amount is not None:
            node.add(name, amount, currencyID=self.currency)


def _head(root: Node, invoice: Invoice, kind: str) -> None:
    root.add("cbc:CustomizationID", "urn:cen.eu:en16931:2017")
    root.add("cbc:ID", invoice.number)
    root.add("cbc:IssueDate", invoice.issue_date)
    if kind == "Invoice":
        root.maybe("cbc:DueDate", invoice.due_date)
    root.add(f"cbc:{kind}TypeCode", invoice.doc_type and invoice.doc_type.code)
    for note in invoice.notes:
        root.add("cbc:Note", note)
    root.add("cbc:DocumentCurrencyCode", invoice.currency)
    root.maybe("cac:OrderReference/cbc:ID", invoice.po_number)
    root.maybe("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", invoice.preceding_invoice)


def _party(node: Node, party: Party) -> None:
    node.maybe("cac:PartyIdentification/cbc:ID", party.siret, schemeID="0009")
    address = node.add("cac:PostalAddress")
    address.maybe("cbc:StreetName", party.street)
    address.maybe("cbc:CityName", party.city)
    address.maybe("cbc:PostalZone", party.postcode)
    address.add("cac:Country/cbc:IdentificationCode", party.country)
    for number, kind in ((party.vat_id, "VAT"), (party.tax_number, "FC")):
        if number:
            scheme = node.add("cac:PartyTaxScheme")
            scheme.add("cbc:CompanyID", number)
            scheme.add("cac:TaxScheme/cbc:ID", kind)
    legal = node.add("cac:PartyLegalEntity")
    legal.add("cbc:RegistrationName", party.name)
    legal.maybe("cbc:CompanyID", party.siren, schemeID="0002")


def _delivery(root: Node, invoice: Invoice) -> None:
    if invoice.delivery_date is None:
        return
    delivery = root.add("cac:Delivery")
    delivery.add("cbc:ActualDeliveryDate", invoice.delivery_date)
    if any(row.category == "K" for row in invoice.vat_breakdown):
        delivery.add("cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode", invoice.buyer.country)


def _payment(root: Node, invoice: Invoice, kind: str) -> None:
    payment = invoice.payment
    if payment.iban or kind == "CreditNote":
        means = root.add("cac:PaymentMeans")
        means.add("cbc:PaymentMeansCode", "30" if payment.iban else "1")
        if kind == "CreditNote":
            means.maybe("cbc:PaymentDueDate", invoice.due_date)
        means.maybe("cac:PayeeFinancialAccount/cbc:ID", payment.iban)
        if payment.iban:
            means.maybe("cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID", payment.bic)
    root.maybe("cac:PaymentTerms/cbc:Note", payment.terms)


def _adjustment(node: Node, adjustment: Adjustment, money: _Money) -> None:
    node.add("cbc:ChargeIndicator", str(adjustment.is_charge).lower())
    node.add("cbc:AllowanceChargeReason", adjustment.reason)
    money.add(node, "cbc:Amount", adjustment.amount)
    _category(node.add("cac:TaxCategory"), adjustment.category, adjustment.rate)


def _category(node: Node, category: str | None, rate: object, seller: Party | None = None) -> None:
    """`seller` where the reason for charging no VAT belongs."""
    reason, code = exemption_of(category, seller) if seller else ("", "")
    node.add("cbc:ID", category)
    if category != OUTSIDE:
        node.add("cbc:Percent", rate)
    node.maybe("cbc:TaxExemptionReasonCode", code)
    node.maybe("cbc:TaxExemptionReason", reason)
    node.add("cac:TaxScheme/cbc:ID", "VAT")


def _taxes(node: Node, invoice: Invoice, money: _Money) -> None:
    money.add(node, "cbc:TaxAmount", invoice.totals.tax)
    for row in invoice.vat_breakdown:
        subtotal = node.add("cac:TaxSubtotal")
        money.add(subtotal, "cbc:TaxableAmount", row.base)
        money.add(subtotal, "cbc:TaxAmount", row.amount)
        _category(subtotal.add("cac:TaxCategory"), row.category, row.rate, invoice.seller)


def _totals(node: Node, invoice: Invoice, money: _Money) -> None:
    totals = invoice.totals
    money.add(node, "cbc:LineExtensionAmount", totals.lines)
    money.add(node, "cbc:TaxExclusiveAmount", totals.net)
    money.add(node, "cbc:TaxInclusiveAmount", totals.gross)
    money.add(node, "cbc:AllowanceTotalAmount", totals.allowances)
    money.add(node, "cbc:ChargeTotalAmount", totals.charges)
    money.add(node, "cbc:PrepaidAmount", totals.prepaid)
    money.add(node, "cbc:PayableRoundingAmount", totals.rounding)
    money.add(node, "cbc:PayableAmount", totals.due)


def _line(node: Node, line: InvoiceLine, verb: str, money: _Money) -> None:
    node.add("cbc:ID", line.identifier)
    node.add(f"cbc:{verb}Quantity", line.quantity, unitCode=str(line.unit))
    money.add(node, "cbc:LineExtensionAmount", line.net_amount)
    if line.discount:
        allowance = node.add("cac:AllowanceCharge")
        allowance.add("cbc:ChargeIndicator", "false")
        allowance.add("cbc:AllowanceChargeReasonCode", "95")
        money.add(allowance, "cbc:Amount", line.discount)
    item = node.add("cac:Item")
    item.add("cbc:Name", line.description)
    item.maybe("cac:SellersItemIdentification/cbc:ID", line.item_id)
    _category(item.add("cac:ClassifiedTaxCategory"), line.tax_category, line.tax_rate)
    money.add(node.add("cac:Price"), "cbc:PriceAmount", line.unit_price)
