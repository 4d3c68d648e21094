"""Types and signs."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pipeline.validate import document_type
from schemas import DocumentType, Finding, Invoice, Severity

Change = Callable[..., Invoice]
NEGATIVE = {"net": Decimal(-100), "tax": Decimal(-20), "gross": Decimal(-120)}


def findings(invoice: Invoice) -> list[Finding]:
    return [finding for rule in document_type.RULES for finding in rule(invoice, date(2026, 3, 10))]


@pytest.mark.parametrize("kind", [kind for kind in DocumentType if not kind.is_postable])
def test_what_is_no_invoice_is_never_posted(change: Change, kind: DocumentType) -> None:
    """A quote, order, delivery note, statement, reminder, receipt or pro forma is an error."""
    (finding,) = findings(change(doc_type=kind))
    assert (finding.rule, finding.severity) == ("not-an-invoice", Severity.ERROR)


def test_message_names_the_kind(change: Change) -> None:
    """The clerk reads what the document is."""
    assert findings(change(doc_type=DocumentType.ORDER))[0].message.startswith("This is an order, not an invoice")
    assert findings(change(doc_type=DocumentType.DELIVERY_NOTE))[0].message.startswith("This is a delivery note,")


@pytest.mark.parametrize("kind", [DocumentType.INVOICE, DocumentType.PREPAYMENT_INVOICE])
def test_invoices_are_posted(change: Change, kind: DocumentType) -> None:
    """Invoices of any kind have no finding."""
    assert findings(change(doc_type=kind)) == []


def test_unknown_type_is_a_warning(change: Change) -> None:
    """A document that does not say what it is may be an invoice."""
    assert [finding.severity for finding in findings(change(doc_type=None))] == [Severity.WARNING]


@pytest.mark.parametrize("totals", [{}, NEGATIVE])
def test_credit_note_may_be_printed_with_either_sign(change: Change, totals: dict[str, Decimal]) -> None:
    """Both habits are common."""
    note = change(doc_type=DocumentType.CREDIT_NOTE, preceding_invoice="F-1", totals=totals)
    assert findings(note) == []


def test_negative_invoice_is_a_warning(change: Change) -> None:
    """EN 16931 allows it; a clerk should know."""
    (finding,) = findings(change(totals=NEGATIVE))
    assert (finding.rule, finding.severity) == ("negative-invoice", Severity.WARNING)


def test_mixed_signs_are_an_error(change: Change) -> None:
    """A minus on one total only was misread, on a credit note too; a VAT of zero has no sign."""
    for kind in (DocumentType.INVOICE, DocumentType.CREDIT_NOTE):
        mixed = change(doc_type=kind, preceding_invoice="F-1", totals={"net": Decimal(-100)})
        (finding,) = findings(mixed)
        assert finding.message == "The totals have different signs: Net -100.00, VAT 20.00, total 120.00."
    assert findings(change(totals={"tax": Decimal(0)})) == []


def test_credit_note_should_name_its_invoice(change: Change) -> None:
    """A remark, no more."""
    (finding,) = findings(change(doc_type=DocumentType.CREDIT_NOTE))
    assert (finding.rule, finding.severity) == ("no-preceding-invoice", Severity.INFO)
