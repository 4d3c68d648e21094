"""What a posting cannot do without."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from pipeline.validate.finding import Rule, error
from schemas import FIELD_TERMS, Finding, Invoice
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL


def required_fields(invoice: Invoice, _today: date) -> Iterator[Finding]:
    """Every posting-critical field is there; an IBAN only counts where one is printed."""
    for name in POSTING_CRITICAL:
        if name in OPTIONAL_WHEN_NOT_PRINTED:
            continue
        if attrgetter(FIELD_TERMS[name].path)(invoice) in {None, ""}:
            label = name.replace("_", " ")
            yield error("required-field", f"The {label} is missing; nothing can be posted without it.", name)


RULES: tuple[Rule, ...] = (required_fields,)
