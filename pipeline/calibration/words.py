"""Says in words that a clerk understands what makes a field weak."""

from pipeline.calibration.model import Calibration
from pipeline.calibration.signs import signs_of
from schemas import Evidence, EvidenceKind, Field, FieldStatus, Record

LEAST_COST = 0.2
"""Log odds below which a sign is not worth a word."""

_WORDS = {
    "odds": "what stands around it hardly fits",
    "named": "no label names it",
    "repeated": "the pages say it only once",
    "checked": "no check digits prove it",
    "check_fails": "its check digits are wrong",
    "sums": "no sum bears it out",
    "sums_fail": "a sum speaks against it",
    "follows": "it is not printed but worked out from other values",
    "readers_agree": "only one reader sees it",
    "misread": "it is hard to read",
    "from_text": "it stands in a picture, not in text",
    "poor_page": "the page is hard to read",
    "totals_prove": "net and VAT do not add up to the total",
    "company": "other values of the document are doubtful",
}


def weakest_evidence(field: Field, record: Record, model: Calibration) -> str:
    """What costs a field the most against its usual, as part of a sentence."""
    if field.status is FieldStatus.MISSING:
        return "it may have been overlooked"
    against = next((witness for witness in field.evidence if _contradicts(witness)), None)
    if against is not None:
        return _contradiction(against)
    costs = model.weakness(field.name, signs_of(field, record))
    sign = next((sign for cost, sign in costs if cost < -LEAST_COST), "")
    if sign == "lead":
        rival = max((one for one in field.rivals if one.value != field.value), key=lambda one: one.score, default=None)
        return f"'{rival.value}' fits nearly as well" if rival else _WORDS["odds"]
    return _WORDS.get(sign, "too little speaks for it")


def _contradicts(witness: Evidence) -> bool:
    return not witness.supports and witness.kind in _AGAINST


def _contradiction(witness: Evidence) -> str:
    what = f": {witness.detail}" if witness.detail else ""
    return f"{_AGAINST[witness.kind]}{what}"


_AGAINST = {
    EvidenceKind.OCR: "another reader sees something else there",
    EvidenceKind.SECOND_READER: "the second reader sees something else there",
    EvidenceKind.CHECKSUM: "its check digits are wrong",
    EvidenceKind.ARITHMETIC: "a sum speaks against it",
    EvidenceKind.SUPPLIER_MEMORY: "this supplier's earlier invoices speak against it",
    EvidenceKind.PURCHASE_ORDER: "the purchase order speaks against it",
}
