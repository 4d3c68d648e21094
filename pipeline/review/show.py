"""Items of the desk as JSON values, for programs and for the web."""

from typing import Any

from pipeline.review.items import Item, QueueRow
from pipeline.review.stats import Stats
from pipeline.rows import plain
from schemas import Record


def row_json(row: QueueRow) -> dict[str, Any]:
    """A row of the queue: ISO dates, amounts as decimal strings."""
    return row.model_dump(mode="json") | {"gross": plain(row.gross)}


def item_json(item: Item) -> dict[str, Any]:
    """An item with everything that the person may see of it."""
    return row_json(item.row) | {
        "record": _record(item.record),
        "blind": list(item.blind),
        "reasons": [one.model_dump(mode="json") for one in item.reasons],
        "findings": [one.model_dump(mode="json") for one in item.findings],
        "failures": [one.model_dump(mode="json") for one in item.failures],
        "differences": [[one.field, *map(plain, one[1:])] for one in item.differences],
        "notes": [{"at": one.at.isoformat(), "user": one.user, "text": one.text} for one in item.notes],
        "typed": item.typed.model_dump(mode="json") if item.typed else None,
        "final": _final(item),
    }


def stats_json(found: Stats) -> dict[str, Any]:
    """The figures of the desk."""
    oldest = found.oldest.isoformat() if found.oldest else None
    return found._asdict() | {"oldest": oldest, "samples": found.samples._asdict()}


def _final(item: Item) -> dict[str, Any] | None:
    if item.final is None:
        return None
    return {
        "decision": item.final.decision,
        "reason": item.final.reason,
        "decided_at": item.final.decided_at.isoformat(),
        "decided_by": item.final.decided_by,
        "first_by": item.final.first_by,
        "record": _record(item.final.record) if item.final.record else None,
    }


def _record(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json")
