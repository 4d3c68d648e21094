"""Generated invoices as orders to post: each with its original, coded by rate as a bookkeeper would."""

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from schemas import DocumentType, Field, FieldName, Record
from schemas.invoice import InvoiceLine, VatBreakdown
from schemas.posting import CodedLine, CodedTax, Coding, PostingKey, PostingOrder
from schemas.terms import FIELD_TERMS, ValueKind

KINDS = (DocumentType.INVOICE,) * 5 + (DocumentType.CREDIT_NOTE,)
ACCOUNTS = ("606300", "611000", "607000", "613500")
ZERO = Decimal(0)


class Case(NamedTuple):
    """An order and where its original lies."""

    order: PostingOrder
    original: Path


def cases(folder: Path, count: int, seed: int = 51, client: str = "main") -> list[Case]:
    """`count` invoices and credit notes of French suppliers and some of other countries, their XML in `folder`."""
    from samples.generate import generate  # heavy, and simple orders do without

    languages = ("fr", "fr", "en", "de")
    samples = generate(seed, count, kinds=("ubl", "cii"), languages=languages, doc_types=KINDS)
    return [_case(folder, sample.file, sample.content, sample.truth, client) for sample in samples]


def order_of(record: Record, coding: Coding, name: str, content: bytes, client: str = "main") -> PostingOrder:
    """The order of a record, keyed as the outbox keys it."""
    values = [record.value(name) for name in (FieldName.SELLER_SIREN, FieldName.SELLER_VAT_ID, FieldName.SELLER_NAME)]
    key = PostingKey(
        client_id=client,
        seller=next(filter(None, values)),
        number="".join(filter(str.isalnum, record.value(FieldName.INVOICE_NUMBER))).upper(),
        issue_date=record.value(FieldName.ISSUE_DATE),
        gross=coding.total,
    )
    sha256 = hashlib.sha256(content).hexdigest()
    return PostingOrder(
        key=key, document_id=sha256[:12], part=1, file_name=name, sha256=sha256, record=record, coding=coding
    )


def record_of(values: dict[FieldName, object]) -> Record:
    """A record of plain values."""
    return Record(fields={name: Field(name=name, value=value) for name, value in values.items()})


def coding_of(record: Record) -> Coding:
    """One line a row of the VAT table, two where there is enough; the signs are those of what is booked."""
    sign = -1 if record.value(FieldName.DOC_TYPE) == DocumentType.CREDIT_NOTE else 1
    lines: list[CodedLine] = []
    taxes: list[CodedTax] = []
    for index, row in enumerate(record.vat_breakdown):
        base, amount, rate = sign * abs(row.base or ZERO), sign * abs(row.amount or ZERO), row.rate or ZERO
        half = (base / 3).quantize(Decimal("0.01"))
        for number, net in enumerate((half, base - half)):
            account = ACCOUNTS[(index + number) % len(ACCOUNTS)]
            lines.append(CodedLine(account=account, label=f"Achats {rate} %", net=net, tax_rate=rate))
        taxes.append(CodedTax(account="445660", rate=rate, base=base, amount=amount))
    return Coding(supplier_account="401000", lines=tuple(lines), taxes=tuple(taxes), confidence=1.0)


def _case(folder: Path, name: str, content: bytes, truth: dict[str, object], client: str) -> Case:
    path = folder / Path(name).name
    path.write_bytes(content)
    values = {FieldName(key): _typed(FieldName(key), value) for key, value in truth["fields"].items()}
    record = record_of(values).model_copy(
        update={
            "vat_breakdown": tuple(VatBreakdown.model_validate(row) for row in truth["taxes"]),
            "lines": tuple(InvoiceLine.model_validate(row) for row in truth["lines"]),
        }
    )
    return Case(order_of(record, coding_of(record), path.name, content, client), path)


def _typed(name: FieldName, value: str) -> object:
    return Decimal(value) if FIELD_TERMS[name].kind is ValueKind.AMOUNT else value
