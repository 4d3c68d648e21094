"""The supplier memory: master, known accounts, learned rules, confirmed documents, purchase orders."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import Exact, Moment, PlainText

revision = "0002"
down_revision = "0001"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; the revision starts at 0."""
    _suppliers()
    _learned()
    _orders()
    revisions = op.create_table(
        "supplier_revision",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_revision"),
    )
    op.bulk_insert(revisions, [{"id": 1, "revision": 0}])


def _suppliers() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("key", PlainText(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("vat_id", PlainText(), nullable=True),
        sa.Column("siren", PlainText(), nullable=True),
        sa.Column("siret", PlainText(), nullable=True),
        sa.Column("currency", PlainText(), nullable=True),
        sa.Column("country", PlainText(), nullable=True),
        sa.Column("vat_rates", sa.JSON(), nullable=False),
        sa.Column("account", PlainText(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_supplier"),
        sa.UniqueConstraint("key", name="uq_supplier_key"),
    )
    op.create_table(
        "supplier_account",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("supplier_id", BIG_ID, nullable=False),
        sa.Column("iban", PlainText(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("origin_document", PlainText(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_supplier_account_supplier_id_supplier"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_account"),
        sa.UniqueConstraint("supplier_id", "iban", name="uq_supplier_account_supplier_id_iban"),
    )


def _learned() -> None:
    op.create_table(
        "supplier_rule",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("supplier_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("origin_document", PlainText(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("edited_by", PlainText(), nullable=False),
        sa.Column("rules", PlainText(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_supplier_rule_supplier_id_supplier"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_rule"),
        sa.UniqueConstraint("supplier_id", "version", name="uq_supplier_rule_supplier_id_version"),
    )
    op.create_table(
        "supplier_document",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("supplier_id", BIG_ID, nullable=False),
        sa.Column("document_id", PlainText(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=False),
        sa.Column("confirmed_by", PlainText(), nullable=False),
        sa.Column("record", PlainText(), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_supplier_document_supplier_id_supplier"),
        sa.PrimaryKeyConstraint("id", name="pk_supplier_document"),
        sa.UniqueConstraint("document_id", "part", name="uq_supplier_document_document_id_part"),
    )
    op.create_index("ix_supplier_document_supplier_id_id", "supplier_document", ["supplier_id", "id"])


def _orders() -> None:
    op.create_table(
        "purchase_order",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", PlainText(), nullable=False),
        sa.Column("supplier", PlainText(), nullable=False),
        sa.Column("currency", PlainText(), nullable=True),
        sa.Column("total", Exact(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_purchase_order"),
        sa.UniqueConstraint("number", name="uq_purchase_order_number"),
    )
    op.create_table(
        "purchase_order_invoice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("number", PlainText(), nullable=False),
        sa.Column("document_id", PlainText(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("net", Exact(), nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_purchase_order_invoice"),
        sa.UniqueConstraint("document_id", "part", name="uq_purchase_order_invoice_document_id_part"),
    )
    op.create_index("ix_purchase_order_invoice_number", "purchase_order_invoice", ["number"])
