"""One invoice as one JSON object: what `backoffice process --out` writes and `backoffice evaluate` reads."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from pipeline.durable import make_folder, move, remove
from pipeline.effects import effect
from schemas import Field, FieldName, InvoiceLine, Outcome, Record, VatBreakdown

PUBLISHED = (
    FieldName.INVOICE_NUMBER,
    FieldName.DOC_TYPE,
    FieldName.ISSUE_DATE,
    FieldName.DUE_DATE,
    FieldName.DELIVERY_DATE,
    FieldName.SELLER_NAME,
    FieldName.SELLER_VAT_ID,
    FieldName.SELLER_SIREN,
    FieldName.SELLER_SIRET,
    FieldName.BUYER_NAME,
    FieldName.BUYER_VAT_ID,
    FieldName.CURRENCY,
    FieldName.NET_TOTAL,
    FieldName.TAX_TOTAL,
    FieldName.GROSS_TOTAL,
    FieldName.AMOUNT_DUE,
    FieldName.IBAN,
    FieldName.BIC,
    FieldName.PO_NUMBER,
)
"""The header fields of a row, in its order; a field that was not found has the value null."""


WriteRows = Callable[[str, Sequence[Outcome]], None]
"""Writes the rows of one file, given its name and its outcomes."""


@contextmanager
def row_writer(out: Path | None, to_stdout: bool = False) -> Iterator[WriteRows]:
    """A function that writes one JSON object an invoice, to the file `out` and to standard output."""
    with ExitStack() as stack:
        places: list[TextIO] = [sys.stdout] if to_stdout else []
        if out is not None:
            places.append(stack.enter_context(_whole_file(out)))

        def write(file: str, outcomes: Sequence[Outcome]) -> None:
            for outcome in outcomes:
                text = json.dumps(row(file, outcome), ensure_ascii=False)
                for place in places:
                    place.write(text + "\n")

        yield write


def row(file: str, outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON values: dates in ISO notation, amounts as plain decimal strings, absent is None."""
    record = outcome.record or Record(fields={})
    return {
        "file": file,
        "decision": outcome.decision.kind,
        "reasons": [
            {"code": reason.code, "message": reason.message, "field": reason.field}
            for reason in outcome.decision.reasons
        ],
        "fields": {name.value: _field(record.fields[name]) for name in PUBLISHED},
        "taxes": [_tax(tax) for tax in record.vat_breakdown],
        "lines": [_line(line) for line in record.lines],
        "pages": list(record.pages),
        "risk": None if record.risk is None else round(record.risk, 5),
        "seconds": {stage: round(seconds, 3) for stage, seconds in outcome.seconds.items()},
    }


def plain(value: Decimal | date | str | None) -> str | None:
    """A value as text that every program reads the same: no exponent, ISO dates."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else str(value)


def _field(field: Field) -> dict[str, Any]:
    return {
        "value": plain(field.value),
        "confidence": round(field.confidence, 4),
        "page": field.page,
        "box": field.box.model_dump() if field.box else None,
        "evidence": [one.model_dump(mode="json") for one in field.evidence],
    }


def _tax(tax: VatBreakdown) -> dict[str, str | None]:
    return {"rate": plain(tax.rate), "base": plain(tax.base), "amount": plain(tax.amount)}


def _line(line: InvoiceLine) -> dict[str, str | None]:
    return {
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": plain(line.unit_price),
        "net_amount": plain(line.net_amount),
        "tax_rate": plain(line.tax_rate),
    }


@contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    """A file that appears under its name only when all of it is written."""
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.part")
    try:
        with effect("file.write", part), part.open("w", encoding="utf-8", errors="backslashreplace") as stream:
            yield stream
        move(part, path)
    finally:
        remove(part)
