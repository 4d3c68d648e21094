"""Orders to post, made without reading a page: seeded, with exact sums."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from schemas import (
    CodedLine,
    CodedTax,
    Coding,
    DocumentType,
    Field,
    FieldName,
    InvoiceLine,
    PostingKey,
    PostingOrder,
    Record,
)

SELLERS = (
    ("Quincaillerie Martin", "732829320", "FR44732829320"),
    ("Électricité Générale du Centre", "443061841", "FR47443061841"),
    ("Papeterie « Lafayette » & fils", "552100554", "FR27552100554"),
    ("Boulonnerie du Nord", "303656847", "FR48303656847"),
)
ARTICLES = (
    "Vis inox A2 6x40",
    "Câble R2V 3G2,5",
    "Ramette A4 80 g",
    "Maintenance chaudière",
    "Livraison",
    "Café moulu 1 kg",
)
RATES = (Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"))
CENT = Decimal("0.01")


def make_order(seed: int, lines: int | None = None, rates: int | None = None, credit: bool = False) -> PostingOrder:
    """One cleared invoice; the same seed gives the same. A credit note is coded with negative amounts."""
    rng = Random(f"order/{seed}")
    name, siren, vat_id = rng.choice(SELLERS)
    count, used = lines or rng.randint(1, 5), RATES[: rates or rng.randint(1, 2)]
    sign = -1 if credit else 1
    coded = tuple(_line(rng, used[at % len(used)], sign) for at in range(count))
    coding = Coding(supplier_account="401FOURN", lines=coded, taxes=tuple(_taxes(coded)), confidence=1.0)
    issued = date(2026, 1, 5) + timedelta(days=rng.randrange(300))
    number = f"{'AV' if credit else 'FA'}-2026-{seed:05}"
    record = _record(name, siren, vat_id, number, issued, coding, credit)
    key = PostingKey(
        client_id="main", seller=siren, number=number.replace("-", ""), issue_date=issued, gross=coding.total
    )
    return PostingOrder(
        key=key,
        document_id=hashlib.sha256(number.encode()).hexdigest(),
        part=1,
        file_name=f"{number}.pdf",
        sha256=hashlib.sha256(original(number)).hexdigest(),
        record=record,
        coding=coding,
    )


def original(number: str) -> bytes:
    """The bytes of an original; the portal does not look into it."""
    return f"%PDF-1.4\n% {number}\n%%EOF\n".encode()


def write_original(order: PostingOrder, folder: Path) -> Path:
    """The original of an order under its hash, as the archive keeps it."""
    path = folder / order.sha256
    path.write_bytes(original(order.file_name.removesuffix(".pdf")))
    return path


def _line(rng: Random, rate: Decimal, sign: int) -> CodedLine:
    net = Decimal(rng.randint(500, 250_000)) / 100
    account = rng.choice(("606300", "606400", "607000", "615000", "624000"))
    centre = rng.choice((None, "ATELIER", "SIEGE"))
    label = rng.choice(ARTICLES)
    return CodedLine(account=account, cost_centre=centre, label=label, net=sign * net, tax_category="S", tax_rate=rate)


def _taxes(lines: tuple[CodedLine, ...]) -> list[CodedTax]:
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.tax_rate] = bases.get(line.tax_rate, Decimal(0)) + line.net
    return [
        CodedTax(account="445660", category="S", rate=rate, base=base, amount=(base * rate / 100).quantize(CENT))
        for rate, base in bases.items()
    ]


def _record(name: str, siren: str, vat_id: str, number: str, issued: date, coding: Coding, credit: bool) -> Record:
    net = sum((line.net for line in coding.lines), Decimal(0))
    values = {
        FieldName.INVOICE_NUMBER: number,
        FieldName.DOC_TYPE: (DocumentType.CREDIT_NOTE if credit else DocumentType.INVOICE).value,
        FieldName.ISSUE_DATE: issued,
        FieldName.DUE_DATE: issued + timedelta(days=30),
        FieldName.SELLER_NAME: name,
        FieldName.SELLER_SIREN: siren,
        FieldName.SELLER_VAT_ID: vat_id,
        FieldName.CURRENCY: "EUR",
        FieldName.NET_TOTAL: net,
        FieldName.TAX_TOTAL: coding.total - net,
        FieldName.GROSS_TOTAL: coding.total,
        FieldName.IBAN: "FR7630006000011234567890189",
    }
    fields = {field: Field(name=field, value=value, confidence=1.0) for field, value in values.items()}
    items = tuple(
        InvoiceLine(description=line.label, net_amount=abs(line.net), tax_rate=line.tax_rate) for line in coding.lines
    )
    return Record(fields=fields, lines=items)
