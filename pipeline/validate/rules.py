"""All rules, and their judgement on a record."""

from datetime import date

from pydantic import ValidationError

from pipeline.validate import currency, dates, document_type, identifiers, lines, required, sums, vat
from pipeline.validate.finding import Rule, error
from schemas import Finding, Invoice, Record

RULES: tuple[Rule, ...] = (
    *document_type.RULES,
    *required.RULES,
    *sums.RULES,
    *vat.RULES,
    *lines.RULES,
    *dates.RULES,
    *currency.RULES,
    *identifiers.RULES,
)


def validate(record: Record, today: date) -> tuple[Finding, ...]:
    """What the rules find in a record on a day, in the order of `RULES`; empty when nothing stands out.

    A record whose values no invoice can hold (a currency of four letters) gets one error finding for it.
    """
    try:
        invoice = record.invoice()
    except ValidationError as mistakes:
        details = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in mistakes.errors())
        return (error("invalid-value", f"A value is not possible on an invoice: {details}."),)
    return check_invoice(invoice, today)


def check_invoice(invoice: Invoice, today: date) -> tuple[Finding, ...]:
    """What the rules find in an invoice, without its evidence."""
    return tuple(finding for rule in RULES for finding in rule(invoice, today))
