"""The shape that all rules share, and short names for what they say."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from schemas import FieldName, Finding, Invoice, Severity

Rule = Callable[[Invoice, date], Iterable[Finding]]
"""A rule looks at an invoice on a day (today) and yields a finding for each thing that does not fit.

It judges only when all operands are there: what must be there is the business of `required`.
"""

CENT = Decimal("0.01")


def error(rule: str, message: str, *fields: FieldName) -> Finding:
    """A finding that keeps the record from going straight through: a posting would be wrong."""
    return Finding(rule=rule, severity=Severity.ERROR, message=message, fields=fields)


def warning(rule: str, message: str, *fields: FieldName) -> Finding:
    """A finding about something unusual that a posting survives."""
    return Finding(rule=rule, severity=Severity.WARNING, message=message, fields=fields)


def info(rule: str, message: str, *fields: FieldName) -> Finding:
    """A remark."""
    return Finding(rule=rule, severity=Severity.INFO, message=message, fields=fields)


def say(amount: Decimal) -> str:
    """An amount as a clerk writes it: at least two decimals, no exponent."""
    rounded = amount.quantize(CENT)
    return f"{rounded if rounded == amount else amount.normalize():f}"
