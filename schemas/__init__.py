"""The values that travel through the back office: frozen, without I/O, named after EN 16931."""

from schemas.decision import Decision, Draft, Outcome, Reason, Rejected, Review, StraightThrough
from schemas.document import Document, MediaType
from schemas.evidence import Evidence, EvidenceKind
from schemas.field import Candidate, Field, FieldStatus, Record
from schemas.finding import Failure, Finding, Severity
from schemas.invoice import DocumentType, Invoice, InvoiceLine, Party, Payment, Totals, VatBreakdown
from schemas.money import Money
from schemas.page import Box, EInvoice, Page, Reading, TextSource, Word
from schemas.posting import CodedLine, CodedTax, Coding, Entry, PostingKey, PostingOrder, Receipt, Voucher
from schemas.terms import FIELD_TERMS, FieldName, Term, ValueKind

__all__ = [
    "FIELD_TERMS",
    "Box",
    "Candidate",
    "CodedLine",
    "CodedTax",
    "Coding",
    "Decision",
    "Document",
    "DocumentType",
    "Draft",
    "EInvoice",
    "Entry",
    "Evidence",
    "EvidenceKind",
    "Failure",
    "Field",
    "FieldName",
    "FieldStatus",
    "Finding",
    "Invoice",
    "InvoiceLine",
    "MediaType",
    "Money",
    "Outcome",
    "Page",
    "Party",
    "Payment",
    "PostingKey",
    "PostingOrder",
    "Reading",
    "Reason",
    "Receipt",
    "Record",
    "Rejected",
    "Review",
    "Severity",
    "StraightThrough",
    "Term",
    "TextSource",
    "Totals",
    "ValueKind",
    "VatBreakdown",
    "Voucher",
    "Word",
]
