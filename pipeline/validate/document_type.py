"""What kind of document it is, and whether its amounts have the sign that fits."""

from collections.abc import Iterator
from datetime import date

from pipeline.validate.finding import Rule, error, info, say, warning
from schemas import DocumentType, FieldName, Finding, Invoice

_TOTALS = (FieldName.NET_TOTAL, FieldName.TAX_TOTAL, FieldName.GROSS_TOTAL)


def postable_type(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Only invoices and credit notes are posted; a quote, order or reminder never is."""
    if invoice.doc_type is None:
        message = "The document does not say what it is; it is taken for an invoice."
        yield warning("unknown-type", message, FieldName.DOC_TYPE)
    elif not invoice.doc_type.is_postable:
        kind = "other document" if invoice.doc_type is DocumentType.OTHER else invoice.doc_type.replace("_", " ")
        article = "an" if kind[0] in "aeiou" else "a"
        message = f"This is {article} {kind}, not an invoice; it must not be posted."
        yield error("not-an-invoice", message, FieldName.DOC_TYPE)


def one_sign(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Net, VAT and total are all positive or all negative, for invoices and credit notes alike."""
    totals = {"Net": invoice.totals.net, "VAT": invoice.totals.tax, "total": invoice.totals.gross}
    amounts = {name: amount for name, amount in totals.items() if amount}
    if len({amount > 0 for amount in amounts.values()}) > 1:
        stated = ", ".join(f"{name} {say(amount)}" for name, amount in amounts.items())
        yield error("mixed-signs", f"The totals have different signs: {stated}.", *_TOTALS)


def negative_invoice(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """An invoice with a negative total is in truth a credit note; EN 16931 allows it."""
    gross = invoice.totals.gross
    if gross is not None and gross < 0 and invoice.doc_type is not DocumentType.CREDIT_NOTE:
        message = f"The total is {say(gross)}: a negative invoice is a credit note by another name."
        yield warning("negative-invoice", message, FieldName.GROSS_TOTAL, FieldName.DOC_TYPE)


def preceding_invoice(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """A credit note or correction names the invoice it belongs to (BT-25)."""
    corrects = {DocumentType.CREDIT_NOTE, DocumentType.CORRECTED_INVOICE}
    if invoice.doc_type in corrects and not invoice.preceding_invoice:
        message = "The document corrects an earlier invoice but does not name it."
        yield info("no-preceding-invoice", message, FieldName.PRECEDING_INVOICE)


RULES: tuple[Rule, ...] = (postable_type, one_sign, negative_invoice, preceding_invoice)
