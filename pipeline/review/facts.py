"""What the events tell of an invoice so that figures can be counted from them, as `pipeline/store/measures.py` does."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pipeline.rows import plain
from pipeline.suppliers.learn import same_value
from pipeline.validate.duplicates import seller_key
from schemas import EvidenceKind, FieldName, Outcome, Record
from schemas.field import FieldValue
from schemas.terms import POSTING_CRITICAL

_SOURCES = {
    EvidenceKind.XML: "e-invoice",
    EvidenceKind.TEXT_LAYER: "text layer",
    EvidenceKind.OCR: "picture",
    EvidenceKind.SECOND_READER: "picture",
}


def facts_of(outcome: Outcome) -> dict[str, Any]:
    """What the event "decided" tells beside the decision; `cpu` in seconds. Implements `pipeline.store.ledger.Tell`."""
    record = outcome.record or Record(fields={})
    told: dict[str, Any] = {"pages": len(record.pages), "risk": record.risk, "source": source_of(record)}
    cpu = {"cpu": round(sum(outcome.seconds.values()), 4)} if outcome.seconds else {}
    return told | cpu | party_of(record)


def party_of(record: Record) -> dict[str, Any]:
    """Whose invoice it is, under the key that does not change with the spelling, and over how much."""
    return {
        "supplier": seller_key(record),
        "seller": record.value(FieldName.SELLER_NAME),
        "gross": plain(record.value(FieldName.GROSS_TOTAL)),
        "currency": record.value(FieldName.CURRENCY),
    }


def discount_of(record: Record, at: datetime) -> dict[str, Any]:
    """What posting at that time says of the discount for early payment; empty where the record promises none."""
    issued, gross = record.value(FieldName.ISSUE_DATE), record.value(FieldName.GROSS_TOTAL)
    if record.discount is None or issued is None or gross is None:
        return {}
    until = record.discount.until(issued)
    told = {"until": until.isoformat(), "amount": plain(record.discount.of(gross)), "kept": at.date() <= until}
    return {"discount": told | {"currency": record.value(FieldName.CURRENCY)}}


def source_of(record: Record) -> str:
    """What most values were read from."""
    found = Counter(
        _SOURCES[one.kind]
        for field in record.fields.values()
        for one in field.evidence
        if one.supports and one.kind in _SOURCES
    )
    return found.most_common(1)[0][0] if found else "nothing"


def checked_fields(machine: Record, made: Record, is_sample: bool) -> dict[str, list[str]]:
    """The fields that a person checked, those of a value on either side, and which of them the machine had wrong.

    Of a sample only what was keyed blind is checked.
    """
    names: Iterable[FieldName] = POSTING_CRITICAL if is_sample else FieldName
    pairs = {name: (machine.value(name), made.value(name)) for name in names}
    checked = {name: pair for name, pair in pairs.items() if pair != (None, None)}
    wrong = [name.value for name, pair in checked.items() if differ(*pair)]
    return {"checked": [name.value for name in checked], "wrong": wrong}


def differ(one: FieldValue | None, other: FieldValue | None) -> bool:
    """Whether two readings are two values; identifiers and names without regard to spaces, punctuation and case."""
    return (one is None) != (other is None) or (one is not None and other is not None and not same_value(one, other))
