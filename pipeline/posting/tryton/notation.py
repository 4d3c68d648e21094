"""How Tryton writes values that JSON has no notation for: objects with the key `__class__`."""

import base64
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def to_json(value: object) -> str:
    """A request as text. Knows date, datetime, Decimal and bytes besides what JSON has."""
    return json.dumps(value, default=_write, separators=(",", ":"))


def from_json(text: str | bytes) -> Any:
    """The values of an answer. Raises ValueError for what is no JSON."""
    return json.loads(text, object_hook=_read)


def _write(value: object) -> dict[str, object]:
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case bytes():
            return {"__class__": "bytes", "base64": base64.b64encode(value).decode()}
        case datetime():
            parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
            return {"__class__": "datetime"} | {part: getattr(value, part) for part in parts}
        case date():
            return {"__class__": "date"} | {part: getattr(value, part) for part in ("year", "month", "day")}
    raise TypeError(f"{type(value).__name__} has no notation in Tryton's JSON")


def _read(found: dict[str, Any]) -> Any:
    match found.get("__class__"):
        case "Decimal":
            return Decimal(found["decimal"])
        case "bytes":
            return base64.b64decode(found["base64"])
        case "date":
            return date(found["year"], found["month"], found["day"])
        case "datetime":
            parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
            return datetime(*(found[part] for part in parts))  # noqa: DTZ001 (Tryton's times are UTC without a zone)
        case _:
            return found
