"""The form of the snapshot file: a line with its version, then everything that is known."""

import json
from contextlib import suppress
from pathlib import Path

from pydantic import Field as Constraint

from pipeline.suppliers.model import PurchaseOrder, Supplier
from schemas.base import Value


class Contents(Value):
    """The snapshot file without its first line."""

    suppliers: tuple[Supplier, ...] = ()
    rules: dict[str, str] = Constraint(default_factory=dict)
    orders: tuple[PurchaseOrder, ...] = ()


def header_of(path: Path) -> dict[str, object]:
    """The first line of a snapshot; empty when there is no file."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        header = json.loads(file.readline(1000))
        return header if isinstance(header, dict) else {}
    return {}
