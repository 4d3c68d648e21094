"""Sets the confidence of every field, and the risk of the record, from all its evidence."""

from math import prod

from pipeline.calibration.model import Calibration, load_calibration, sigmoid
from pipeline.calibration.signs import MOST_ODDS, odds, poor_page, signs_of
from schemas import EvidenceKind, Field, FieldStatus, Record
from schemas.terms import OPTIONAL_WHEN_NOT_PRINTED, POSTING_CRITICAL

XML_CHANCE = 0.9999
"""An e-invoice says what its sender's software meant; the rules and the page catch what it got wrong."""
OUTSIDE = {EvidenceKind.SUPPLIER_MEMORY: (1.0, -2.0), EvidenceKind.PURCHASE_ORDER: (1.0, -1.0)}
"""Log odds for a witness and for one against, that no training set has: what is known of the supplier or the order."""


def calibrate(record: Record, model: Calibration | None = None) -> Record:
    """The record with the probability of each field to be right, and that of a wrong posting-critical one.

    Pure, and the last word on confidence: call it again after new evidence. A missing field's confidence is the
    probability that there is none, for the fields that an invoice may lack, else 0.
    """
    model = model or load_calibration()
    sure = {name: _chance(field, record, model) for name, field in record.fields.items()}
    fields = {name: field.model_copy(update={"confidence": sure[name]}) for name, field in record.fields.items()}
    all_right = prod(raw_chance(record.fields[name], record, model) for name in POSTING_CRITICAL)
    return record.model_copy(update={"fields": fields, "risk": round(model.document_risk(all_right), 6)})


def _chance(field: Field, record: Record, model: Calibration) -> float:
    if field.status is FieldStatus.READ and not _is_from_xml(field):
        said = model.curves[field.name in POSTING_CRITICAL].at(raw_chance(field, record, model))
    else:
        said = raw_chance(field, record, model)
    return round(said, 4)


def raw_chance(field: Field, record: Record, model: Calibration) -> float:
    """The probability before the isotonic curve: finer, so that records can be put in order by it."""
    if field.status in (FieldStatus.CONFIRMED, FieldStatus.CORRECTED):
        return 1.0
    if field.status is FieldStatus.MISSING:
        return _chance_of_absence(field, record, model)
    if _is_from_xml(field):
        return XML_CHANCE
    told = sum(OUTSIDE[w.kind][0 if w.supports else 1] for w in field.evidence if w.kind in OUTSIDE)
    return sigmoid(model.log_odds(field.name, signs_of(field, record)) + told)


def _is_from_xml(field: Field) -> bool:
    return any(witness.kind is EvidenceKind.XML and witness.supports for witness in field.evidence)


def _chance_of_absence(field: Field, record: Record, model: Calibration) -> float:
    """Whether a field that was not found is really not there."""
    if field.name not in OPTIONAL_WHEN_NOT_PRINTED:
        return 0.0
    signs = absence_signs(field, record)
    return sigmoid(model.absent["constant"] + sum(model.absent.get(sign, 0.0) * value for sign, value in signs.items()))


ABSENCE = ("best_rival", "has_rival", "named", "poor_page")


def absence_signs(field: Field, record: Record) -> dict[str, float]:
    """What tells that a field was overlooked: a rival that nearly won, and a page that is hard to read."""
    return {
        "best_rival": MOST_ODDS + odds(max((rival.score for rival in field.rivals), default=0.0)),
        "has_rival": float(bool(field.rivals)),
        "named": float(any(w.kind is EvidenceKind.LABEL and not w.supports for w in field.evidence)),
        "poor_page": poor_page(record),
    }
