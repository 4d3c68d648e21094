"""Holds an e-invoice against what its page names: a date that is printed as due date is no issue date."""

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.extract.candidates import scores_for, survey
from pipeline.extract.printed import RULE
from pipeline.validate.finding import error
from pipeline.verify.compare import compact
from schemas import FieldName, Finding, Page, Record

LEAST_STRENGTH = 0.7
"""The label of a field stands well to the value, and is no weak one such as "Date" alone."""
_KINDS: dict[FieldName, tuple[str, Callable[[Any], object]]] = {
    FieldName.ISSUE_DATE: ("date", lambda value: value),
    FieldName.INVOICE_NUMBER: ("identifier", lambda value: compact(str(value))),
}


def compare_with_labels(record: Record, pages: Sequence[Page]) -> tuple[Finding, ...]:
    """An error finding for the issue date or number of an e-invoice where the page names others, and not these."""
    sheet = survey(pages)
    findings = []
    for name, (kind, comparable) in _KINDS.items():
        said = record.value(name)
        named = {
            comparable(span.value): span.raw
            for span, link in scores_for(sheet, name).items()
            if span.kind == kind and link.strength >= LEAST_STRENGTH
        }
        if said is not None and named and comparable(said) not in named:
            page = " and ".join(f"'{raw}'" for raw in named.values())
            message = f"The e-invoice says {name} {said}, but the page names {page}."
            findings.append(error(RULE, message, name))
    return tuple(findings)
