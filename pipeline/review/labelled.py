"""Records that people decided on, as a folder that `backoffice train --data` reads.

`truth.jsonl` has one line an invoice in the form of `backoffice evaluate`; the files it names are the originals in the
archive, so nothing is copied.
"""

import json
import os
from pathlib import Path
from typing import Any

from pipeline.durable import make_folder, sync_file
from pipeline.effects import effect
from pipeline.errors import StoreError
from pipeline.rows import PUBLISHED, plain
from schemas import FieldName, InvoiceLine, Record, VatBreakdown

FILE_NAME = "truth.jsonl"
_TAIL_BYTES = 1 << 20
"""How much of the end is looked through for a line that was written just before a crash."""


def truth_of(record: Record, file: str, document_id: str, part: int) -> dict[str, Any]:
    """What one decided record says, as JSON values; a field without a value is known to be absent."""
    return {
        "file": file,
        "id": f"{document_id}/{part}",
        "lang": record.language,
        "supplier": record.value(FieldName.SELLER_NAME) or "",
        "fields": {name.value: plain(record.value(name)) for name in PUBLISHED},
        "lines": [_line(line) for line in record.lines],
        "taxes": [_tax(row) for row in record.vat_breakdown],
    }


def append_truth(folder: Path, original: Path, record: Record, document_id: str, part: int) -> None:
    """Add a record to the folder's truth, on the disk when it returns; one that was just added is not added again.

    Raises StoreError.
    """
    path = folder / FILE_NAME
    try:
        make_folder(folder)
        line = truth_of(record, os.path.relpath(original, folder), document_id, part)
        with effect("file.write", path), path.open("a+b") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _TAIL_BYTES))
            tail = file.read()
            if json.dumps({"id": line["id"]})[1:-1].encode() in tail:
                return
            broken = b"\n" if tail and not tail.endswith(b"\n") else b""
            file.write(broken + json.dumps(line, ensure_ascii=False).encode() + b"\n")
            sync_file(file)
    except OSError as error:
        raise StoreError(f"{path} could not be written: {error}") from error


def _line(line: InvoiceLine) -> dict[str, str | None]:
    amount = "gross_amount" if line.includes_tax else "net_amount"
    return {
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": plain(line.unit_price),
        amount: plain(line.net_amount),
        "tax_rate": plain(line.tax_rate),
    }


def _tax(row: VatBreakdown) -> dict[str, str | None]:
    return {"rate": plain(row.rate), "base": plain(row.base), "amount": plain(row.amount)}
