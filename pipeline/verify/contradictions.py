"""What a text layer or an e-invoice says must be what the page shows: else the document may be made to deceive."""

from collections.abc import Iterator

from pipeline.verify.witness import LOOKED_AT
from schemas import FIELD_TERMS, EvidenceKind, Field, Finding, Record, Severity, ValueKind

RULE = "text-layer-differs"
_LOOKED = (EvidenceKind.SECOND_READER, EvidenceKind.OCR)
_CHECKED = tuple(name for name in LOOKED_AT if FIELD_TERMS[name].kind is not ValueKind.TEXT)
"""Plain print; a name may be drawn as a logo that no reader can make out."""


def find_contradictions(record: Record) -> tuple[Finding, ...]:
    """An error finding for each value of a text layer or e-invoice that the picture of its page does not show."""
    return tuple(finding for name in _CHECKED for finding in _contradiction(record.fields[name]))


def _contradiction(field: Field) -> Iterator[Finding]:
    said_by = {witness.kind for witness in field.evidence if witness.supports}
    if not said_by & {EvidenceKind.TEXT_LAYER, EvidenceKind.XML} or said_by & set(_LOOKED):
        return
    for witness in field.evidence:
        if witness.kind in _LOOKED and not witness.supports:
            source = "e-invoice" if EvidenceKind.XML in said_by else "text layer"
            message = (
                f"The {source} says {field.name} {field.value}, but the picture of the page shows {witness.detail}."
            )
            yield Finding(rule=RULE, severity=Severity.ERROR, message=message, fields=(field.name,))
            return
