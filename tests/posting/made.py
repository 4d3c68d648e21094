"""Records for the tests of coding and files."""

from datetime import date
from decimal import Decimal

from pipeline.posting.coding.code import code
from pipeline.posting.coding.plan import Plan
from pipeline.posting.key import posting_key
from schemas import Field, FieldName, InvoiceLine, PostingOrder, Record, VatBreakdown


def line(text: str, net: str, rate: str | None = "20", **more: object) -> InvoiceLine:
    """An invoice line of one piece."""
    return InvoiceLine(
        description=text,
        quantity=Decimal(1),
        unit_price=Decimal(net),
        net_amount=Decimal(net),
        tax_rate=None if rate is None else Decimal(rate),
        **more,
    )


def record_of(lines=(), taxes=(("20", "100.00", "20.00"),), **changes: object) -> Record:
    """An invoice of Quincaillerie Martin whose totals are those of `taxes` (rate, base, VAT, category)."""
    rows = tuple(
        VatBreakdown(rate=rate, base=base, amount=amount, category=more[0] if more else None)
        for rate, base, amount, *more in taxes
    )
    net, tax = sum(row.base for row in rows), sum(row.amount for row in rows)
    values = {
        FieldName.INVOICE_NUMBER: "FA-12",
        FieldName.DOC_TYPE: "invoice",
        FieldName.ISSUE_DATE: date(2026, 3, 2),
        FieldName.SELLER_NAME: "Quincaillerie Martin",
        FieldName.SELLER_VAT_ID: "FR44732829320",
        FieldName.BUYER_NAME: "Boulangerie Petit",
        FieldName.CURRENCY: "EUR",
        FieldName.NET_TOTAL: net,
        FieldName.TAX_TOTAL: tax,
        FieldName.GROSS_TOTAL: net + tax,
    } | {FieldName(name): value for name, value in changes.items()}
    fields = {
        name: Field(name=name, value=value, confidence=1.0) for name, value in values.items() if value is not None
    }
    return Record(fields=fields, vat_breakdown=rows, lines=tuple(lines), pages=(1,))


def order_of(record: Record, plan: Plan | None = None, client: str = "main") -> PostingOrder:
    """The order of a record, as it is coded by a plan."""
    key = posting_key(client, record)
    return PostingOrder(
        key=key,
        document_id="0" * 16,
        part=1,
        file_name="facture.pdf",
        sha256="0" * 64,
        record=record,
        coding=code(record, plan or Plan()),
    )
