"""What is weak in a record: what it lacks, for which whole pages are worth a second reading, and what is doubtful."""

import re
from collections.abc import Sequence

from pipeline.reading.pixels import confidence
from pipeline.verify.witness import LOOKED_AT
from schemas import EvidenceKind, Field, FieldName, FieldStatus, Page, Record, TextSource
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL

WELL_READ = 0.82
"""Tesseract's mean confidence on the words of a clean scan is above 0.9."""
WELL_READ_VALUE = 0.8
"""The same for the words of one posting-critical value."""
LEAST_CONFIDENCE = 0.6
"""A field below it is a guess."""
_LOOKED_AT_OR_CRITICAL = tuple(dict.fromkeys((*LOOKED_AT, *POSTING_CRITICAL)))
_READERS = (EvidenceKind.OCR, EvidenceKind.SECOND_READER)
_SHARE = re.compile(r"[01](?:\.\d+)?")
"""How a reader tells its confidence in the words that it read."""


def is_lacking(record: Record, pages: Sequence[Page]) -> bool:
    """Whether a value is missing, the totals do not add up, or a page was hard to read: nobody knows where to look."""
    return (
        any(page.source is TextSource.OCR and not is_well_read(page) for page in pages if page.words)
        or not _adds_up(record)
        or any(_is_missing(record.fields[name]) for name in POSTING_CRITICAL)
    )


def is_well_read(page: Page) -> bool:
    """Whether Tesseract was sure of the page as a whole."""
    return confidence(page.words) >= WELL_READ


def doubtful(record: Record) -> tuple[Field, ...]:
    """The posting-critical values that are a guess, poorly read, or have a reader against them."""
    fields = (record.fields[name] for name in _LOOKED_AT_OR_CRITICAL)
    return tuple(field for field in fields if field.status is FieldStatus.READ and _is_doubtful(field))


def _adds_up(record: Record) -> bool:
    gross = record.fields[FieldName.GROSS_TOTAL]
    return any(witness.kind is EvidenceKind.ARITHMETIC and witness.supports for witness in gross.evidence)


def _is_missing(field: Field) -> bool:
    return field.status is FieldStatus.MISSING and field.name not in OPTIONAL_WHEN_NOT_PRINTED


def _is_doubtful(field: Field) -> bool:
    is_guess = field.name in POSTING_CRITICAL and field.confidence < LEAST_CONFIDENCE
    return is_guess or _is_contested(field) or (_is_poorly_read(field) and not _is_seen_again(field))


def _is_contested(field: Field) -> bool:
    """Whether a reader is against it."""
    return any(not witness.supports and witness.kind in _READERS for witness in field.evidence)


def _is_poorly_read(field: Field) -> bool:
    shares = [float(w.detail) for w in field.evidence if w.kind is EvidenceKind.OCR and _SHARE.fullmatch(w.detail)]
    return any(share < WELL_READ_VALUE for share in shares)


def _is_seen_again(field: Field) -> bool:
    return any(witness.kind is EvidenceKind.SECOND_READER and witness.supports for witness in field.evidence)
