"""Writes an invoice as UN/CEFACT Cross Industry Invoice, profile EN 16931 (also the XML of Factur-X)."""

from datetime import date
from decimal import Decimal

from pipeline.posting.adjustment import Adjustment
from pipeline.posting.files.vatex import exemption_of
from pipeline.posting.files.xmlnode import Node
from schemas import Invoice, InvoiceLine, Party, VatBreakdown

OUTSIDE = "O"
"""The VAT category that has no rate (BR-O-5)."""
_ZERO = Decimal("0.00")
_NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}


def write_cii(invoice: Invoice, adjustments: tuple[Adjustment, ...] = ()) -> bytes:
    """The invoice as CII; `adjustments` are its document level allowances and charges (BG-20, BG-21)."""
    root = Node.root("rsm:CrossIndustryInvoice", _NAMESPACES)
    root.add(
        "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
        "urn:cen.eu:en16931:2017",
    )
    _document(root.add("rsm:ExchangedDocument"), invoice)
    transaction = root.add("rsm:SupplyChainTradeTransaction")
    for line in invoice.lines:
        _line(transaction.add("ram:IncludedSupplyChainTradeLineItem"), line)
    _agreement(transaction.add("ram:ApplicableHeaderTradeAgreement"), invoice)
    _delivery(transaction.add("ram:ApplicableHeaderTradeDelivery"), invoice)
    _settlement(transaction.add("ram:ApplicableHeaderTradeSettlement"), invoice, adjustments)
    return root.to_bytes()


def _document(node: Node, invoice: Invoice) -> None:
    node.add("ram:ID", invoice.number)
    node.add("ram:TypeCode", invoice.doc_type and invoice.doc_type.code)
    _date(node, "ram:IssueDateTime", invoice.issue_date)
    for note in invoice.notes:
        node.add("ram:IncludedNote").add("ram:Content", note)


def _line(node: Node, line: InvoiceLine) -> None:
    node.add("ram:AssociatedDocumentLineDocument/ram:LineID", line.identifier)
    product = node.add("ram:SpecifiedTradeProduct")
    product.maybe("ram:SellerAssignedID", line.item_id)
    product.add("ram:Name", line.description)
    node.add("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", line.unit_price)
    node.add("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", line.quantity, unitCode=str(line.unit))
    settlement = node.add("ram:SpecifiedLineTradeSettlement")
    _tax(settlement.add("ram:ApplicableTradeTax"), line.tax_category, line.tax_rate)
    if line.discount:
        allowance = settlement.add("ram:SpecifiedTradeAllowanceCharge")
        allowance.add("ram:ChargeIndicator/udt:Indicator", "false")
        allowance.add("ram:ActualAmount", line.discount)
        allowance.add("ram:ReasonCode", "95")
    settlement.add("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", line.net_amount)


def _tax(node: Node, category: str | None, rate: object) -> None:
    node.add("ram:TypeCode", "VAT")
    node.add("ram:CategoryCode", category)
    if category != OUTSIDE:
        node.add("ram:RateApplicablePercent", rate)


def _agreement(node: Node, invoice: Invoice) -> None:
    _party(node.add("ram:SellerTradeParty"), invoice.seller)
    _party(node.add("ram:BuyerTradeParty"), invoice.buyer)
    node.maybe("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", invoice.po_number)


def _party(node: Node, party: Party) -> None:
    node.maybe("ram:GlobalID", party.siret, schemeID="0009")
    node.add("ram:Name", party.name)
    node.maybe("ram:SpecifiedLegalOrganization/ram:ID", party.siren, schemeID="0002")
    address = node.add("ram:PostalTradeAddress")
    address.maybe("ram:PostcodeCode", party.postcode)
    address.maybe("ram:LineOne", party.street)
    address.maybe("ram:CityName", party.city)
    address.add("ram:CountryID", party.country)
    for number, scheme in ((party.vat_id, "VA"), (party.tax_number, "FC")):
        if number:
            node.add("ram:SpecifiedTaxRegistration").add("ram:ID", number, schemeID=scheme)


def _delivery(node: Node, invoice: Invoice) -> None:
    if any(row.category == "K" for row in invoice.vat_breakdown):
        node.add("ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID", invoice.buyer.country)
    if invoice.delivery_date:
        _date(node.add("ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime", invoice.delivery_date)


def _settlement(node: Node, invoice: Invoice, adjustments: tuple[Adjustment, ...]) -> None:
    node.add("ram:InvoiceCurrencyCode", invoice.currency)
    if invoice.payment.iban:
        means = node.add("ram:SpecifiedTradeSettlementPaymentMeans")
        means.add("ram:TypeCode", "30")
        means.add("ram:PayeePartyCreditorFinancialAccount/ram:IBANID", invoice.payment.iban)
        means.maybe("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", invoice.payment.bic)
    for row in invoice.vat_breakdown:
        _breakdown(node.add("ram:ApplicableTradeTax"), row, invoice.seller)
    for adjustment in adjustments:
        _adjustment(node.add("ram:SpecifiedTradeAllowanceCharge"), adjustment)
    if invoice.payment.terms or invoice.due_date:
        terms = node.add("ram:SpecifiedTradePaymentTerms")
        terms.maybe("ram:Description", invoice.payment.terms)
        _date(terms, "ram:DueDateDateTime", invoice.due_date)
    _totals(node.add("ram:SpecifiedTradeSettlementHeaderMonetarySummation"), invoice)
    node.maybe("ram:InvoiceReferencedDocument/ram:IssuerAssignedID", invoice.preceding_invoice)


def _breakdown(node: Node, row: VatBreakdown, seller: Party) -> None:
    reason, code = exemption_of(row.category, seller)
    node.add("ram:CalculatedAmount", row.amount)
    node.add("ram:TypeCode", "VAT")
    node.maybe("ram:ExemptionReason", reason)
    node.add("ram:BasisAmount", row.base)
    node.add("ram:CategoryCode", row.category)
    node.maybe("ram:ExemptionReasonCode", code)
    if row.category != OUTSIDE:
        node.add("ram:RateApplicablePercent", row.rate)


def _adjustment(node: Node, adjustment: Adjustment) -> None:
    node.add("ram:ChargeIndicator/udt:Indicator", str(adjustment.is_charge).lower())
    node.add("ram:ActualAmount", adjustment.amount)
    node.add("ram:Reason", adjustment.reason)
    _tax(node.add("ram:CategoryTradeTax"), adjustment.category, adjustment.rate)


def _totals(node: Node, invoice: Invoice) -> None:
    totals = invoice.totals
    node.add("ram:LineTotalAmount", totals.lines)
    node.add("ram:ChargeTotalAmount", totals.charges or _ZERO)
    node.add("ram:AllowanceTotalAmount", totals.allowances or _ZERO)
    node.add("ram:TaxBasisTotalAmount", totals.net)
    node.add("ram:TaxTotalAmount", totals.tax, currencyID=str(invoice.currency))
    node.maybe("ram:RoundingAmount", totals.rounding)
    node.add("ram:GrandTotalAmount", totals.gross)
    node.maybe("ram:TotalPrepaidAmount", totals.prepaid)
    node.add("ram:DuePayableAmount", totals.due)


def _date(node: Node, name: str, value: date | None) -> None:
    if value is not None:
        node.add(f"{name}/udt:DateTimeString", value.strftime("%Y%m%d"), format="102")
