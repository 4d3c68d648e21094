"""The tables of the supplier memory: master, known accounts, learned rules by version, confirmed documents, orders.

`supplier_document.reading` holds the pages of a confirmed document as zlib-compressed JSON, so that a new rule can be
replayed without the original (docs/adr/0009).
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables import Base, BigId
from schemas.policy import MAIN


class SupplierRow(Base):
    """One supplier, as the master or a person names it."""

    __tablename__ = "supplier"
    __table_args__ = (UniqueConstraint("client_id", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32), default=MAIN)
    key: Mapped[str]
    name: Mapped[str]
    aliases: Mapped[list[Any]]
    vat_id: Mapped[str | None]
    siren: Mapped[str | None]
    siret: Mapped[str | None]
    currency: Mapped[str | None]
    country: Mapped[str | None]
    vat_rates: Mapped[list[Any]]
    account: Mapped[str | None]
    active: Mapped[bool]
    source: Mapped[str] = mapped_column(String(16))
    updated_at: Mapped[datetime]


class SupplierAccountRow(Base):
    """A bank account that is known to be a supplier's, and who said so."""

    __tablename__ = "supplier_account"
    __table_args__ = (UniqueConstraint("supplier_id", "iban"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    iban: Mapped[str]
    source: Mapped[str] = mapped_column(String(16))
    origin_document: Mapped[str | None]
    added_at: Mapped[datetime]
    added_by: Mapped[str]


class SupplierRuleRow(Base):
    """One version of a supplier's rules; versions are never changed, a new one is added. The newest one counts."""

    __tablename__ = "supplier_rule"
    __table_args__ = (UniqueConstraint("supplier_id", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    version: Mapped[int]
    created_at: Mapped[datetime]
    origin_document: Mapped[str | None]
    is_on: Mapped[bool]
    edited_by: Mapped[str]
    rules: Mapped[str]


class SupplierDocumentRow(Base):
    """A confirmed record with the pages it was read from."""

    __tablename__ = "supplier_document"
    __table_args__ = (
        UniqueConstraint("document_id", "part"),
        Index("ix_supplier_document_supplier_id_id", "supplier_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    document_id: Mapped[str]
    part: Mapped[int]
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[str]
    record: Mapped[str]
    reading: Mapped[bytes] = mapped_column(LargeBinary)


class PurchaseOrderRow(Base):
    """One purchase order; `total` is without VAT."""

    __tablename__ = "purchase_order"
    __table_args__ = (UniqueConstraint("client_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32), default=MAIN)
    number: Mapped[str]
    supplier: Mapped[str]
    currency: Mapped[str | None]
    total: Mapped[Decimal]
    lines: Mapped[list[Any]]
    updated_at: Mapped[datetime]


class PurchaseOrderInvoiceRow(Base):
    """What one invoice took of an order, without VAT; negative for a credit note."""

    __tablename__ = "purchase_order_invoice"
    __table_args__ = (
        UniqueConstraint("document_id", "part"),
        Index("ix_purchase_order_invoice_client_id_number", "client_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32), default=MAIN)
    number: Mapped[str]
    document_id: Mapped[str]
    part: Mapped[int]
    net: Mapped[Decimal]
    noted_at: Mapped[datetime]


class SupplierRevisionRow(Base):
    """Counts the changes of all these tables, so that a client's snapshot knows when it is out of date."""

    __tablename__ = "supplier_revision"

    client_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    revision: Mapped[int]


class SupplierLimitRow(Base):
    """One version of what share of a supplier's posted fields may be wrong, where it is not the client's own target.

    Versions are never changed, a new one is added; the newest counts. `target_error` 0: everything is reviewed; None:
    the client's target holds again. `supplier` is the key of `validate/duplicates.seller_key`. `day_checked` and
    `day_wrong` are the samples of that day (UTC) that were known when it was written: the next judgement leaves them
    out.
    """

    __tablename__ = "supplier_limit"

    client_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    supplier: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seller: Mapped[str]
    target_error: Mapped[float | None] = mapped_column(Double)
    why: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    day_checked: Mapped[int]
    day_wrong: Mapped[int]
