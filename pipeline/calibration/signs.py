"""What speaks for and against a field that was chosen, as numbers that a person can follow one by one."""

from collections.abc import Iterator
from math import log
from statistics import fmean

from schemas import Evidence, EvidenceKind, Field, FieldName, FieldStatus, Record
from schemas.terms import POSTING_CRITICAL

SIGNS: dict[str, str] = {
    "odds": "log odds of its score, between -4 and 4",
    "lead": "its score less that of the best rival of another value",
    "named": "1 when a label names it, or a legal form makes it a name",
    "repeated": "1 when the page says it more than once",
    "checked": "1 when its check digits are right",
    "check_fails": "1 when they are wrong",
    "sums": "how many sums bear it out, at most 3",
    "sums_fail": "1 when a sum speaks against it",
    "follows": "1 when it is worked out from other values and not printed",
    "readers_agree": "1 when two independent readers see it",
    "reader_differs": "1 when a reader sees something else in its place and no second one sees it",
    "misread": "1 less the confidence of the surest reader, of OCR",
    "from_text": "1 when it stands in the text layer",
    "poor_page": "1 less the mean confidence of the readers in all values of the record",
    "totals_prove": "1 when net and VAT add up to the gross total",
    "company": "log odds of the weakest other posting-critical field",
}
"""The signs by name, with what each means."""

MOST_ODDS = 4.0
_READERS = frozenset((EvidenceKind.TEXT_LAYER, EvidenceKind.OCR, EvidenceKind.SECOND_READER))
_FROM_PIXELS = frozenset((EvidenceKind.OCR, EvidenceKind.SECOND_READER))

Signs = dict[str, float]


def signs_of(field: Field, record: Record) -> Signs:
    """All signs of one field; its record tells how good the page is."""
    pro = [witness for witness in field.evidence if witness.supports]
    con = [witness for witness in field.evidence if not witness.supports]
    readers = {witness.kind for witness in pro} & _READERS
    surest = max(_confidences(pro), default=1.0)
    return {
        "odds": odds(field.score),
        "lead": max(-0.5, field.score - max((r.score for r in field.rivals if r.value != field.value), default=0.0)),
        "named": float(_any(pro, EvidenceKind.LABEL) or _any(pro, EvidenceKind.FORMAT)),
        "repeated": float(_any(pro, EvidenceKind.REPETITION)),
        "checked": float(_any(pro, EvidenceKind.CHECKSUM)),
        "check_fails": float(_any(con, EvidenceKind.CHECKSUM)),
        "sums": float(min(3, sum(witness.kind is EvidenceKind.ARITHMETIC for witness in pro))),
        "sums_fail": float(_any(con, EvidenceKind.ARITHMETIC)),
        "follows": float(field.value is not None and field.box is None),
        "readers_agree": float(len(readers) > 1),
        "reader_differs": float(len(readers) < 2 and any(witness.kind in _FROM_PIXELS for witness in con)),
        "misread": 1.0 - surest,
        "from_text": float(_any(pro, EvidenceKind.TEXT_LAYER)),
        "poor_page": poor_page(record),
        "totals_prove": float(_any(record.fields[FieldName.GROSS_TOTAL].evidence, EvidenceKind.ARITHMETIC)),
        "company": min((odds(other.score) for other in _others(field, record)), default=0.0),
    }


def poor_page(record: Record) -> float:
    """1 less the mean confidence of the readers of pixels in the record's values; 0 where nothing came from pixels."""
    return 1.0 - fmean(_all_confidences(record) or [1.0])


def is_from_pixels(record: Record) -> bool:
    """Whether a value of the record was read from a picture alone: neither a text layer nor an e-invoice says it."""
    told = (EvidenceKind.TEXT_LAYER, EvidenceKind.XML)
    return any(
        any(_any([witness], kind) for witness in field.evidence for kind in _FROM_PIXELS)
        and not any(_any([witness], kind) for witness in field.evidence for kind in told)
        for field in record.fields.values()
    )


def odds(score: float) -> float:
    """Log odds of a score, kept between -4 and 4."""
    inside = min(0.999, max(0.001, score))
    return max(-MOST_ODDS, min(MOST_ODDS, log(inside / (1 - inside))))


def _others(field: Field, record: Record) -> Iterator[Field]:
    for name in POSTING_CRITICAL:
        other = record.fields[name]
        if name is not field.name and other.status is not FieldStatus.MISSING:
            yield other


def _any(witnesses: list[Evidence] | tuple[Evidence, ...], kind: EvidenceKind) -> bool:
    return any(witness.kind is kind for witness in witnesses)


def _all_confidences(record: Record) -> list[float]:
    return [
        confidence
        for field in record.fields.values()
        for confidence in _confidences([witness for witness in field.evidence if witness.supports])
    ]


def _confidences(witnesses: list[Evidence]) -> list[float]:
    """How sure the readers of pixels were: "0.93", or "'12,00' (0.93)" of a strip."""
    return [
        float(witness.detail.rstrip(")").rpartition("(")[2])
        for witness in witnesses
        if witness.kind in _FROM_PIXELS and witness.detail and witness.detail.rstrip(")")[-1].isdigit()
    ]
