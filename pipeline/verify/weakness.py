"""Whether a record is so weak that its pages are worth a second reading."""

import re
from collections.abc import Sequence

from pipeline.reading.pixels import confidence
from schemas import EvidenceKind, Field, FieldName, FieldStatus, Page, Record, TextSource
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL

WELL_READ = 0.82
"""Tesseract's mean confidence on the words of a clean scan is above 0.9."""
WELL_READ_VALUE = 0.8
"""The same for the words of one posting-critical value."""
LEAST_CONFIDENCE = 0.6
"""A field below it is a guess."""
_SHARE = re.compile(r"[01](?:\.\d+)?")
"""How a reader tells its confidence in the words that it read."""


def is_weak(record: Record, pages: Sequence[Page]) -> bool:
    """Whether a value is missing or poorly read, the totals do not add up, or a page was hard to read."""
    return (
        any(page.source is TextSource.OCR and confidence(page.words) < WELL_READ for page in pages if page.words)
        or not _adds_up(record)
        or any(_is_weak_field(record, name) for name in POSTING_CRITICAL)
    )


def _adds_up(record: Record) -> bool:
    gross = record.fields[FieldName.GROSS_TOTAL]
    return any(witness.kind is EvidenceKind.ARITHMETIC and witness.supports for witness in gross.evidence)


def _is_weak_field(record: Record, name: FieldName) -> bool:
    field = record.fields[name]
    if field.status is FieldStatus.MISSING:
        return name not in OPTIONAL_WHEN_NOT_PRINTED
    return field.confidence < LEAST_CONFIDENCE or (_is_poorly_read(field) and not _is_seen_again(field))


def _is_poorly_read(field: Field) -> bool:
    shares = [float(w.detail) for w in field.evidence if w.kind is EvidenceKind.OCR and _SHARE.fullmatch(w.detail)]
    return any(share < WELL_READ_VALUE for share in shares)


def _is_seen_again(field: Field) -> bool:
    return any(witness.kind is EvidenceKind.SECOND_READER and witness.supports for witness in field.evidence)
